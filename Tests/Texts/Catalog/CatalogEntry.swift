import TestKit

@testable import Log

/// An entry of the message catalog, which `journalctl -x` shows below a record.
struct CatalogEntry: Sendable {
  /// The file that is installed.
  static let file = TextFile("packaging/catalog/echoscpd.catalog")

  /// The kind of record that the entry explains.
  let id: CatalogID
  /// The lines of the entry after its number, as journalctl(1) shows them.
  let lines: [Substring]

  /// The lines above the text, each a name and a value.
  var headers: [String] { lines.prefix { !$0.isEmpty }.map(String.init) }
  /// The paragraphs of the text, each as one line.
  var paragraphs: [String] {
    lines.split(separator: "").dropFirst().map { $0.joined(separator: " ") }
  }

  /// The event in a few words.
  var subject: String { headers.first.map { String($0.dropFirst("Subject: ".count)) } ?? "" }

  /// Every entry of the file, in order, without those whose number the program does not have.
  static var all: [CatalogEntry] {
    get throws {
      try file.content.split(separator: "\n-- ").dropFirst().compactMap { text in
        guard let id = CatalogID.allCases.first(where: { text.hasPrefix("\($0.number)\n") })
        else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
        let end = lines.lastIndex { !$0.isEmpty } ?? lines.startIndex
        return CatalogEntry(id: id, lines: Array(lines[...end]))
      }
    }
  }

  /// Returns the paragraph that begins with this name and a colon, or `nil` if there is none.
  func paragraph(_ name: String) -> String? { paragraphs.first { $0.hasPrefix("\(name): ") } }

  /// Returns the text of the paragraph that begins with this name, without the name; `nil` if there is none.
  func value(of name: String) -> String? {
    paragraph(name).map { String($0.dropFirst(name.count + 2)) }
  }

  /// Returns a text of an entry with the fields of a record, as journalctl(1) shows it.
  static func filled(_ text: some StringProtocol, _ fields: [(name: String, value: String)])
    -> String
  {
    String(text).replacing(/@([A-Z_]+)@/) { match in
      fields.first { $0.name == match.1 }?.value ?? String(match.0)
    }
  }
}
