import Linux
import Log
import Testing
import Verification

@testable import UpperLayer

/// One event of the catalog, with all its texts.
struct Row: Sendable, CustomTestStringConvertible {
  /// The event.
  let event: Event
  /// The priority of the event on the terminal.
  let priority: Priority
  /// The stable word for its cause.
  let cause: String?
  /// Its lines on the terminal at debug. The letter at the start of each is the level from which it is shown.
  let lines: [String]
  /// Its sentence, if the terminal shows another line for the event or none.
  let sentence: String?

  var testDescription: String { "\(event)" }

  /// An event with the priority of its most severe line.
  init(_ event: Event, cause: String? = nil, _ lines: String...) {
    let priority = lines.compactMap { priorities[$0.prefix(1)] }.min() ?? .debug
    self.init(event, priority, cause: cause, lines: lines)
  }

  init(
    _ event: Event, _ priority: Priority, cause: String? = nil, sentence: String? = nil,
    _ lines: String...
  ) {
    self.init(event, priority, cause: cause, sentence: sentence, lines: lines)
  }

  init(
    _ event: Event, _ priority: Priority, cause: String? = nil, sentence: String? = nil,
    lines: [String]
  ) {
    self.event = event
    self.priority = priority
    self.cause = cause
    self.sentence = sentence
    self.lines = lines
  }
}

/// The peer that the events of the table are about: `MODALITY1 at 192.0.2.7:104`.
let modality: Subject = {
  var subject = Subject(
    peer: NetworkAddress(
      bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 7], port: 104))
  subject.callingAETitle = AETitle("MODALITY1")
  subject.calledAETitle = AETitle("OTHER_SCP")
  return subject
}()

/// The AE title of the acceptor.
let acceptor = AETitle("ECHOSCP")!

/// The progress of a request of which `received` of `expected` bytes arrived.
func progress(
  _ received: UInt32, of expected: UInt32, _ type: PDUType = .associateRequest
) -> PDUProgress {
  var pdu = IncompletePDU()
  (pdu.firstByte, pdu.received, pdu.expected) = (type.rawValue, received, expected)
  return PDUProgress(pdu)
}

/// The outcome of a negotiation, as numbers of contexts.
func outcome(accepted: Int = 0, abstract: Int = 0, transfer: Int = 0) -> NegotiationOutcome {
  var outcome = NegotiationOutcome()
  outcome.accepted = accepted
  outcome.abstractSyntaxNotSupported = abstract
  outcome.transferSyntaxesNotSupported = transfer
  return outcome
}

/// The whole catalog: every event at least once, and every variant that reads differently.
enum EventTable {
  /// Events about the service.
  static let service = [
    Row(.started, .debug, "D: echoscpd v\(Implementation.version)", "D: "),
    Row(.listening, .debug, sentence: "listening on MODALITY1 at 192.0.2.7:104"),
    Row(.stopping, .debug, sentence: "stopping: no new connections; open associations may finish"),
    Row(
      .stopped(associations: 2, echoes: 3), .debug,
      sentence: "stopped after 2 associations and 3 echoes"),
    Row(
      .stoppedAtOnce(associations: 1), .warning, cause: "stopped-at-once",
      "W: stopped at once: 1 association was aborted"),
    Row(
      .stoppedAtOnce(associations: 7), .warning, cause: "stopped-at-once",
      "W: stopped at once: 7 associations were aborted"),
    Row(.reloaded, "I: configuration reloaded"),
    Row(
      .configurationRefused, .critical, cause: "config-invalid",
      "C: not started: the configuration has errors"),
    Row(.listenFailed, .critical, cause: "listen-failed", "C: not started: "),
    Row(
      .reloadRefused, cause: "config-invalid",
      "E: reload refused: the configuration has errors; the previous one stays in force"),
    Row(
      .reloadFailed, cause: "reload-failed",
      "E: reload failed: the configuration could not be read; the previous one stays in force"),
    Row(
      .restartNeeded,
      "W:  changed in the configuration; run systemctl restart echoscpd to apply the change"),
    Row(
      .socketsOverride,
      "W: port and bind-address are ignored, since systemd passes the sockets; change them "
        + "with systemctl edit echoscpd.socket"),
    Row(
      .timeoutDisabled("acse-timeout"),
      "W: acse-timeout is 0: a peer that stalls is never disconnected"),
    Row(
      .runsAsRoot,
      "W: running as root, which is not needed after startup; set user to an unprivileged account, "
        + "or to root to silence this warning"),
    Row(
      .maxAssociationsLowered(wanted: 5000, possible: 900), .warning,
      "W: max-associations is 5000, but the limit of file descriptors allows only 900; raise "
        + "LimitNOFILE= or ulimit -n"),
    Row(
      .outOfDescriptors(isSystems: true), cause: "out-of-descriptors",
      "E: this machine is out of file descriptors: accepting pauses until one is free; raise "
        + "fs.file-max with sysctl, or stop the process that uses them up"),
    Row(
      .outOfDescriptors(isSystems: false), cause: "out-of-descriptors",
      "E: out of file descriptors: accepting pauses until a connection ends; "
        + "raise LimitNOFILE= or ulimit -n"),
    Row(.acceptingAgain, "I: file descriptors are free again: accepting resumes"),
    Row(
      .acceptFailed(12), cause: "accept-failed",
      "E: cannot accept connections: Cannot allocate memory"),
    Row(
      .recordsDropped(41, .logSlow), cause: "records-dropped",
      "W: 41 log records were dropped: the log is too slow"),
    Row(
      .recordsDropped(1, .journalSlow), cause: "records-dropped",
      "W: 1 log record was dropped: the journal is too slow or stopped"),
    Row(
      .recordsDropped(2, .journalMissing), cause: "records-dropped",
      "W: 2 log records were dropped: there was no journal: see systemctl status systemd-journald"),
    Row(
      .recordsDropped(2, .journalRefuses), cause: "records-dropped",
      "W: 2 log records were dropped: the journal refuses them"),
    Row(
      .recordsSummed(.malformedPDU, .warning), cause: "malformed-pdu",
      "W: malformed-pdu: more records than the journal's budget allows"),
    Row(
      .recordsSummed(.associationReleased, .info),
      "I: associations released: more records than the journal's budget allows"),
  ]

  /// The steps of an association, in exactly the words of pynetdicom's `echoscp`.
  static let steps = [
    Row(.associationAccepted(outcome(accepted: 2, abstract: 1)), "I: Accepting Association"),
    Row(
      .echoReceived(messageID: 0, contextID: 1), .info,
      "I: Received Echo Request (MsgID 0)",
      "D: ========================== INCOMING DIMSE MESSAGE ==========================",
      "D: Message Type                  : C-ECHO RQ",
      "D: Presentation Context ID       : 1",
      "D: Message ID                    : 0",
      "D: Data Set                      : None",
      "D: ============================ END DIMSE MESSAGE ============================="),
    Row(
      .echoReceived(messageID: 65535, contextID: 255), .info,
      "I: Received Echo Request (MsgID 65535)",
      "D: ========================== INCOMING DIMSE MESSAGE ==========================",
      "D: Message Type                  : C-ECHO RQ",
      "D: Presentation Context ID       : 255",
      "D: Message ID                    : 65535",
      "D: Data Set                      : None",
      "D: ============================ END DIMSE MESSAGE ============================="),
    Row(.associationReleased([], .echoed, by: acceptor), "I: Association Released"),
    Row(
      .associationReleased(.releaseInsideMessage, .unusable, by: acceptor),
      "I: Association Released"),
    Row(
      .associationReleased([], .established, by: acceptor), cause: "no-echo-sent",
      "I: Association Released"),
    Row(
      .abortReceived(.serviceUser, .echoed), .info, cause: "peer-aborted",
      lines: userAbort("INCOMING") + [
        "I: Association Aborted",
        "I: MODALITY1 at 192.0.2.7:104: sent A-ABORT (source 0, service user, reason 0)",
      ]),
    Row(
      .abortReceived(.invalidPDUParameter, .echoed), .info, cause: "peer-aborted",
      lines: providerAbort("INCOMING") + [
        "I: Association Aborted (A-P-ABORT)",
        "I: MODALITY1 at 192.0.2.7:104: sent A-ABORT (source 2, service provider, reason 6, "
          + "invalid PDU parameter value)",
      ]),
    Row(
      .aborting(.draining, nil, .serviceUser, .established), .info, cause: "draining",
      lines: ["I: Aborting Association"] + userAbort("OUTGOING") + [
        "I: MODALITY1 at 192.0.2.7:104: aborted: the service is stopping"
      ]),
    Row(
      .aborting(.idleAssociation(milliseconds: 60_000), nil, .serviceUser, .echoed), .info,
      cause: "idle-association",
      lines: ["I: Aborting Association"] + userAbort("OUTGOING") + [
        "I: MODALITY1 at 192.0.2.7:104: aborted: idle for 60 s: network-timeout"
      ]),
  ]

  /// The lines about an A-ABORT of the service user at debug.
  static func userAbort(_ direction: String) -> [String] {
    abort(direction, source: "DUL service-user", reason: "(no value available)")
  }

  /// The lines about an A-ABORT of the service provider at debug, by default with reason 6.
  static func providerAbort(
    _ direction: String, _ reason: String = "Invalid PDU parameter value"
  ) -> [String] {
    abort(direction, source: "DUL service-provider", reason: reason)
  }

  private static func abort(_ direction: String, source: String, reason: String) -> [String] {
    [
      "D: Abort Parameters:",
      "D: =========================== \(direction) A-ABORT PDU ===========================",
      "D: Abort Source: \(source)", "D: Abort Reason: \(reason)",
      "D: ============================= END A-ABORT PDU ==============================",
    ]
  }

  /// Associations that were rejected or had no usable context.
  static let refusals = [
    Row(
      .noUsableContext(outcome(abstract: 3)), cause: "no-verification-context",
      "I: Accepting Association",
      "W: MODALITY1 at 192.0.2.7:104: proposed 3 presentation contexts, none of them "
        + "Verification: nothing was accepted; use Echo, not Send, on the device"),
    Row(
      .noUsableContext(outcome(abstract: 3, transfer: 1)), cause: "no-common-transfer-syntax",
      "I: Accepting Association",
      "W: MODALITY1 at 192.0.2.7:104: proposed Verification, but no transfer syntax that is "
        + "known here; enable Implicit VR Little Endian (1.2.840.10008.1.2) on the device"),
    Row(
      .noUsableContext(outcome()), cause: "no-verification-context",
      "I: Accepting Association",
      "W: MODALITY1 at 192.0.2.7:104: proposed no presentation context: no C-ECHO is possible"),
    rejected(
      .protocolVersion, cause: "protocol-version",
      "protocol version not supported; expected version 1 (0001H)",
      ("Permanent", "DUL service-provider (ACSE related)", "Protocol version not supported")),
    rejected(
      .applicationContext, cause: "application-context",
      "application context name not supported; expected 1.2.840.10008.3.1.1.1",
      ("Permanent", "DUL service-user", "Application context name not supported")),
    rejected(
      .callingAETitle, cause: "calling-ae-title",
      "calling AE title \"MODALITY1\" not recognized; expected one of allow-calling-ae-titles",
      ("Permanent", "DUL service-user", "Calling AE title not recognised")),
    rejected(
      .calledAETitle, cause: "called-ae-title",
      "called AE title \"OTHER_SCP\" not recognized; expected \"ECHOSCP\"",
      ("Permanent", "DUL service-user", "Called AE title not recognised")),
    rejected(
      .temporaryCongestion, cause: "partial-pdu-memory",
      "temporary congestion: the memory for partial PDUs is used up",
      ("Transient", "DUL service-provider (presentation related)", "Temporary congestion"),
      event: .requestRefusedMemory(held: nil)),
    rejected(
      .temporaryCongestion, cause: "partial-pdu-memory",
      "temporary congestion: the memory for partial PDUs is used up; its own request held the most, 262144 "
        + "bytes, and was dropped",
      ("Transient", "DUL service-provider (presentation related)", "Temporary congestion"),
      event: .requestRefusedMemory(held: 262_144)),
    overLimit(
      .associations(200), cause: "too-many-associations", "max-associations (200) is reached"),
    overLimit(
      .associationsPerAddress(3), cause: "too-many-from-address",
      "max-associations-per-address (3) is reached"),
    rejected(
      .callingAETitle, cause: "calling-ae-title",
      "calling AE title \"MODALITY1\" is bound to other addresses by [device MODALITY1]",
      ("Permanent", "DUL service-user", "Calling AE title not recognised"),
      event: .associationFromElsewhere),
  ]

  static func overLimit(_ limit: Limit, cause: String, _ why: String) -> Row {
    rejected(
      .localLimitExceeded, cause: cause, "local limit exceeded: \(why)",
      ("Transient", "DUL service-provider (presentation related)", "Local limit exceeded"),
      event: .associationOverLimit(limit))
  }

  private static func rejected(
    _ rejection: Rejection, cause: String, _ why: String,
    _ fields: (result: String, source: String, reason: String), event: Event? = nil
  ) -> Row {
    let ours = AETitle(field: "ECHOSCP         ".utf8.span)
    return Row(
      event ?? .associationRejected(rejection, by: ours), .warning, cause: cause,
      lines: (rejection == .protocolVersion ? [] : ["I: Rejecting Association"]) + [
        "D: Reject Parameters:",
        "D: ======================= OUTGOING A-ASSOCIATE-RJ PDU ========================",
        "D: Result:    Rejected (\(fields.result))", "D: Source:    \(fields.source)",
        "D: Reason:    \(fields.reason)",
        "D: ========================== END A-ASSOCIATE-RJ PDU ==========================",
        "W: MODALITY1 at 192.0.2.7:104: association rejected: \(why)",
      ])
  }

  /// Aborts, ours and the peer's.
  static let aborts = [
    Row(
      .abortReceived(.serviceUser, .awaitingRequest), .warning, cause: "peer-aborted",
      lines: userAbort("INCOMING") + [
        "W: MODALITY1 at 192.0.2.7:104: sent A-ABORT (source 0, service user, reason 0)"
      ]),
    Row(
      .abortReceived(.serviceUser, .established), .warning, cause: "no-echo-sent",
      lines: userAbort("INCOMING") + [
        "I: Association Aborted",
        "W: MODALITY1 at 192.0.2.7:104: sent A-ABORT (source 0, service user, reason 0), "
          + "without a C-ECHO-RQ",
      ]),
    Row(
      .abortReceived(.invalidPDUParameter, .awaitingClose), .debug, cause: "peer-aborted",
      sentence: "MODALITY1 at 192.0.2.7:104: sent A-ABORT (source 2, service provider, reason 6, "
        + "invalid PDU parameter value)",
      lines: providerAbort("INCOMING")),
    Row(
      .abortReceived(nil, .unusable), .info, cause: "peer-aborted", "I: Association Aborted",
      "I: MODALITY1 at 192.0.2.7:104: sent an A-ABORT of the wrong length"),
    Row(
      .abortReceived(nil, .awaitingClose), .debug, cause: "peer-aborted",
      sentence: "MODALITY1 at 192.0.2.7:104: sent an A-ABORT of the wrong length"),
    Row(
      .aborting(.foreignProtocol(.http), nil, .serviceUser, .awaitingRequest), .warning,
      cause: "http-on-dicom-port",
      lines: userAbort("OUTGOING") + [
        "W: MODALITY1 at 192.0.2.7:104 called OTHER_SCP: aborted: HTTP on a DICOM port; expected an "
          + "A-ASSOCIATE-RQ"
      ]),
    Row(
      .aborting(.draining, nil, .serviceUser, .awaitingRequest), .info, cause: "draining",
      lines: userAbort("OUTGOING") + [
        "I: MODALITY1 at 192.0.2.7:104 called OTHER_SCP: aborted: the service is stopping"
      ]),
    aborting(
      .idleAssociation(milliseconds: 60_000), cause: "idle-association",
      "idle for 60 s: network-timeout"),
    aborting(
      .stalledMessage(milliseconds: 30_000), cause: "stalled-message",
      "began a message and did not complete it in 30 s: dimse-timeout"),
    aborting(
      .refusedByServiceUser, .notAnEcho(command: 1), cause: "not-an-echo",
      "C-STORE-RQ (0001H); only C-ECHO-RQ is answered here, and nothing is stored or queried"),
    Row(
      .aborting(.unexpectedPDU(.associateRequest), nil, .unexpectedPDU, .established), .warning,
      cause: "unexpected-pdu",
      lines: providerAbort("OUTGOING", "Unexpected PDU") + [
        "I: Association Aborted (A-P-ABORT)",
        "W: MODALITY1 at 192.0.2.7:104: aborted: unexpected A-ASSOCIATE-RQ; expected "
          + "P-DATA-TF, A-RELEASE-RQ or A-ABORT",
      ]),
    Row(
      .aborting(.unexpectedPDU(.associateRequest), nil, .unexpectedPDU, .awaitingClose), .debug,
      cause: "unexpected-pdu",
      sentence: "MODALITY1 at 192.0.2.7:104: aborted: unexpected A-ASSOCIATE-RQ",
      lines: providerAbort("OUTGOING", "Unexpected PDU")),
  ]

  private static func aborting(
    _ reason: AbortReason, _ command: CommandFault? = nil, cause: String, _ why: String
  ) -> Row {
    Row(
      .aborting(reason, command, .serviceUser, .established), .warning, cause: cause,
      lines: ["I: Aborting Association"] + userAbort("OUTGOING") + [
        "W: MODALITY1 at 192.0.2.7:104: aborted: \(why)"
      ])
  }

  /// Events of connections.
  static let connections = [
    Row(
      .addressDenied(isAmongDenied: true), cause: "address-denied",
      "W: MODALITY1 at 192.0.2.7:104: connection closed unread: the address is in "
        + "deny-addresses"),
    Row(
      .addressDenied(isAmongDenied: false), cause: "address-denied",
      "W: MODALITY1 at 192.0.2.7:104: connection closed unread: the address is not in "
        + "allow-addresses"),
    Row(.connected, .debug, sentence: "MODALITY1 at 192.0.2.7:104: connected"),
    Row(.cancelReceived, .debug, sentence: "MODALITY1 at 192.0.2.7:104: C-CANCEL-RQ ignored"),
    Row(
      .healthCheck, .debug, cause: "health-check",
      sentence: "MODALITY1 at 192.0.2.7:104: connected and closed without data: a health check"),
    Row(
      .requestIncomplete(progress(40, of: 205)), cause: "peer-vanished",
      "W: MODALITY1 at 192.0.2.7:104 called OTHER_SCP: closed the connection when only 40 of 205 bytes of its "
        + "A-ASSOCIATE-RQ had arrived"),
    Row(
      .peerVanished(.echoed), .info, cause: "peer-vanished",
      "I: Association Aborted (A-P-ABORT)",
      "I: MODALITY1 at 192.0.2.7:104: closed the connection without A-RELEASE-RQ"),
    Row(
      .peerVanished(.established), .warning, cause: "peer-vanished",
      "I: Association Aborted (A-P-ABORT)",
      "W: MODALITY1 at 192.0.2.7:104: closed the connection without A-RELEASE-RQ, without a "
        + "C-ECHO-RQ"),
    Row(
      .peerVanished(.begun), .warning, cause: "peer-vanished",
      "I: Association Aborted (A-P-ABORT)",
      "W: MODALITY1 at 192.0.2.7:104: closed the connection without A-RELEASE-RQ, in the middle of a "
        + "message"),
    Row(
      .peerReset(.awaitingRequest), cause: "peer-reset",
      "W: MODALITY1 at 192.0.2.7:104 called OTHER_SCP: reset the connection in the middle of its A-ASSOCIATE-RQ"
    ),
    Row(
      .peerReset(.established), .warning, cause: "peer-reset",
      "I: Association Aborted (A-P-ABORT)",
      "W: MODALITY1 at 192.0.2.7:104: reset the connection, without a C-ECHO-RQ"),
    Row(
      .peerReset(.echoed), .info, cause: "peer-reset",
      "I: Association Aborted (A-P-ABORT)",
      "I: MODALITY1 at 192.0.2.7:104: reset the connection"),
    Row(
      .peerReset(.awaitingClose), .debug, cause: "peer-reset",
      sentence: "MODALITY1 at 192.0.2.7:104: reset the connection"),
    Row(
      .requestTimedOut(PDUProgress()), cause: "silent-peer",
      "W: MODALITY1 at 192.0.2.7:104 called OTHER_SCP: acse-timeout: connected and sent nothing; expected an "
        + "A-ASSOCIATE-RQ"),
    Row(
      .requestTimedOut(progress(1448, of: 5230)), cause: "stalled-request",
      "W: MODALITY1 at 192.0.2.7:104 called OTHER_SCP: acse-timeout: only 1,448 of 5,230 bytes of its "
        + "A-ASSOCIATE-RQ arrived"),
    Row(
      .requestTimedOut(progress(1, of: 0, .releaseRequest)), cause: "not-dicom",
      "W: MODALITY1 at 192.0.2.7:104 called OTHER_SCP: acse-timeout: only a single ENQ (05H) arrived, as "
        + "sent by a laboratory analyzer (ASTM)"),
    Row(
      .requestIncomplete(progress(3, of: 0, .dataTransfer)), cause: "unexpected-pdu",
      "W: MODALITY1 at 192.0.2.7:104 called OTHER_SCP: closed the connection when only 3 bytes had "
        + "arrived, beginning with 04H; an A-ASSOCIATE-RQ begins with 01H"),
    Row(
      .closeTimedOut, .debug,
      sentence: "MODALITY1 at 192.0.2.7:104: acse-timeout: did not close the connection"),
    Row(
      .receiverStalled(.silent), cause: "stalled-receiver",
      "W: MODALITY1 at 192.0.2.7:104: network-timeout: does not read the data sent to it; "
        + "connection closed"),
    Row(
      .receiverStalled(.tooSlow), cause: "stalled-receiver",
      "W: MODALITY1 at 192.0.2.7:104: twice the network-timeout: reads the data sent to it too slowly; "
        + "connection closed"),
    Row(
      .receiverStalled(.tooMany(64)), cause: "stalled-receiver",
      "W: MODALITY1 at 192.0.2.7:104: does not read the data sent to it, like 64 others; connection "
        + "closed, since it has lagged longest"),
    Row(
      .receiverStalled(.tooManyOfAddress(8)), cause: "stalled-receiver",
      "W: MODALITY1 at 192.0.2.7:104: does not read the data sent to it, like 8 others from its address; "
        + "connection closed, since it has lagged longest"),
    Row(
      .replyLost(.echoed), cause: "partial-pdu-memory",
      "W: MODALITY1 at 192.0.2.7:104: no memory left to buffer an answer that it does not read; "
        + "connection closed"),
    Row(.disconnected, .debug, sentence: "MODALITY1 at 192.0.2.7:104: connection closed"),
  ]

  static let rows = service + steps + refusals + aborts + connections + limits + secure + proxies
}

/// The texts about connections that are closed because of a limit.
extension EventTable {
  static let limits = [
    Row(
      .connectionRefused(.connectionRate(20), isFirst: true), .warning,
      cause: "too-many-from-address",
      "W: MODALITY1 at 192.0.2.7:104: connection closed unread: more than 20 connections in a "
        + "second (max-connection-rate)"),
    Row(
      .connectionRefused(.connectionRate(20), isFirst: false), .debug,
      cause: "too-many-from-address",
      sentence: "MODALITY1 at 192.0.2.7:104: connection closed unread: more than 20 connections in "
        + "a second (max-connection-rate)"),
    Row(
      .connectionEvicted(.pendingPerAddress(8)), .debug, cause: "too-many-from-address",
      sentence: "MODALITY1 at 192.0.2.7:104: connection without an association closed to make "
        + "room: max-pending-per-address (8) is reached"),
    Row(
      .connectionsEvicted(1, .pending(500)), .warning, cause: "too-many-pending",
      "W: 1 connection without an association closed to make room: max-pending (500) is reached; the "
        + "last one was from MODALITY1 at 192.0.2.7:104"),
    Row(
      .connectionsEvicted(41, .descriptors), .error, cause: "out-of-descriptors",
      "E: 41 connections without an association closed to make room: out of file descriptors; "
        + "raise LimitNOFILE= or ulimit -n; the last one was from MODALITY1 at 192.0.2.7:104"),
  ]
}
