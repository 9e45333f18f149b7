import TestKit

@testable import Log

/// An entry of the message catalog, which `journalctl -x` shows below a record.
struct CatalogEntry: Sendable {
  /// The file that is installed.
  static let file = TextFile("packaging/catalog/echoscpd.catalog")

  /// The kind of record that the entry explains.
  let id: CatalogID
  /// The lines above the text, each a name and a value.
  let headers: [String]
  /// The paragraphs of the text, each as one line.
  let paragraphs: [String]

  /// The event in a few words.
  var subject: String { headers.first.map { String($0.dropFirst("Subject: ".count)) } ?? "" }

  /// Every entry of the file, in order, without those whose number the program does not have.
  static var all: [CatalogEntry] {
    get throws {
      try file.content.split(separator: "\n-- ").dropFirst().compactMap { text in
        let parts = text.split(separator: "\n\n")
        let lines = parts[0].split(separator: "\n").map(String.init)
        guard let id = CatalogID.allCases.first(where: { $0.number == lines[0] }) else {
          return nil
        }
        return CatalogEntry(
          id: id, headers: Array(lines.dropFirst()),
          paragraphs: parts.dropFirst().map {
            $0.split(separator: "\n").joined(separator: " ")
          })
      }
    }
  }

  /// Returns the paragraph that begins with this name and a colon, or `nil` if there is none.
  func paragraph(_ name: String) -> String? { paragraphs.first { $0.hasPrefix("\(name): ") } }
}
