import Settings
import Testing
import UpperLayer

@testable import Log

/// echoscpd-journal(7): what was agreed on, and complete.
@Suite struct JournalManualPageTests {
  private static let text = JournalManualPage.text
  private var page: String { Self.text }

  @Test("echoscpd-journal(7) is the page that was agreed on")
  func golden() throws {
    try Golden.expect(page, at: "packaging/man/echoscpd-journal.7")
  }

  @Test("Every field that the program has for the journal is in it")
  func fields() {
    for field in JournalField.allCases {
      #expect(page.contains(".TP\n\(Roff.bold(field.rawValue))\n"))
      let row = page.split(separator: "\n").filter {
        $0.hasPrefix("\(field.rawValue) ") && $0.hasSuffix(Roff.literal(field.carriers.text))
      }
      #expect(row.count == 1 && row[0].contains(" \(field.kind) "), "\(field)")
    }
  }

  @Test("No record has a field that the table does not give it, and each field is in some record")
  func fieldsOfRecords() throws {
    var seen: Set<JournalField> = []
    for example in CatalogID.allCases.flatMap(EventExamples.examples) {
      for (name, value) in example.fields {
        let field = try #require(JournalField(rawValue: name), "\(name)")
        #expect(field.carriers.include(example.event), "\(name): \(example.text)")
        if field.kind == .number { #expect(UInt64(value) != nil, "\(name)=\(value)") }
        seen.insert(field)
      }
      let names = example.fields.compactMap { JournalField(rawValue: $0.name) }
      let once = names.filter { $0.kind != .list }
      #expect(Set(once).count == once.count)
      let order = names.compactMap(JournalField.allCases.firstIndex)
      #expect(order == order.sorted(), "\(example.text)")
    }
    // The software of the examples is nobody's product.
    #expect(Set(JournalField.allCases).subtracting(seen) == [.peerProduct])
  }

  @Test("Every cause and every note that the program has is in it")
  func causesAndNotes() {
    let causes = CatalogID.allCases.compactMap(\.cause)
    let notes = Notes.all.map(\.name) + [Remark.newAddress]
    #expect(causes.count > 30 && notes == ManualPage.notes.map(\.0))
    for word in causes + notes {
      #expect(page.contains(".TP\n\(Roff.bold(word))\n"), "\(word)")
    }
  }

  @Test(
    "Every record is in it, with its number and each of its texts", arguments: CatalogID.allCases)
  func records(id: CatalogID) {
    #expect(page.contains("\nMESSAGE_ID=\(id.number)\n"))
    let examples = EventExamples.examples(of: id)
    #expect(!examples.isEmpty)
    for example in examples {
      let text = Roff.lines(of: Roff.literal(example.text)).joined(separator: "\n")
      #expect(page.contains(".TP 10\n\(example.priority)\n\(text)\n"))
    }
  }

  @Test("An example has what the program writes in such a case")
  func examples() throws {
    let rejection = try #require(EventExamples.examples(of: .calledAETitle).first)
    #expect(
      rejection.text == "CT1 at 192.0.2.7:40112 called MYPACS, but this is ECHOSCP: "
        + "association rejected (called AE title not recognized)")
    #expect(rejection.fields.contains { $0 == ("DICOM_REASON", "A-ASSOCIATE-RJ 1/1/7") })
    let denied = try #require(EventExamples.examples(of: .addressDenied).first)
    #expect(denied.text.hasPrefix("192.0.2.7:40112: connection closed unread"))
    #expect(!denied.fields.contains { $0.name == "DICOM_CALLING_AE" })
    let listening = try #require(EventExamples.examples(of: .listening).first)
    #expect(listening.text == "listening on [::]:11112")
    let started = try #require(EventExamples.examples(of: .started).first)
    #expect(!started.fields.contains { $0.name.hasPrefix("DICOM_") })
  }

  @Test("What the catalogue leaves to journalctl is filled in")
  func placeholders() { #expect(!page.contains("@")) }

  @Test("A recipe can be pasted from a page of 80 columns")
  func recipes() {
    #expect(Set(JournalRecipes.all.map(\.purpose)).count == JournalRecipes.all.count)
    for recipe in JournalRecipes.all {
      #expect(recipe.purpose.hasSuffix(":") || recipe.purpose.hasSuffix("?"))
      for line in recipe.commands.split(separator: "\n") {
        #expect(line.count <= 66 && line.allSatisfy(\.isASCII), "\(line)")
        #expect(!line.hasPrefix("$ ") && !line.hasPrefix("# "), "\(line)")
      }
    }
  }

  @Test("The recipes ask for fields, causes, notes and numbers that there are")
  func recipeFields() {
    let fields = Set(JournalField.allCases.map(\.rawValue))
    let notes = Notes.all.map(\.name) + [Remark.newAddress]
    for recipe in JournalRecipes.all {
      for match in recipe.commands.matches(of: /\b(?:DICOM|ECHOSCP|MESSAGE)_[A-Z_]+/) {
        #expect(fields.contains(String(match.0)), "\(match.0)")
      }
      for match in recipe.commands.matches(of: /ECHOSCP_NOTES=([a-z-]+)/) {
        #expect(notes.contains(String(match.1)))
      }
    }
  }
}
