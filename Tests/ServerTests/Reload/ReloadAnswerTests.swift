import CLinux
import Glibc
import Linux
import Testing

@testable import Server

/// The answer to a reload request, passed through a file.
@Suite struct ReloadAnswerTests {
  @Test(
    "Invalid content is not an answer",
    arguments: ["", "0", "7\n", "x\n", "0\nreloaded", "\n", "0x\n"])
  func noAnswer(text: String) { #expect(ReloadAnswer(Array(text.utf8)) == nil) }

  @Test(
    "An answer has an outcome and lines",
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

  @Test("Each request has its own file")
  func path() {
    #expect(ReloadAnswer.path(of: 7, in: "/run/x") == Array("/run/x/reload-7".utf8))
  }

  @Test(
    "Only names of answers are recognized as such",
    arguments: [
      ("reload-7", true), ("reload-4294967295", true), ("reload-7.new", true), ("reload-", false),
      ("reload-x", false), ("reload-4294967296", false), ("reload-7.old", false), ("7", false),
      ("echoscp.conf", false), (".", false), ("..", false),
    ])
  func fileNames(name: String, isAnswer: Bool) {
    #expect(ReloadAnswer.isFileName(Array(name.utf8)) == isAnswer)
  }

  @Test("Unfetched answers are removed: at the start, after a while, and when there are many")
  func unfetched() throws {
    let folder = try Folder()
    for name in ["reload-5", "reload-6.new", "other"] { folder.write(name) }
    var answers = ReloadAnswers(in: folder.path)
    #expect(folder.names == ["other"])
    #expect(answers.next == .never)
    let answer = ReloadAnswer(.reloaded, ["reloaded"])
    let begin = Instant(milliseconds: 1000)
    for request in 1...UInt32(ReloadAnswers.most) + 3 {
      answers.put(answer, to: request, at: begin + request)
    }
    #expect(folder.names.count == ReloadAnswers.most + 1)
    #expect(!folder.names.contains("reload-3") && folder.names.contains("reload-4"))
    #expect(answers.next == begin + (4 + ReloadAnswers.lifetime))
    answers.expire(at: begin + (4 + ReloadAnswers.lifetime))
    #expect(!folder.names.contains("reload-4") && folder.names.contains("reload-5"))
    folder.remove("reload-6")
    answers.expire(at: begin + (1000 + ReloadAnswers.lifetime))
    #expect(folder.names == ["other"])
    #expect(answers.next == .never)
  }
}

/// A temporary folder for one test.
private final class Folder {
  let path: String

  init() throws {
    path = "/tmp/echoscpd-answers-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    // Safe because the text is lent for the length of the call, here and below.
    try #require(unsafe mkdir(path, 0o700) == 0)
  }

  deinit {
    for name in names { remove(name) }
    _ = unsafe rmdir(path)
  }

  func write(_ name: String) {
    let file = Array("\(path)/\(name)".utf8)
    #expect(cl_replace_file(file.span, [UInt8(ascii: "x")].span) == 0)
  }

  func remove(_ name: String) {
    let file = Array("\(path)/\(name)".utf8)
    _ = cl_remove_file(file.span)
  }

  /// The names of the files in the folder.
  var names: Set<String> {
    var room = [UInt8](repeating: 0, count: 16 << 10)
    var span = room.mutableSpan
    let size = cl_list_folder(Array(path.utf8).span, &span)
    let all = room.prefix(max(0, size)).split(separator: 0).map {
      String(decoding: $0, as: UTF8.self)
    }
    return Set(all).subtracting([".", ".."])
  }
}
