import Testing
import UpperLayer

@testable import Log

/// The numbers by which the journal and its catalogue know what a record is about.
@Suite struct CatalogIDTests {
  @Test("Each is 128 random bits in lower-case hexadecimal digits, and no two are the same")
  func areUnique() {
    let numbers = CatalogID.allCases.map(\.number)
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
    var met = Set(EventTable.rows.map(\.event.catalogID))
    for row in FaultTextTests.faults { met.insert(row.fault.catalogID(nil)) }
    for row in FaultTextTests.commandFaults { met.insert(row.fault.catalogID) }
    for row in FaultTextTests.foreign { met.insert(row.protocol.catalogID) }
    #expect(met == Set(CatalogID.allCases))
  }
}

/// The causes are words that scripts and manuals hold on to; echoscpd-journal(7), a golden text, has all of
/// them.
@Suite struct CausesTests {
  @Test("Every fault, whoever's it is, has a cause")
  func faultHasACause() {
    for row in FaultTextTests.faults { #expect(row.fault.catalogID(nil).cause != nil) }
    for row in FaultTextTests.commandFaults { #expect(row.fault.catalogID.cause != nil) }
    for foreign in ForeignProtocol.allCases { #expect(foreign.catalogID.cause != nil) }
  }

  @Test("Every rejection has a cause of its own")
  func rejectionHasItsCause() {
    let causes = Rejection.allCases.compactMap(\.catalogID.cause)
    #expect(Set(causes).count == Rejection.allCases.count)
  }

  @Test("A cause is a word of lower-case letters, digits and hyphens")
  func areWords() {
    for word in CatalogID.allCases.compactMap(\.cause) {
      #expect(word.wholeMatch(of: #/[a-z][a-z0-9]*(-[a-z0-9]+)*/#) != nil, "\(word)")
    }
  }
}

/// The words for what is tolerated, which scripts hold on to.
@Suite struct NoteNamesTests {
  @Test("Every note has its own word, and there is no other one")
  func everyNote() {
    #expect(Notes.all.map(\.note.rawValue) == (0..<19).map { 1 << $0 })
    #expect(Set(Notes.all.map(\.name)).count == Notes.all.count)
    for (note, name) in Notes.all {
      #expect(note.names == [name])
      #expect(name.wholeMatch(of: #/[a-z]+(-[a-z]+)*/#) != nil, "\(name)")
    }
  }

  @Test("Several are told in the order of their bits, and none is no word")
  func several() {
    let notes: Notes = [.releaseInsideMessage, .calledAETitleDiffers, .uidPadding]
    #expect(notes.names == ["called-ae-title-differs", "uid-padding", "release-inside-message"])
    #expect(Notes().names == [])
  }
}
