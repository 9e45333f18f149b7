import TestKit
import Testing

@testable import Log

/// The table of remedies in the program, made from the message catalog.
enum RemedyTable {
  /// The whole file.
  static let file = TextFile("Sources/Ledger/Words/RemedyTable.swift")

  /// Its text.
  static var text: String {
    get throws {
      var lines = [
        "import Log", "",
        "// swift-format-ignore-file", "",
        "/// The words of packaging/catalog/echoscpd.catalog, from which `make texts` makes this file.",
        "extension CatalogID {",
        "  /// What a record of this kind means, and what to do about it.",
        "  var remedy: Remedy {", "    switch self {",
      ]
      let entries = Dictionary(uniqueKeysWithValues: try CatalogEntry.all.map { ($0.id, $0) })
      for id in CatalogID.allCases {
        guard let entry = entries[id] else { continue }
        let texts: [String?] = [
          entry.subject, entry.paragraphs.first, entry.value(of: "Cause"),
          entry.value(of: "On this host"), entry.value(of: "On the device"),
        ]
        lines += ["    case .\(id):", "      Remedy("]
        lines.append(texts.map { $0.map(literal) ?? "        nil" }.joined(separator: ",\n") + ")")
      }
      return (lines + ["    }", "  }", "}", ""]).joined(separator: "\n")
    }
  }

  /// The longest line of a text.
  private static let width = 90

  /// `text` as a string literal on several lines.
  private static func literal(_ text: String) -> String {
    let lines = Paragraph.lines(of: text.replacing("\\", with: "\\\\"), width: width)
    let all = ["\"\"\"", lines.joined(separator: " \\\n        "), "\"\"\""]
    return all.map { "        \($0)" }.joined(separator: "\n")
  }
}

/// The table of remedies in the program.
@Suite struct RemedyTests {
  @Test("The table of remedies has the words of the catalog")
  func table() throws { try RemedyTable.file.expect(try RemedyTable.text) }
}
