import TestKit

/// The tables in the guide "A device gets no answer": a symptom on the device, its causes, and what to change.
enum TroubleTable {
  static let guide = TextFile("packaging/docs/a-device-gets-no-answer.md")
  /// How many of the first rows are in the README.
  private static let rowsOfReadme = 10

  /// The cells of each row of its tables.
  static var rows: [[String]] {
    get throws {
      try guide.content.split(separator: "\n\n").filter { $0.hasPrefix("| ") }
        .flatMap(Markdown.rows)
    }
  }

  /// Returns the most common rows, for the README.
  static func commonest() throws -> String {
    Markdown.table(
      ["the device shows", "`ECHOSCP_CAUSE`", "what to change"],
      Array(try rows.prefix(rowsOfReadme))
    )
    .replacing("](#", with: "](\(guide.path)#")
  }

  /// Returns the causes in a row.
  static func causes(of row: [String]) -> [String] {
    row[1].matches(of: /`([a-z0-9-]+)`/).map { String($0.1) }
  }
}
