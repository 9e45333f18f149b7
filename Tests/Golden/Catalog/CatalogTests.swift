import Log
import Settings
import Testing

/// The message catalogue: what was agreed on, and complete.
@Suite struct CatalogTests {
  @Test("The catalogue is the one that was agreed on, with numbers that never change")
  func golden() throws {
    try Golden.expect(Catalog.text, at: "packaging/catalog/echoscpd.catalog")
  }

  @Test("Whatever a record is about, there is one entry for it")
  func everyNumber() {
    #expect(
      Catalog.entries.map(\.id.number).sorted() == CatalogID.allCases.map(\.number).sorted())
  }

  @Test("An entry says what has happened, why, and what to do about it on each side")
  func parts() {
    let ownBusiness: Set<CatalogID> = [
      .acceptFailed, .configInvalid, .listenFailed, .recordsDropped, .reloadFailed,
    ]
    for entry in Catalog.entries {
      #expect(!entry.subject.isEmpty && !entry.subject.hasSuffix("."), "\(entry.id)")
      for part in [entry.what, entry.cause, entry.here] + [entry.there].compactMap({ $0 }) {
        #expect(part.hasSuffix("."), "\(part)")
      }
      // Whatever a device is the cause of can be cured there.
      if entry.id.cause != nil, !ownBusiness.contains(entry.id) {
        #expect(entry.there != nil, "\(entry.id)")
      }
    }
  }

  @Test("An entry asks for no field that its records do not have")
  func fields() {
    for entry in Catalog.entries {
      let fields = Set(entry.text.matches(of: /@([A-Z_]+)@/).map { String($0.1) })
      let examples = EventExamples.examples(of: entry.id)
      let there = Set(examples.flatMap { $0.fields.map(\.name) })
      #expect(fields.isSubset(of: there), "\(entry.id): \(fields.subtracting(there))")
      #expect(entry.text.count { $0 == "@" } % 2 == 0)
      // What is about the service has no peer.
      if entry.there == nil { #expect(fields.isEmpty, "\(entry.id)") }
    }
  }

  @Test("It is plain text, in lines that fit below a mark in a terminal")
  func isPlain() {
    for line in Catalog.text.split(separator: "\n") {
      #expect(line.count <= 80 && !line.hasSuffix(" "))
      #expect(!line.hasPrefix("-- ") || line.count == 35)
    }
  }

  @Test("The settings and the words for what was tolerated that it names are those there are")
  func names() {
    #expect(Catalog.text.contains("require-called-ae-title"))
    for entry in Catalog.entries {
      for word in entry.text.matches(of: /\b(?:max|allow|deny|acse|dimse|network|drain)-[a-z-]+/) {
        #expect(CatalogTests.keys.contains(String(word.0)), "\(word.0)")
      }
    }
  }

  private static let keys = Set(Setting.all.map(\.key))
}
