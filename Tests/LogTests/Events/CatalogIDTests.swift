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
    var met = Set(Catalogue.rows.map(\.event.catalogID))
    for row in FaultTextTests.faults { met.insert(row.fault.catalogID(nil)) }
    for row in FaultTextTests.commandFaults { met.insert(row.fault.catalogID) }
    for row in FaultTextTests.foreign { met.insert(row.protocol.catalogID) }
    #expect(met == Set(CatalogID.allCases))
  }
}

/// The causes are words that scripts and manuals hold on to: each is one of a closed list.
@Suite struct CausesTests {
  /// Every word there may be; those that nothing has for a cause yet are here all the same.
  static let words: Set<String> = [
    "health-check", "http-on-dicom-port", "tls-on-plain-port", "plain-on-tls-port",
    "hl7-on-dicom-port",
    "ssh-on-dicom-port", "not-dicom", "called-ae-title", "calling-ae-title", "address-denied",
    "protocol-version", "application-context", "ae-title-invalid", "no-verification-context",
    "no-common-transfer-syntax", "silent-peer", "stalled-request", "idle-association",
    "stalled-message", "stalled-receiver", "not-an-echo", "echo-with-data-set",
    "unknown-presentation-context", "malformed-pdu", "malformed-command", "unexpected-pdu",
    "unrecognized-pdu", "pdu-too-long", "request-too-long", "peer-aborted", "peer-vanished",
    "peer-reset",
    "too-many-associations", "association-evicted", "partial-pdu-memory", "too-many-from-address",
    "too-many-pending", "out-of-descriptors",
    "draining",
    "config-invalid", "reload-failed", "listen-failed", "records-dropped", "max-length-too-small",
    "no-echo-sent",
    "rdp-on-dicom-port", "smb-on-dicom-port", "socks-on-dicom-port", "accept-failed",
    "stopped-at-once",
  ]

  @Test("The cause of an event is one of the list", arguments: Catalogue.rows)
  func eventHasAListedCause(row: Row) {
    if let cause = row.event.cause { #expect(Self.words.contains(cause)) }
  }

  @Test("The cause of a fault is one of the list")
  func faultHasAListedCause() {
    for row in FaultTextTests.faults {
      #expect(Self.words.contains(row.fault.catalogID(nil).cause ?? ""))
    }
    for row in FaultTextTests.commandFaults {
      #expect(Self.words.contains(row.fault.catalogID.cause ?? ""))
    }
    for foreign in ForeignProtocol.allCases {
      #expect(Self.words.contains(foreign.catalogID.cause ?? ""))
    }
  }

  @Test("Every rejection has a cause of its own", arguments: Rejection.allCases)
  func rejectionHasAListedCause(rejection: Rejection) {
    let cause = rejection.catalogID.cause ?? ""
    #expect(Self.words.contains(cause))
    #expect(Rejection.allCases.filter { $0.catalogID.cause == cause } == [rejection])
  }

  @Test("A cause is a word of lower-case letters, digits and hyphens")
  func areWords() {
    for word in Self.words {
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
