import Testing

@testable import EventLoop

/// The answer to who has asked for a reload, on its way through a file.
@Suite struct ReloadAnswerTests {
  @Test(
    "What is no answer is none", arguments: ["", "0", "7\n", "x\n", "0\nreloaded", "\n", "0x\n"])
  func noAnswer(text: String) { #expect(ReloadAnswer(Array(text.utf8)) == nil) }

  @Test(
    "An answer has its outcome and its lines",
    arguments: [
      ("0\n", .reloaded, []), ("0\nreloaded\n", .reloaded, ["reloaded"]),
      (
        "78\na.conf:1: bad\na.conf:2: worse\n", .configuration,
        ["a.conf:1: bad", "a.conf:2: worse"]
      ),
      ("71\n\n", .stopping, [""]),
    ] as [(String, ReloadOutcome, [String])])
  func answer(text: String, outcome: ReloadOutcome, lines: [String]) throws {
    let answer = try #require(ReloadAnswer(Array(text.utf8)))
    #expect(answer.outcome == outcome)
    #expect(answer.lines == lines)
  }

  @Test("Each request has a file of its own")
  func path() {
    #expect(ReloadAnswer.path(of: 7, in: "/run/x") == Array("/run/x/reload-7".utf8))
  }
}
