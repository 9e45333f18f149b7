import FoundationEssentials
import Testing

/// Texts that were agreed on, in files of the repository. `UPDATE_GOLDEN=1` writes them anew.
enum Golden {
  /// Compares `text` with the file at `path`, below the root of the repository, line by line.
  static func expect(_ text: String, at path: String) throws {
    let path = absolute(path)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    let golden = try String(contentsOfFile: path, encoding: .utf8)
    let (lines, expected) = (Self.lines(of: text), Self.lines(of: golden))
    // The first few lines say it; behind a line too many all are different.
    let different = (0..<max(lines.count, expected.count)).filter {
      $0 >= lines.count || $0 >= expected.count || lines[$0] != expected[$0]
    }
    for index in different.prefix(3) {
      #expect(
        (index < lines.count ? lines[index] : nil)
          == (index < expected.count ? expected[index] : nil),
        sourceLocation: SourceLocation(
          fileID: "Golden/golden", filePath: path, line: index + 1, column: 1))
    }
  }

  /// Compares `text` with the part `name` of the file at `path`: what stands between the two comments
  /// in Markdown that name it.
  static func expect(_ text: String, asPart name: String, of path: String) throws {
    let content = try content(of: path)
    let heading = "<!-- \(name): UPDATE_GOLDEN=1 make unit -->\n"
    let begin = try #require(content.firstRange(of: heading))
    let end = try #require(content[begin.upperBound...].firstRange(of: "<!-- end of \(name) -->"))
    try expect("\(content[..<begin.upperBound])\(text)\n\(content[end.lowerBound...])", at: path)
  }

  /// What is in the file at `path`, below the root of the repository.
  static func content(of path: String) throws -> String {
    try String(contentsOfFile: absolute(path), encoding: .utf8)
  }

  private static func absolute(_ path: String) -> String {
    "\(#filePath)".replacing("Tests/Golden/Golden.swift", with: path)
  }

  private static func lines(of text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }
}
