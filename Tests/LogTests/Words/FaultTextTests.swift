import Testing
import UpperLayer
import Verification

@testable import Log

/// Abort reasons and command faults in words: what was received, and what was expected.
@Suite struct FaultTextTests {
  static let reasons: [(reason: AbortReason, cause: String, text: String)] = [
    (
      .unrecognizedPDU(type: 0x09), "unrecognized-pdu",
      "unknown PDU type 09H; expected 01H to 07H"
    ),
    (.unexpectedPDU(.releaseReply), "unexpected-pdu", "unexpected A-RELEASE-RP"),
    (
      .malformedPDU(.associateRequest, Malformed(item: 0x50, offset: 230, .reachesBeyond)),
      "malformed-pdu",
      "malformed A-ASSOCIATE-RQ: item 50H at byte 230 is longer than the item or PDU around it"
    ),
    (
      .malformedPDU(.dataTransfer, Malformed(item: 0, offset: 6, .doesNotAddUp)), "malformed-pdu",
      "malformed P-DATA-TF: the part at byte 6 has lengths that do not add up"
    ),
    (
      .malformedPDU(.abort, Malformed(item: 0, offset: 0, .endsEarly)), "malformed-pdu",
      "malformed A-ABORT: it ends before a required field"
    ),
    (
      .malformedPDU(.releaseRequest, Malformed(item: 0, offset: 2, .wrongLength)), "malformed-pdu",
      "malformed A-RELEASE-RQ: the part at byte 2 has the wrong length"
    ),
    (
      .pduTooLong(.dataTransfer, length: .max, limit: 16382), "pdu-too-long",
      "P-DATA-TF of 4294967295 bytes; at most 16382 are accepted"
    ),
    (
      .unknownPresentationContext(255), "unknown-presentation-context",
      "message on presentation context 255, which was not accepted"
    ),
    (
      .presentationContextChanged(from: 1, to: 3), "malformed-command",
      "presentation context 3 inside a message on context 1"
    ),
    (
      .dataSetFragment, "echo-with-data-set", "a data set fragment; a C-ECHO-RQ has no data set"
    ),
    (
      .commandTooLong(16385), "malformed-command",
      "command set of 16385 bytes; at most 16384 are accepted"
    ),
    (
      .maximumLengthTooSmall(7), "max-length-too-small",
      "its maximum length 7 is too small for an answer; expected 0 or at least 8"
    ),
    (.refusedByServiceUser, "malformed-command", "message refused"),
    (.idleAssociation(milliseconds: 60_000), "idle-association", "idle for 60 s: network-timeout"),
    (
      .stalledMessage(milliseconds: 30_000), "stalled-message",
      "began a message and did not complete it in 30 s: dimse-timeout"
    ),
    (.draining, "draining", "the service is stopping"),
    (.outOfMemory, "partial-pdu-memory", "the memory for partial PDUs is used up"),
    (
      .largestPartialPDU(262_144), "partial-pdu-memory",
      "the memory for partial PDUs is used up; its own PDU held the most, 262144 bytes"
    ),
    (
      .madeRoom(associations: 12_228, ofAddress: 9000), "association-evicted",
      "ended to make room: all association slots (12228) were in use, 9000 of them by its "
        + "address, and this one had been idle longest"
    ),
    (
      .pduTooLong(.associateRequest, length: 300_000, limit: 262_144), "request-too-long",
      "A-ASSOCIATE-RQ of 300000 bytes; at most 262144 are accepted"
    ),
    (.foreignProtocol(.other), "not-dicom", "not DICOM"),
  ]

  static let commandFaults: [(fault: CommandFault, cause: String, text: String)] = [
    (
      .elementMissing(0x0110), "malformed-command",
      "malformed command set: no Message ID (0000,0110)"
    ),
    (
      .elementTwice(0x0100, offset: 68), "malformed-command",
      "malformed command set: duplicate Command Field (0000,0100) at byte 68"
    ),
    (
      .elementLength(0x0000, length: 1, expected: 4, offset: 0), "malformed-command",
      "malformed command set: Command Group Length (0000,0000) at byte 0 has 1 byte; expected 4"
    ),
    (
      .elementTooLong(0x0002, length: 200, left: 20, offset: 12), "malformed-command",
      "malformed command set: Affected SOP Class UID (0000,0002) at byte 12 has 200 bytes, but only "
        + "20 arrived"
    ),
    (
      .elementTooLong(0x0120, length: .max, left: 0, offset: 12), "malformed-command",
      "malformed command set: element (0000,0120) at byte 12 has 4294967295 bytes, but only 0 "
        + "arrived"
    ),
    (
      .endsInHeader(left: 1, offset: 68), "malformed-command",
      "malformed command set: it ends with 1 byte at byte 68; an element has at least 8"
    ),
    (
      .foreignGroup(0x0008), "malformed-command",
      "malformed command set: group 0008; expected only group 0000"
    ),
    (
      .notAnEcho(command: 0x8030), "not-an-echo",
      "C-ECHO-RSP (8030H); only C-ECHO-RQ is answered here, and nothing is stored or queried"
    ),
    (
      .dataSetAnnounced(type: 0x0001), "echo-with-data-set",
      "C-ECHO-RQ announces a data set: Command Data Set Type (0000,0800) is 0001H; expected 0101H"
    ),
    (
      .otherSOPClass(uid("1.2.840.10008.5.1.4.1.1.2")), "not-an-echo",
      "C-ECHO-RQ for CT Image Storage; expected Verification (1.2.840.10008.1.1)"
    ),
    (
      .otherSOPClass(uid("1.2.826.0.1.3680043.9.9999.1")), "not-an-echo",
      "C-ECHO-RQ for 1.2.826.0.1.3680043.9.9999.1; expected Verification (1.2.840.10008.1.1)"
    ),
    (
      .otherSOPClass(.empty), "not-an-echo",
      "C-ECHO-RQ for an empty UID; expected Verification (1.2.840.10008.1.1)"
    ),
  ]

  /// The UID `text` as received.
  private static func uid(_ text: String) -> CompactUID { CompactUID(Array(text.utf8).span)! }

  static let foreign: [(protocol: ForeignProtocol, cause: String, text: String)] = [
    (.http, "http-on-dicom-port", "HTTP on a DICOM port"),
    (.tls, "tls-on-plain-port", "TLS on a port without TLS"),
    (.dicom, "plain-on-tls-port", "DICOM without TLS on a port for TLS"),
    (.ssh, "ssh-on-dicom-port", "SSH on a DICOM port"),
    (.hl7, "hl7-on-dicom-port", "HL7 on a DICOM port"),
    (.smb, "smb-on-dicom-port", "SMB on a DICOM port"),
    (.proxy, "not-dicom", "a PROXY protocol header, which is not expected here"),
    (.secondProxy, "proxy-header-repeated", "a second PROXY protocol header behind the first"),
    (.rdp, "rdp-on-dicom-port", "RDP on a DICOM port"),
    (.socks, "socks-on-dicom-port", "SOCKS on a DICOM port"),
    (.rtsp, "not-dicom", "RTSP (camera) on a DICOM port"),
    (.sip, "not-dicom", "SIP (telephone) on a DICOM port"),
    (.mqtt, "not-dicom", "MQTT on a DICOM port"),
    (.redis, "not-dicom", "Redis on a DICOM port"),
    (.ldap, "not-dicom", "LDAP on a DICOM port"),
    (.postgreSQL, "not-dicom", "PostgreSQL on a DICOM port"),
    (.sqlServer, "not-dicom", "Microsoft SQL Server on a DICOM port"),
    (.rpc, "not-dicom", "Windows RPC on a DICOM port"),
    (.telnet, "not-dicom", "Telnet on a DICOM port"),
    (.smtp, "not-dicom", "SMTP on a DICOM port"),
    (.printJob, "not-dicom", "a print job on a DICOM port"),
    (.printQueue, "not-dicom", "a command to a print queue (LPD) on a DICOM port"),
    (.analyzer, "not-dicom", "a laboratory analyzer (ASTM) on a DICOM port"),
    (.xml, "not-dicom", "XML on a DICOM port"),
    (.json, "not-dicom", "JSON on a DICOM port"),
    (.dicomFile, "not-dicom", "a DICOM file without an association"),
    (.dataSet, "not-dicom", "a DICOM data set without an association"),
    (.other, "not-dicom", "not DICOM"),
  ]

  @Test("An abort reason has its words and its cause", arguments: reasons)
  func hasItsWords(reason: AbortReason, cause: String, text: String) {
    #expect(reason.words(nil, in: .established).text == text)
    #expect(reason.catalogID(nil).cause == cause)
  }

  @Test("A refused command has its own words and its own cause", arguments: commandFaults)
  func commandHasItsWords(fault: CommandFault, cause: String, text: String) {
    #expect(AbortReason.refusedByServiceUser.words(fault, in: .established).text == text)
    #expect(AbortReason.refusedByServiceUser.catalogID(fault).cause == cause)
  }

  @Test("Another protocol is named", arguments: foreign)
  func protocolHasItsName(protocol: ForeignProtocol, cause: String, text: String) {
    let reason = AbortReason.foreignProtocol(`protocol`)
    #expect(reason.words(nil, in: .awaitingRequest).text == text)
    #expect(reason.catalogID(nil).cause == cause)
  }

  @Test("Every PDU has its name in PS3.8")
  func pduNames() {
    #expect(
      PDUType.allCases.map(\.name) == [
        "A-ASSOCIATE-RQ", "A-ASSOCIATE-AC", "A-ASSOCIATE-RJ", "P-DATA-TF", "A-RELEASE-RQ",
        "A-RELEASE-RP", "A-ABORT",
      ])
  }

  @Test("Every abort is a warning, except at our own stop or after an end", arguments: reasons)
  func priority(reason: AbortReason, cause: String, text: String) {
    func priority(_ stage: Stage) -> Priority {
      Event.aborting(reason, nil, reason.abort, stage).priority(in: .terminal)
    }
    let isOurs = reason == .draining
    #expect(priority(.awaitingRequest) == (isOurs ? .info : .warning))
    #expect(priority(.established) == (isOurs ? .info : .warning))
    // An idle end is not a failure after an echo, or after a warning about its absence.
    for stage in [Stage.unusable, .echoed] {
      #expect(
        priority(stage)
          == (isOurs || reason == .idleAssociation(milliseconds: 60_000)
            ? .info : .warning))
    }
    #expect(priority(.awaitingClose) == (isOurs ? .info : .debug))
  }

  @Test("Every abort reason and every command fault is in the tables above")
  func everyFaultIsTested() {
    #expect(Set(Self.reasons.map { number($0.reason) }) == Set(1...17))
    #expect(Set(Self.commandFaults.map { number($0.fault) }) == Set(1...9))
    #expect(Self.foreign.map(\.protocol) == ForeignProtocol.allCases)
  }

  /// Returns a number for each reason. Without a `default`, a new one must be entered above.
  private func number(_ reason: AbortReason) -> Int {
    switch reason {
    case .foreignProtocol: 1
    case .unrecognizedPDU: 2
    case .unexpectedPDU: 3
    case .malformedPDU: 4
    case .pduTooLong: 5
    case .unknownPresentationContext: 6
    case .presentationContextChanged: 7
    case .dataSetFragment: 8
    case .commandTooLong: 9
    case .maximumLengthTooSmall: 10
    case .refusedByServiceUser: 11
    case .idleAssociation: 12
    case .stalledMessage: 13
    case .draining: 14
    case .outOfMemory: 15
    case .largestPartialPDU: 16
    case .madeRoom: 17
    }
  }

  private func number(_ fault: CommandFault) -> Int {
    switch fault {
    case .elementMissing: 1
    case .elementTwice: 2
    case .elementLength: 3
    case .elementTooLong: 4
    case .endsInHeader: 5
    case .foreignGroup: 6
    case .notAnEcho: 7
    case .dataSetAnnounced: 8
    case .otherSOPClass: 9
    }
  }
}
