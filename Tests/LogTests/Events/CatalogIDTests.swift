import Testing
import UpperLayer

@testable import Log

/// The IDs by which the journal and its catalog identify the kind of a record.
@Suite struct CatalogIDTests {
  @Test("Each ID is 128 random bits in lower-case hexadecimal digits, and no two are equal")
  func areUnique() {
    let numbers = CatalogID.allCases.map(\.number)
    #expect(Set(numbers).count == numbers.count)
    for number in numbers {
      // A version 4 UUID (RFC 9562 §5.4).
      #expect(number.wholeMatch(of: /[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}/) != nil)
    }
  }

  @Test("No two IDs have the same cause, and each occurs in the tables of these tests")
  func causes() {
    let causes = CatalogID.allCases.compactMap(\.cause)
    #expect(Set(causes).count == causes.count)
    var met = Set(EventTable.rows.map(\.event.catalogID))
    for row in FaultTextTests.reasons { met.insert(row.reason.catalogID(nil)) }
    for row in FaultTextTests.commandFaults { met.insert(row.fault.catalogID) }
    for row in FaultTextTests.foreign { met.insert(row.protocol.catalogID) }
    #expect(met == Set(CatalogID.allCases))
  }
}

/// The causes are words that scripts and manuals rely on; echoscpd-journal(7) lists all of them.
@Suite struct CausesTests {
  @Test("Every abort reason and every command fault has a cause")
  func faultHasACause() {
    for row in FaultTextTests.reasons { #expect(row.reason.catalogID(nil).cause != nil) }
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

/// The words for tolerated deviations, which scripts rely on.
@Suite struct NoteNamesTests {
  @Test("Every note has its own word, and there are no other words")
  func everyNote() {
    #expect(Notes.all.map(\.note.rawValue) == (0..<29).map { 1 << $0 })
    #expect(Set(Notes.all.map(\.name)).count == Notes.all.count)
    for (note, name) in Notes.all {
      #expect(note.names == [name])
      #expect(name.wholeMatch(of: #/[a-z]+(-[a-z0-9.]+)*/#) != nil, "\(name)")
    }
  }

  @Test("Several notes give words in the order of their bits; no note gives none")
  func several() {
    let notes: Notes = [.releaseInsideMessage, .calledAETitleDiffers, .uidPadding]
    #expect(notes.names == ["called-ae-title-differs", "uid-padding", "release-inside-message"])
    #expect(Notes().names == [])
  }
}
