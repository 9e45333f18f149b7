import Settings
import TestKit
import Testing
import UpperLayer

@testable import Log

/// The README and the guides in packaging/docs: everything that they name exists.
@Suite struct GuideTests {
  private static let guides = [
    "README.md", "packaging/docs/a-device-gets-no-answer.md",
    "packaging/docs/asking-the-journal.md",
    "packaging/docs/from-echoscp-storescp-or-orthanc.md",
    "packaging/docs/behind-nat-or-a-load-balancer.md",
    "packaging/docs/how-it-is-built.md", "packaging/docs/benchmark.md",
  ]

  @Test("Each cause is in exactly one row of the troubleshooting table")
  func everyCause() throws {
    let rows = try TroubleTable.rows
    #expect(rows.allSatisfy { $0.count == 3 })
    #expect(
      rows.flatMap(TroubleTable.causes).sorted() == CatalogID.allCases.compactMap(\.cause).sorted())
  }

  @Test("The settings, fields, causes and notes that a guide names exist", arguments: guides)
  func names(path: String) throws {
    let text = try TextFile(path).content
    let keys = Set(Setting.all.map(\.key))
    let causes = CatalogID.allCases.compactMap(\.cause)
    let prefix = /[`\n](?:max|allow|deny|require|acse|dimse|network|drain|log|partial)-[a-z-]+/
    for word in text.matches(of: prefix).map({ String($0.0.dropFirst()) }) {
      #expect(keys.contains(word) || causes.contains(word), "\(word)")
    }
    let fields = Set(JournalField.allCases.map(\.rawValue))
    for field in text.matches(of: /\b(?:DICOM|ECHOSCP)_[A-Z_]+/) {
      #expect(fields.contains(String(field.0)), "\(field.0)")
    }
    let notes = Notes.all.map(\.name) + [Remark.newAddress]
    for note in text.matches(of: /ECHOSCP_NOTES=([a-z-]+)/) {
      #expect(notes.contains(String(note.1)))
    }
    for cause in text.matches(of: /ECHOSCP_CAUSE=([a-z][a-z0-9-]+)/) {
      #expect(causes.contains(String(cause.1)), "\(cause.1)")
    }
  }

  @Test("The README has at most 250 lines")
  func length() throws { #expect(try TextFile("README.md").lines.count <= 251) }
}
