import FoundationEssentials
import TestKit
import Testing

/// Checks the invariants of ``AnswerRehearsal`` for the inputs of the fuzz target, unchanged and with
/// some bytes changed.
@Suite struct AnswerCorpusTests {
  private static let corpus = "\(#filePath)".replacing(
    "RequestorTests/AnswerCorpusTests.swift", with: "Fuzz/Corpus/FuzzAnswers")

  private static func inputs() throws -> [(name: String, bytes: [UInt8])] {
    try FileManager.default.contentsOfDirectory(atPath: corpus).sorted().map { name in
      (name, [UInt8](try Data(contentsOf: URL(filePath: "\(corpus)/\(name)"))))
    }
  }

  @Test func theCorpusIsRehearsed() throws {
    let inputs = try Self.inputs()
    #expect(inputs.count >= 50)
    for (name, bytes) in inputs { Self.rehearse(bytes, name) }
  }

  @Test func theChangedCorpusIsRehearsed() throws {
    var random = Random(seed: 4)
    for (name, bytes) in try Self.inputs() where bytes.count > 2 && bytes.count < 1000 {
      for _ in 0..<20 {
        var changed = bytes
        for _ in 0...random.next(below: 3) {
          let index = 2 + random.next(below: changed.count - 2)
          changed[index] = UInt8(random.next(below: random.next(below: 2) == 0 ? 10 : 256))
        }
        Self.rehearse(changed, "\(name), changed to \(changed)")
      }
    }
  }

  private static func rehearse(_ bytes: [UInt8], _ name: String) {
    do throws(Rehearsal.Violation) {
      try AnswerRehearsal.check(bytes)
    } catch {
      Issue.record("\(name): \(error)")
    }
  }
}
