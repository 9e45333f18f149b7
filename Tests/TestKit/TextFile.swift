import FoundationEssentials
import Synchronization
import Testing

/// A file of the repository that is generated from code, as a whole or in parts between two marks.
///
/// A test compares the file with the code; `make texts` rewrites it instead.
public struct TextFile: Sendable {
  /// The path relative to the root of the repository.
  public let path: String

  /// Whether this run rewrites the files instead of comparing them.
  private static let isUpdating = ProcessInfo.processInfo.environment["UPDATE_TEXTS"] == "1"
  /// Guards the files: tests run in parallel, and one file may have several parts.
  private static let lock = Mutex(())

  public init(_ path: String) { self.path = path }

  /// The content of the file.
  public var content: String {
    get throws { try String(contentsOfFile: absolutePath, encoding: .utf8) }
  }

  /// The lines of the file.
  public var lines: [Substring] { get throws { Self.lines(of: try content) } }

  /// Returns the names of the files in a folder of the repository, sorted.
  public static func names(in folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: TextFile(folder).absolutePath))?.sorted()
      ?? []
  }

  /// Expects that the file is `text`, line by line.
  public func expect(_ text: String) throws {
    try Self.lock.withLock { _ in try compare(Self.lines(of: text), from: 0, to: nil) }
  }

  /// Expects that `text` stands between the marks `NAME: make texts` and `end of NAME`, each a comment on its own line.
  public func expect(_ text: String, inPart name: String) throws {
    try Self.lock.withLock { _ in
      let lines = try self.lines
      let begin = lines.firstIndex { Self.isMark($0, "\(name): make texts") }
      let end = lines.firstIndex { Self.isMark($0, "end of \(name)") }
      guard let begin, let end, begin < end else {
        Issue.record("\(path) has no part \(name)")
        return
      }
      try compare(Self.lines(of: text), from: begin + 1, to: end)
    }
  }

  private func compare(_ expected: [Substring], from begin: Int, to end: Int?) throws {
    let all = (try? lines) ?? []
    let end = end ?? all.count
    if Self.isUpdating {
      let text = (all[..<begin] + expected + all[end...]).joined(separator: "\n")
      try text.write(toFile: absolutePath, atomically: true, encoding: .utf8)
      return
    }
    let found = Array(all[begin..<end])
    let count = max(found.count, expected.count)
    // Only the first difference is reported, since an extra line makes all later ones differ.
    guard
      let first = (0..<count).first(where: {
        $0 >= found.count || $0 >= expected.count || found[$0] != expected[$0]
      })
    else { return }
    let old = first < found.count ? "\"\(found[first])\"" : "the end"
    let new = first < expected.count ? "\"\(expected[first])\"" : "the end"
    Issue.record(
      "\(path):\(begin + first + 1): \(old), but the code has \(new): run `make texts`",
      sourceLocation: SourceLocation(
        fileID: "Texts/\(path)", filePath: absolutePath, line: begin + first + 1, column: 1))
  }

  private var absolutePath: String {
    "\(#filePath)".replacing("Tests/TestKit/TextFile.swift", with: path)
  }

  /// Whether a line is a Markdown or mdoc(7) comment with exactly these words.
  private static func isMark(_ line: Substring, _ words: String) -> Bool {
    let line = line.drop { $0 == " " }
    return line == "<!-- \(words) -->" || line == ".\\\" \(words)" || line == "# \(words)"
  }

  private static func lines(of text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }
}

/// Text in lines of a bounded length.
public enum Paragraph {
  /// Returns the words of `text` in lines of at most `width` characters.
  public static func lines(of text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
