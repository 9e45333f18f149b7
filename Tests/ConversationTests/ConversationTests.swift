import FoundationEssentials
import TestKit
import Testing

/// Replays every file of Tests/Conversations line by line, turn by turn, byte by byte and split at
/// every byte, always with the same answers and the same events.
@Suite struct ConversationTests {
  static let folder = "\(#filePath)".replacing(
    "ConversationTests/ConversationTests.swift", with: "Conversations")
  static let files =
    (try? FileManager.default.subpathsOfDirectory(atPath: folder))?
    .filter { $0.hasSuffix(".txt") }.sorted() ?? []

  @Test func thereAreConversations() { #expect(Self.files.count >= 140) }

  @Test(arguments: files) func takesPlace(_ file: String) throws {
    let conversation = try Self.read(file)
    let whole = Replay(conversation, .lineByLine)
    Self.compare(whole, with: conversation)
    for arrival: Replay.Arrival in [.turnByTurn, .crampedTurnByTurn, .byteByByte] {
      Self.compare(Replay(conversation, arrival), arrival, with: whole, conversation)
    }
    // Split at every byte, or in a long conversation at about a thousand of them.
    let count = conversation.bytes.count
    for offset in stride(from: 1, to: count, by: count <= 2048 ? 1 : count / 1024) {
      let arrival = Replay.Arrival.split(offset)
      guard Self.compare(Replay(conversation, arrival), arrival, with: whole, conversation) else {
        break
      }
    }
  }

  /// Reads the conversation in `file` of Tests/Conversations.
  static func read(_ file: String) throws -> Conversation {
    let path = "\(folder)/\(file)"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return try ConversationReader.read(text, path: path)
  }

  /// Compares a replay with the conversation's text.
  private static func compare(_ replay: Replay, with conversation: Conversation) {
    let expectation = Transcript.Expectation(
      repeatedFields: Array(conversation.bytes.dropFirst(10).prefix(64)),
      maximumLength: conversation.options.maximumLength)
    for (index, turn) in conversation.turns.enumerated() {
      var answers: [String]
      do throws(ReadingFault) {
        answers = try Transcript.words(for: replay.replies[index], expectation)
      } catch {
        answers = ["\(error)"]
      }
      if replay.closes[index] { answers.append("closes") }
      if answers.isEmpty { answers = ["nothing"] }
      #expect(answers == turn.answers, sourceLocation: place(conversation, turn.line))
    }
    #expect(
      replay.witness.notes == conversation.notes,
      sourceLocation: place(conversation, conversation.notesLine))
    #expect(
      replay.witness.causes == conversation.causes,
      sourceLocation: place(conversation, conversation.causesLine))
  }

  /// Compares a replay with the one line by line, and returns whether they are equal.
  @discardableResult
  private static func compare(
    _ replay: Replay, _ arrival: Replay.Arrival, with whole: Replay, _ conversation: Conversation
  ) -> Bool {
    var isSame = true
    for (index, turn) in conversation.turns.enumerated()
    where replay.replies[index] != whole.replies[index]
      || replay.closes[index] != whole.closes[index]
    {
      isSame = false
      Issue.record(
        "\(arrival): \(replay.replies[index]), not \(whole.replies[index])",
        sourceLocation: place(conversation, turn.line))
    }
    guard isSame else { return false }
    isSame = replay.witness.events == whole.witness.events
    #expect(
      replay.witness.events == whole.witness.events, "\(arrival)",
      sourceLocation: place(conversation, 1))
    return isSame
  }

  private static func place(_ conversation: Conversation, _ line: Int) -> SourceLocation {
    let name = conversation.path.split(separator: "/").last ?? ""
    return SourceLocation(
      fileID: "Conversations/\(name)", filePath: conversation.path, line: max(1, line), column: 1)
  }
}
