import FoundationEssentials
import TestKit
import Testing

/// Checks the invariants of ``Rehearsal`` for Tests/Conversations and for the fuzzer's corpus.
///
/// `ECHOSCPD_SEEDS=FOLDER swift test --disable-xctest --filter CorpusTests` writes the conversations
/// as fuzzer inputs; `.build-fuzz/release/FuzzConversations -merge=1` with the corpus, then that
/// folder, keeps the useful ones.
@Suite struct CorpusTests {
  static let corpus = "\(#filePath)".replacing(
    "ConversationTests/CorpusTests.swift", with: "Fuzz/Corpus/FuzzConversations")

  @Test func theCorpusIsRehearsed() throws {
    let inputs = try FileManager.default.contentsOfDirectory(atPath: Self.corpus)
    #expect(inputs.count >= 20)
    for input in inputs {
      let data = try Data(contentsOf: URL(filePath: "\(Self.corpus)/\(input)"))
      Self.rehearse(Script([UInt8](data).span), input)
    }
  }

  @Test(arguments: ConversationTests.files) func isRehearsed(_ file: String) throws {
    let script = Self.script(try ConversationTests.read(file))
    Self.rehearse(script, file)
    guard let bytes = script.bytes else { return }
    #expect(Script(bytes.span) == script)
    if let folder = ProcessInfo.processInfo.environment["ECHOSCPD_SEEDS"], bytes.count <= 2048 {
      let name = file.replacing("/", with: "-").replacing(".txt", with: "")
      try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
    }
  }

  private static func rehearse(_ script: Script, _ name: String) {
    do throws(Rehearsal.Violation) {
      try Rehearsal.check(script)
    } catch {
      Issue.record("\(name): \(error)")
    }
  }

  /// The script of `conversation`, in which each passing of time becomes an expired ARTIM timer.
  private static func script(_ conversation: Conversation) -> Script {
    var script = Script()
    script.preference = conversation.options.preference
    script.requiresCalledAETitle = conversation.options.requiresCalledAETitle
    script.hasRoom = conversation.options.room > 0
    script.maximumLength = conversation.options.maximumLength
    script.steps = conversation.turns.flatMap(\.steps).map { step in
      switch step {
      case .send(let bytes): .send(bytes)
      case .close: .transportClosed
      case .pass: .artimExpired
      case .abort(let reason): .abort(reason)
      }
    }
    return script
  }
}
