import Settings
import TestKit
import Testing

@testable import Log
@testable import LogTests

/// The message catalog: complete, and consistent with the program's records.
@Suite struct CatalogTests {
  @Test("Each kind of record has one entry, and each entry belongs to a kind of record")
  func everyNumber() throws {
    let numbers = try CatalogEntry.file.lines.filter { $0.hasPrefix("-- ") }
      .map { String($0.dropFirst(3)) }
    #expect(numbers.sorted() == CatalogID.allCases.map(\.number).sorted())
  }

  @Test("An entry says what happened, why, and what to do on each side")
  func paragraphs() throws {
    let ownBusiness: Set<CatalogID> = [
      .acceptFailed, .configInvalid, .listenFailed, .recordsDropped, .reloadFailed,
    ]
    for entry in try CatalogEntry.all {
      let names = ["Subject", "Defined-By", "Documentation"]
      #expect(entry.headers.map { String($0.prefix { $0 != ":" }) } == names)
      #expect(
        entry.headers.dropFirst() == [
          "Defined-By: echoscpd", "Documentation: man:echoscpd-journal(7)",
        ])
      #expect(!entry.subject.isEmpty && !entry.subject.hasSuffix("."), "\(entry.id)")
      let heads = ["", "Cause: ", "On this host: "]
      let device = entry.paragraph("On the device")
      #expect(entry.paragraphs.count == heads.count + (device == nil ? 0 : 1), "\(entry.id)")
      for (paragraph, head) in zip(entry.paragraphs, heads + ["On the device: "]) {
        #expect(paragraph.hasPrefix(head) && paragraph.hasSuffix("."), "\(entry.id): \(paragraph)")
      }
      // Anything that a device causes can be fixed on the device.
      if entry.id.cause != nil, !ownBusiness.contains(entry.id) {
        #expect(device != nil, "\(entry.id)")
      }
    }
  }

  @Test("An entry names only fields that its records have")
  func fields() throws {
    for entry in try CatalogEntry.all {
      let text = entry.paragraphs.joined(separator: "\n")
      let named = Set(text.matches(of: /@([A-Z_]+)@/).map { String($0.1) })
      let fields = Set(EventExamples.examples(of: entry.id).flatMap { $0.fields.map(\.name) })
      #expect(named.isSubset(of: fields), "\(entry.id): \(named.subtracting(fields))")
      #expect(text.count { $0 == "@" } == 2 * text.matches(of: /@([A-Z_]+)@/).count)
      // A record about the service has no peer.
      if entry.paragraph("On the device") == nil { #expect(named.isEmpty, "\(entry.id)") }
    }
  }

  @Test("The file is plain text whose lines fit into a terminal after the mark of journalctl")
  func isPlain() throws {
    for line in try CatalogEntry.file.lines where !line.hasPrefix("#") {
      #expect(line.count <= 76 && !line.hasSuffix(" "), "\(line)")
    }
  }

  @Test("The settings that the catalog names exist")
  func settings() throws {
    let keys = Set(Setting.all.map(\.key))
    let text = try CatalogEntry.file.lines.joined(separator: " ")
    let named = text.matches(of: /\b(?:max|allow|deny|require|acse|dimse|network|drain)-[a-z-]+/)
    #expect(named.count > 20)
    for word in named { #expect(keys.contains(String(word.0)), "\(word.0)") }
  }
}
