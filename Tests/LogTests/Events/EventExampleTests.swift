import Testing

@testable import Log

/// The examples of records: complete, and consistent with the table of fields.
@Suite struct EventExampleTests {
  @Test("Each record has only fields from the table, and each field is in some record")
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
    // The software in the examples is not a known product.
    #expect(Set(JournalField.allCases).subtracting(seen) == [.peerProduct])
  }

  @Test("Each kind of record has examples with the fields that the program writes")
  func examplesOfRecords() throws {
    for id in CatalogID.allCases { #expect(!EventExamples.examples(of: id).isEmpty, "\(id)") }
    let rejection = try #require(EventExamples.examples(of: .calledAETitle).first)
    #expect(rejection.fields.contains { $0 == ("DICOM_REASON", "A-ASSOCIATE-RJ 1/1/7") })
    let denied = try #require(EventExamples.examples(of: .addressDenied).first)
    #expect(!denied.fields.contains { $0.name == "DICOM_CALLING_AE" })
    let started = try #require(EventExamples.examples(of: .started).first)
    #expect(!started.fields.contains { $0.name.hasPrefix("DICOM_") })
  }
}
