import TestKit

@testable import Log
@testable import LogTests

/// The tables in the guide "A device gets no answer": a symptom on the device, its causes, and what to change; and that
/// in the guide to DICOM TLS, which has a row for each cause and a column for each side.
enum TroubleTable {
  static let guide = TextFile("packaging/docs/a-device-gets-no-answer.md")
  static let guideToTLS = TextFile("packaging/docs/dicom-tls.md")
  /// How many of the first rows are in the README.
  private static let rowsOfReadme = 10

  /// The cells of each row of its tables.
  static var rows: [[String]] {
    get throws {
      try guide.content.split(separator: "\n\n").filter { $0.hasPrefix("| ") }
        .flatMap(Markdown.rows)
    }
  }

  /// The cells of each row of the table in the guide to DICOM TLS.
  static var rowsOfTLS: [[String]] {
    get throws {
      try guideToTLS.content.split(separator: "\n\n").filter {
        $0.hasPrefix("| the device shows |")
      }
      .flatMap(Markdown.rows)
    }
  }

  /// The causes that only a port for TLS has: those of each handshake that fails, and those of certificates.
  static var causesOfTLS: Set<String> {
    let others: [CatalogID] = [
      .plainOnTLSPort, .certificateAETitle, .tlsUnavailable, .certificateExpires,
    ]
    return Set(EventTable.faults.map(\.cause) + others.compactMap(\.cause))
  }

  /// Returns the most common rows, for the README.
  static func commonest() throws -> String {
    Markdown.table(
      ["the device shows", "`ECHOSCP_CAUSE`", "what to change"],
      Array(try rows.prefix(rowsOfReadme))
    )
    .replacing("](#", with: "](\(guide.path)#")
    .replacing("](dicom-tls.md", with: "](\(guideToTLS.path)")
  }

  /// Returns the causes in a row.
  static func causes(of row: [String]) -> [String] {
    row[1].matches(of: /`([a-z0-9-]+)`/).map { String($0.1) }
  }
}
