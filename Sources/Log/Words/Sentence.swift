import Linux
import UpperLayer
import Verification

/// An event in words that stand alone: who, what, and what would have been right.
enum Sentence {
  /// - Parameter who: Whom it is about, when that is not just its subject.
  static func text(of record: Record, who: String? = nil) -> String {
    let who = who ?? record.subject.map { Self.who($0, record.event) } ?? "echoscpd"
    switch record.event {
    case .started: return "echoscpd v\(Implementation.version)"
    case .listening: return "listening on \(who)"
    case .stopping: return "stopping: no new connections, associations may end"
    case .stopped(let associations, let echoes):
      return "stopped after \(Counted.text(associations, "association")) and "
        + Counted.text(echoes, "echo", "echoes")
    case .stoppedAtOnce(let count):
      return "stopped at once: "
        + Counted.text(count, "association was", "associations were") + " aborted"
    case .reloaded: return "configuration reloaded"
    case .configurationRefused: return "not started: the configuration is wrong"
    case .listenFailed: return "not started: \(record.lines.joined(separator: "; "))"
    case .reloadRefused:
      return "reload refused: the configuration is wrong, and the one before goes on to hold"
    case .reloadFailed:
      return "reload failed: the configuration could not be read; the previous one stays in force"
    case .restartNeeded:
      return "\(record.lines.joined(separator: ", ")) is changed in the configuration; "
        + "it takes effect after systemctl restart echoscpd"
    case .socketsOverride: return sockets(record.lines)
    case .timeoutDisabled(let key): return "\(key) is 0: a peer that stalls is waited for for ever"
    case .runsAsRoot:
      return "this runs as root, which nothing here needs once it listens; set user to the user "
        + "whom it is to become, or to root if that is meant"
    case .maxAssociationsLowered(let wanted, let possible):
      return "max-associations is \(wanted), but the limit of file descriptors has room for "
        + "\(possible); raise LimitNOFILE= or ulimit -n"
    case .outOfDescriptors(isSystems: true):
      return "this machine has no file descriptor left: accepting pauses until one is free; raise "
        + "fs.file-max with sysctl, or end what uses them up"
    case .outOfDescriptors(isSystems: false):
      return "no file descriptor is left: accepting pauses until a connection ends; "
        + "raise LimitNOFILE= or ulimit -n"
    case .acceptingAgain: return "file descriptors are free again: accepting goes on"
    case .acceptFailed(let error): return "cannot accept connections: \(ErrorText.of(error))"
    case .recordsDropped(let count, let loss):
      return Counted.text(count, "log record was", "log records were") + " dropped: \(loss.text)"
    case .recordsSummed(let catalogID, _):
      return "\(catalogID.summary): more records than the budget of the journal has room for"
    case .addressDenied(let isAmongDenied):
      return isAmongDenied
        ? "\(who): connection closed unread: the address is among deny-addresses"
        : "\(who): connection closed unread: the address is not among allow-addresses"
    case .connectionRefused(let limit, _):
      return "\(who): connection closed unread: \(limit.text)"
    case .connectionEvicted(let limit):
      return "\(who): connection without an association closed to make room: \(limit.text)"
    case .connectionsEvicted(let count, let limit):
      return "\(Counted.text(count, "connection")) without an association closed to "
        + "make room: \(limit.text); the last one was of \(who)"
    case .connected: return "\(who): connected"
    case .associationAccepted(let outcome):
      return "\(who): association accepted, "
        + Counted.text(outcome.accepted, "presentation context")
    case .noUsableContext(let outcome):
      return "\(who): \(describe(outcome, record))"
    case .associationRejected(let rejection, let aeTitle):
      return "\(who): association rejected: \(describe(rejection, aeTitle, record))"
    case .associationOverLimit(let limit):
      return "\(who): association rejected: local limit exceeded: \(limit.text)"
    case .requestRefusedMemory(let held):
      return
        "\(who): association rejected: temporary congestion: the memory for partial PDUs is used up"
        + (held.map {
          "; its own request held \(Counted.text($0, "byte")) of it, the most, and made room"
        } ?? "")
    case .associationFromElsewhere:
      return "\(who): association rejected: \(elsewhere(record))"
    case .echoReceived(let messageID, _): return "\(who): C-ECHO-RQ \(messageID) answered"
    case .cancelReceived: return "\(who): C-CANCEL-RQ ignored"
    case .associationReleased(_, let stage, _):
      return "\(who): association released\(amidst(record) ?? withoutEcho(stage))"
    case .abortReceived(let abort, let stage):
      return "\(who): \(describe(abort))\(amidst(record) ?? withoutEcho(stage))"
    case .aborting(let fault, let command, _, let stage):
      return "\(who): aborted: \(aborted(fault, command, stage, record))"
    case .healthCheck: return "\(who): connected and closed without a byte: a health check"
    case .requestIncomplete(let progress):
      return "\(who): closed the connection when \(progress.textOfOpening("had come"))"
    case .peerVanished(let stage):
      return "\(who): closed the connection without A-RELEASE-RQ"
        + (amidst(record) ?? withoutEcho(stage))
    case .peerReset(.awaitingRequest):
      return amidst(record, isOpening: true).map { "\(who): reset the connection\($0)" }
        ?? "\(who): reset the connection in the middle of its A-ASSOCIATE-RQ"
    case .peerReset(let stage):
      return "\(who): reset the connection\(amidst(record) ?? withoutEcho(stage))"
    case .requestTimedOut(let progress):
      return progress.pdu.received > 0
        ? "\(who): acse-timeout: \(progress.textOfOpening())\(progress.hint)"
        : "\(who): acse-timeout: connected and sent nothing; expected an A-ASSOCIATE-RQ"
          + progress.hint
    case .closeTimedOut: return "\(who): acse-timeout: did not close the connection"
    case .receiverStalled(let stall, _): return "\(who): \(stall.text)"
    case .replyLost:
      return "\(who): no memory is left to keep an answer that it does not take; connection closed"
    case .disconnected: return "\(who): connection closed"
    }
  }

  /// What there is to say beyond the sentence, a line each.
  static func details(of record: Record) -> [String] {
    switch record.event {
    case .reloadRefused, .reloadFailed, .configurationRefused: record.lines
    default: []
    }
  }

  private static func sockets(_ lines: [String]) -> String {
    let other = lines.count == 2 ? ": \(lines[0]) is configured, \(lines[1]) was passed" : ""
    return "port and bind-address do not count, since the sockets are passed by systemd\(other); "
      + "change them by systemctl edit echoscpd.socket"
  }

  /// Whom `event` is about; where its request cannot be read or did not come whole, whom it has called, too.
  private static func who(_ subject: Subject, _ event: Event) -> String {
    guard event.isAboutABrokenRequest, let called = subject.calledName else { return subject.text }
    return "\(subject.text) called \(called)"
  }

  /// Why an association was aborted, or none begun.
  static func aborted(
    _ fault: AbortReason, _ command: CommandFault?, _ stage: Stage, _ record: Record
  ) -> String {
    let progress =
      fault.isOfAnIncompletePDU ? amidst(record, isOpening: stage == .awaitingRequest) : nil
    return fault.text(command, opening: record.refused?.opening) + fault.expectation(in: stage)
      + (record.refused?.misplacedTitles?.text ?? "") + (progress.map { ",\($0)" } ?? "")
  }

  /// In the middle of what it happened, if it did, and why the rest may not have come.
  ///
  /// - Parameter isOpening: Whether an A-ASSOCIATE-RQ was due.
  static func amidst(_ record: Record, isOpening: Bool = false) -> String? {
    record.progress.map { progress in
      let text =
        isOpening ? progress.textOfOpening("had come") : "only \(progress.text("had come"))"
      return " when \(text)\(progress.hint)"
    }
  }

  /// What an association comes to that ends like this.
  private static func withoutEcho(_ stage: Stage) -> String {
    switch stage {
    case .established: ", without a C-ECHO-RQ"
    case .begun: ", in the middle of a message"
    case .awaitingRequest, .unusable, .echoed, .awaitingClose: ""
    }
  }

  private static func describe(_ outcome: NegotiationOutcome, _ record: Record) -> String {
    let total = outcome.abstractSyntaxNotSupported + outcome.transferSyntaxesNotSupported
    if total == 0 { return "proposed no presentation context: no C-ECHO is possible" }
    if outcome.transferSyntaxesNotSupported > 0 {
      let known = outcome.refusedSyntaxes.names
      let names = record.excerpt?.transferSyntaxes.text ?? (known.isEmpty ? nil : known)
      let proposed =
        names.map { " with \($0), and none that is accepted here" }
        ?? ", but no transfer syntax that is known here"
      return "proposed Verification\(proposed); propose Implicit VR Little Endian "
        + "(1.2.840.10008.1.2) on the device"
    }
    return "proposed \(contexts(total, record)): nothing was accepted; configure a C-ECHO, not a "
      + "send, on the device"
  }

  /// What was proposed instead of Verification.
  private static func contexts(_ count: Int, _ record: Record) -> String {
    let names = record.excerpt?.abstractSyntaxes.text
    if count == 1 {
      return
        "\(Counted.text(count, "presentation context")), \(names ?? "without a name"), not Verification"
    }
    return "\(Counted.text(count, "presentation context")), none of them Verification"
      + (names.map { " (\($0))" } ?? "")
  }

  private static func describe(
    _ rejection: Rejection, _ aeTitle: AETitle, _ record: Record
  ) -> String {
    let subject = record.subject
    switch rejection {
    case .protocolVersion:
      let came = record.excerpt.map { " \(hex($0.protocolVersion))H" } ?? ""
      return "protocol version\(came) not supported; expected version 1, 0001H"
    case .applicationContext:

      let expected = "expected 1.2.840.10008.3.1.1.1"
      guard let excerpt = record.excerpt else {
        return "application context name not supported; \(expected)"
      }
      return excerpt.applicationContext.map {
        "application context name \(UIDNames.name(of: $0)) not supported; \(expected)"
      } ?? "no application context name; \(expected)"
    case .callingAETitle:
      let calling = subject?.callingAETitle
      if calling?.isBlank == true {
        return "its calling AE title is blank; expected one of allow-calling-ae-titles: set the AE "
          + "title of the device itself on the device"
      }
      return "calling AE title \(calling?.quoted ?? "\"\"") not recognized; expected one of "
        + "allow-calling-ae-titles"
    case .calledAETitle:
      let difference = subject?.calledAETitle.flatMap { TitleDifference.text($0, aeTitle) }
      return "called AE title \(subject?.calledAETitle?.quoted ?? "\"\"") not recognized; this is "
        + aeTitle.quoted
        + (difference.map { ": \($0)" } ?? "")
    case .temporaryCongestion: return "temporary congestion"
    case .localLimitExceeded: return "local limit exceeded"
    }
  }

  /// Whose AE title it is, and where that belongs.
  private static func elsewhere(_ record: Record) -> String {
    let calling = record.subject?.callingAETitle
    let addresses = record.lines.first ?? "other addresses"
    return "calling AE title \(calling?.quoted ?? "\"\"") is bound to \(addresses) by "
      + "[device \(calling?.text ?? "")]"
  }

  /// What a peer has sent.
  static func describe(_ abort: Abort?) -> String {
    guard let abort else { return "sent an A-ABORT of a wrong length" }
    return "sent A-ABORT (\(abort.text))"
  }
}
