import Testing

@testable import Log

/// The numbers by which the journal and its catalogue know what a record is about.
@Suite struct CatalogIDTests {
  @Test("Each is 128 random bits in lower-case hexadecimal digits, and no two are the same")
  func areUnique() {
    let numbers = CatalogID.allCases.map(\.rawValue)
    #expect(Set(numbers).count == numbers.count)
    for number in numbers {
      // The fourth version of a UUID (RFC 9562 §5.4).
      #expect(number.wholeMatch(of: /[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}/) != nil)
    }
  }

  @Test("No two have the same cause, and every one is met in the catalogue of these tests")
  func causes() {
    let causes = CatalogID.allCases.compactMap(\.cause)
    #expect(Set(causes).count == causes.count)
    var met = Set(Catalogue.rows.map(\.event.catalogID))
    for row in FaultTextTests.faults { met.insert(row.fault.catalogID(nil)) }
    for row in FaultTextTests.commandFaults { met.insert(row.fault.catalogID) }
    for row in FaultTextTests.foreign { met.insert(row.protocol.catalogID) }
    #expect(met == Set(CatalogID.allCases))
  }
}
