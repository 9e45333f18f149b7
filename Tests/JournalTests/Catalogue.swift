import Journal
import Testing
import Verification

@testable import UpperLayer

/// One event of the catalogue, and all that the terminal ever says of it.
struct Row: Sendable, CustomTestStringConvertible {
  /// What happened.
  let event: Event
  /// The stable word for its cause.
  let cause: String?
  /// Its lines at the level `debug`. The letter in front of each says from which level on it is
  /// there.
  let lines: [String]

  var testDescription: String { "\(event)" }

  init(_ event: Event, cause: String? = nil, _ lines: String...) {
    self.event = event
    self.cause = cause
    self.lines = lines
  }
}

/// The peer that the events of the catalogue are about: `MODALITY1 at 192.0.2.7:104`.
let modality: Subject = {
  var subject = Subject(
    peer: PeerAddress(
      bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 7], port: 104))
  subject.callingAETitle = AETitle("MODALITY1")
  subject.calledAETitle = AETitle("OTHER_SCP")
  return subject
}()

/// How the contexts of a request fared.
func outcome(accepted: Int = 0, abstract: Int = 0, transfer: Int = 0) -> NegotiationOutcome {
  var outcome = NegotiationOutcome()
  outcome.accepted = accepted
  outcome.abstractSyntaxNotSupported = abstract
  outcome.transferSyntaxesNotSupported = transfer
  return outcome
}

/// The whole catalogue: every event at least once, every variety of it that reads differently.
enum Catalogue {
  /// What is about the service.
  static let service = [
    Row(.listening, "D: listening on MODALITY1 at 192.0.2.7:104"),
    Row(.stopping, "D: stopping: no new connections, associations may end"),
    Row(
      .stopped(associations: 2, echoes: 3), "D: stopped after 2 associations and 3 echoes"),
    Row(
      .timeoutDisabled("acse-timeout"),
      "W: acse-timeout is 0: a peer that stalls is waited for for ever"),
    Row(
      .outOfDescriptors, cause: "out-of-descriptors",
      "E: no file descriptor is left: accepting pauses until a connection ends; "
        + "raise LimitNOFILE= or ulimit -n"),
    Row(.acceptingAgain, "I: file descriptors are free again: accepting goes on"),
    Row(
      .acceptFailed(12), cause: "accept-failed",
      "E: cannot accept connections: Cannot allocate memory"),
    Row(
      .recordsDropped(41), cause: "records-dropped",
      "W: 41 log records were dropped: the log is too slow"),
  ]

  /// The steps of an association, word for word those of pynetdicom's `echoscp`.
  static let steps = [
    Row(.associationAccepted(outcome(accepted: 2, abstract: 1)), "I: Accepting Association"),
    Row(.echoReceived(messageID: 0), "I: Received Echo Request (MsgID 0)"),
    Row(.echoReceived(messageID: 1), "I: Received Echo Request (MsgID 1)"),
    Row(.echoReceived(messageID: 65535), "I: Received Echo Request (MsgID 65535)"),
    Row(.associationReleased([], .echoed), "I: Association Released"),
    Row(.associationReleased(.releaseInsideMessage, .unusable), "I: Association Released"),
    Row(.associationReleased([], .established), cause: "no-echo-sent", "I: Association Released"),
    Row(
      .abortReceived(.serviceUser, .echoed), cause: "peer-aborted", "I: Association Aborted"),
    Row(.aborting(.draining, nil, .established), cause: "draining", "I: Aborting Association"),
    Row(
      .aborting(.idleAssociation, nil, .echoed), cause: "idle-association",
      "I: Aborting Association"),
  ]

  /// Associations that were refused or came to nothing.
  static let refusals = [
    Row(
      .noUsableContext(outcome(abstract: 3)), cause: "no-verification-context",
      "I: Accepting Association",
      "W: MODALITY1 at 192.0.2.7:104: proposed 3 presentation contexts, none of them "
        + "Verification: nothing was accepted; configure a C-ECHO, not a send, on the device"),
    Row(
      .noUsableContext(outcome(abstract: 3, transfer: 1)), cause: "no-common-transfer-syntax",
      "I: Accepting Association",
      "W: MODALITY1 at 192.0.2.7:104: proposed Verification, but no transfer syntax that is "
        + "accepted here; propose Implicit VR Little Endian (1.2.840.10008.1.2)"),
    Row(
      .noUsableContext(outcome()), cause: "no-verification-context",
      "I: Accepting Association",
      "W: MODALITY1 at 192.0.2.7:104: proposed no presentation context: no C-ECHO is possible"),
    rejected(
      .protocolVersion, cause: "protocol-version",
      "protocol version not supported; expected version 1"),
    rejected(
      .applicationContext, cause: "application-context",
      "application context name not supported; expected 1.2.840.10008.3.1.1.1"),
    rejected(.callingAETitle, cause: "calling-ae-title", "calling AE title not recognized"),
    rejected(
      .calledAETitle, cause: "called-ae-title", "called AE title \"OTHER_SCP\" not recognized"),
    rejected(
      .temporaryCongestion, cause: "too-many-associations",
      "temporary congestion: the memory for partial PDUs is used up"),
    rejected(
      .localLimitExceeded, cause: "too-many-associations",
      "local limit exceeded: max-associations is reached"),
  ]

  private static func rejected(_ rejection: Rejection, cause: String, _ reason: String) -> Row {
    Row(
      .associationRejected(rejection), cause: cause, "I: Rejecting Association",
      "W: MODALITY1 at 192.0.2.7:104: association rejected: \(reason)")
  }

  /// Aborts, ours and the peer's.
  static let aborts = [
    Row(
      .abortReceived(.serviceUser, .awaitingRequest), cause: "peer-aborted",
      "W: MODALITY1 at 192.0.2.7:104: sent A-ABORT (source 0, service user, reason 0)"),
    Row(
      .abortReceived(.serviceUser, .established), cause: "no-echo-sent",
      "I: Association Aborted",
      "W: MODALITY1 at 192.0.2.7:104: sent A-ABORT (source 0, service user, reason 0), "
        + "without a C-ECHO-RQ"),
    Row(
      .abortReceived(.invalidPDUParameter, .awaitingClose), cause: "peer-aborted",
      "D: MODALITY1 at 192.0.2.7:104: sent A-ABORT (source 2, service provider, reason 6)"),
    Row(.abortReceived(nil, .unusable), cause: "peer-aborted", "I: Association Aborted"),
    Row(
      .abortReceived(nil, .awaitingClose), cause: "peer-aborted",
      "D: MODALITY1 at 192.0.2.7:104: sent an A-ABORT of a wrong length"),
    Row(
      .aborting(.foreignProtocol(.http), nil, .awaitingRequest), cause: "http-on-dicom-port",
      "W: MODALITY1 at 192.0.2.7:104: aborted: HTTP on a DICOM port"),
    Row(
      .aborting(.draining, nil, .awaitingRequest), cause: "draining",
      "I: MODALITY1 at 192.0.2.7:104: aborted: the service is stopping"),
    Row(
      .aborting(.idleAssociation, nil, .established), cause: "idle-association",
      "I: Aborting Association",
      "W: MODALITY1 at 192.0.2.7:104: aborted: network-timeout: the association was idle"),
    Row(
      .aborting(.stalledMessage, nil, .established), cause: "stalled-message",
      "I: Aborting Association",
      "W: MODALITY1 at 192.0.2.7:104: aborted: dimse-timeout: began a message and did not "
        + "complete it"),
    Row(
      .aborting(.refusedByServiceUser, .notAnEcho(command: 1), .established),
      cause: "not-an-echo", "I: Aborting Association",
      "W: MODALITY1 at 192.0.2.7:104: aborted: command 0001H; only C-ECHO-RQ (0030H) is "
        + "served here"),
    Row(
      .aborting(.unexpectedPDU(.associateRequest), nil, .awaitingClose), cause: "unexpected-pdu",
      "D: MODALITY1 at 192.0.2.7:104: aborted: A-ASSOCIATE-RQ has no place here"),
  ]

  /// What happens to connections.
  static let connections = [
    Row(.connected, "D: MODALITY1 at 192.0.2.7:104: connected"),
    Row(.cancelReceived, "D: MODALITY1 at 192.0.2.7:104: C-CANCEL-RQ ignored"),
    Row(
      .probe, cause: "probe",
      "D: MODALITY1 at 192.0.2.7:104: connected and closed without a byte: a health check"),
    Row(
      .requestIncomplete, cause: "peer-vanished",
      "W: MODALITY1 at 192.0.2.7:104: closed in the middle of its A-ASSOCIATE-RQ"),
    Row(
      .peerVanished(.echoed), cause: "peer-vanished",
      "I: MODALITY1 at 192.0.2.7:104: closed the connection without A-RELEASE-RQ"),
    Row(
      .peerVanished(.established), cause: "peer-vanished",
      "W: MODALITY1 at 192.0.2.7:104: closed the connection without A-RELEASE-RQ, without a "
        + "C-ECHO-RQ"),
    Row(
      .peerReset(.awaitingRequest), cause: "peer-reset",
      "W: MODALITY1 at 192.0.2.7:104: reset the connection"),
    Row(
      .peerReset(.established), cause: "peer-reset",
      "W: MODALITY1 at 192.0.2.7:104: reset the connection, without a C-ECHO-RQ"),
    Row(
      .peerReset(.echoed), cause: "peer-reset",
      "I: MODALITY1 at 192.0.2.7:104: reset the connection"),
    Row(
      .peerReset(.awaitingClose), cause: "peer-reset",
      "D: MODALITY1 at 192.0.2.7:104: reset the connection"),
    Row(
      .requestTimedOut(anyByte: false), cause: "silent-peer",
      "W: MODALITY1 at 192.0.2.7:104: acse-timeout: connected and sent nothing; expected an "
        + "A-ASSOCIATE-RQ"),
    Row(
      .requestTimedOut(anyByte: true), cause: "stalled-request",
      "W: MODALITY1 at 192.0.2.7:104: acse-timeout: began an A-ASSOCIATE-RQ and did not "
        + "complete it"),
    Row(
      .closeTimedOut, "D: MODALITY1 at 192.0.2.7:104: acse-timeout: did not close the connection"),
    Row(
      .receiverStalled, cause: "stalled-receiver",
      "W: MODALITY1 at 192.0.2.7:104: network-timeout: does not read what is sent to it; "
        + "connection closed"),
    Row(
      .replyLost, cause: "too-many-associations",
      "W: MODALITY1 at 192.0.2.7:104: the memory for partial PDUs is used up; connection closed"),
    Row(.disconnected, "D: MODALITY1 at 192.0.2.7:104: connection closed"),
  ]

  static let rows = service + steps + refusals + aborts + connections
}
