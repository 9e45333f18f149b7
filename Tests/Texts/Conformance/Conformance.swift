import TestKit

/// The DICOM conformance statement, in the form of PS3.2 Annex N: written by hand, apart from the parts that are
/// generated from code. `ConformanceTests` checks its claims about answers by trial.
enum Conformance {
  /// The file that is installed.
  static let file = TextFile("packaging/docs/conformance.md")

  /// The words of the whole text, separated by single spaces so that line breaks do not hide a sentence.
  static var words: String {
    get throws { try file.content.split { $0 == "\n" || $0 == " " }.joined(separator: " ") }
  }

  /// The number and the title of each section, in order.
  static var headings: [(number: String, title: String)] {
    get throws {
      try file.content.matches(of: /\n#{2,} (?:Annex )?([0-9A-F](?:\.[0-9]+)*) ([^\n]+)/)
        .map { (String($0.1), String($0.2)) }
    }
  }

  /// Returns the text between the heading of a section and the next heading.
  static func body(of section: String) throws -> Substring {
    let text = try file.content
    guard let heading = text.firstRange(of: "# \(section) ") else { return "" }
    let rest = text[heading.upperBound...]
    return rest[..<(rest.firstRange(of: "\n#")?.lowerBound ?? rest.endIndex)]
  }

  /// Returns the cells of each row of the table with this caption, without the heading.
  static func rows(_ caption: String) throws -> [[String]] {
    let text = try file.content
    guard let title = text.firstRange(of: ". \(caption)**\n") else { return [] }
    return Markdown.rows(in: text[title.upperBound...])
  }
}

/// Tables in Markdown.
enum Markdown {
  /// Returns a table with a heading.
  static func table(_ heading: [String], _ rows: [[String]]) -> String {
    ([heading, heading.map { _ in "---" }] + rows).map { cells in
      let texts = cells.map { $0.replacing("|", with: "\\|").replacing("\n", with: " ") }
      return "| \(texts.joined(separator: " | ")) |"
    }.joined(separator: "\n")
  }

  /// Returns the cells of each row of the first table in a text, without the heading.
  static func rows(in text: Substring) -> [[String]] {
    text.split(separator: "\n", omittingEmptySubsequences: false).drop { !$0.hasPrefix("|") }
      .prefix { $0.hasPrefix("|") }.dropFirst(2).map { line in
        line.dropFirst(2).dropLast(2).split(separator: " | ", omittingEmptySubsequences: false)
          .map { String($0).replacing("\\|", with: "|") }
      }
  }
}
