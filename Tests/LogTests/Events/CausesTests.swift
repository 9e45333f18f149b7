import Testing
import UpperLayer

@testable import Log

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
