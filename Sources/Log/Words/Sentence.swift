import Linux
import UpperLayer
import Verification

/// An event in words that stand alone: who, what, and what would have been right.
enum Sentence {
  /// What is said of an event.
  struct Clause {
    /// Whether it begins with whom the event is about.
    let isOfPeer: Bool
    let text: String
    /// How an association ended, behind a summary of it; `nil` when none did.
    var ending: String?

    static func peer(_ text: String) -> Clause { Clause(isOfPeer: true, text: text) }

    static func service(_ text: String) -> Clause { Clause(isOfPeer: false, text: text) }

    /// The sentence about `who`.
    func text(_ who: String) -> String { isOfPeer ? "\(who): \(text)" : text }
  }

  static func text(of record: Record) -> String {
    let who = record.subject.map { Self.who($0, record.event) } ?? "echoscpd"
    return clause(of: record, who).text(who)
  }

  /// - Parameter who: Whom the record is about.
  static func clause(of record: Record, _ who: String) -> Clause {
    switch record.event {
    case .started: return .service("echoscpd v\(Implementation.version)")
    case .listening: return .service("listening on \(who)")
    case .stopping: return .service("stopping: no new connections, associations may end")
    case .stopped(let associations, let echoes):
      return .service(
        "stopped after \(Counted.text(associations, "association")) and "
          + Counted.text(echoes, "echo", "echoes"))
    case .stoppedAtOnce(let count):
      return .service(
        "stopped at once: \(Counted.text(count, "association was", "associations were")) aborted")
    case .reloaded: return .service("configuration reloaded")
    case .configurationRefused: return .service("not started: the configuration is wrong")
    case .listenFailed: return .service("not started: \(record.lines.joined(separator: "; "))")
    case .reloadRefused:
      return .service(
        "reload refused: the configuration is wrong, and the one before goes on to hold")
    case .reloadFailed:
      return .service(
        "reload failed: the configuration could not be read; the previous one stays in force")
    case .restartNeeded:
      return .service(
        "\(record.lines.joined(separator: ", ")) is changed in the configuration; "
          + "it takes effect after systemctl restart echoscpd")
    case .socketsOverride: return .service(sockets(record.lines))
    case .timeoutDisabled(let key):
      return .service("\(key) is 0: a peer that stalls is waited for for ever")
    case .runsAsRoot:
      return .service(
        "this runs as root, which nothing here needs once it listens; set user to the user "
          + "whom it is to become, or to root if that is meant")
    case .maxAssociationsLowered(let wanted, let possible):
      return .service(
        "max-associations is \(wanted), but the limit of file descriptors has room for "
          + "\(possible); raise LimitNOFILE= or ulimit -n")
    case .outOfDescriptors(isSystems: true):
      return .service(
        "this machine has no file descriptor left: accepting pauses until one is free; raise "
          + "fs.file-max with sysctl, or end what uses them up")
    case .outOfDescriptors(isSystems: false):
      return .service(
        "no file descriptor is left: accepting pauses until a connection ends; "
          + "raise LimitNOFILE= or ulimit -n")
    case .acceptingAgain: return .service("file descriptors are free again: accepting goes on")
    case .acceptFailed(let error):
      return .service("cannot accept connections: \(ErrorText.of(error))")
    case .recordsDropped(let count, let loss):
      return .service(
        Counted.text(count, "log record was", "log records were") + " dropped: \(loss.text)")
    case .recordsSummed(let catalogID, _):
      return .service(
        "\(catalogID.summary): more records than the budget of the journal has room for")
    case .addressDenied(let isAmongDenied):
      return .peer(
        "connection closed unread: the address is "
          + (isAmongDenied ? "among deny-addresses" : "not among allow-addresses"))
    case .connectionRefused(let limit, _): return .peer("connection closed unread: \(limit.text)")
    case .connectionEvicted(let limit):
      return .peer("connection without an association closed to make room: \(limit.text)")
    case .connectionsEvicted(let count, let limit):
      return .service(
        "\(Counted.text(count, "connection")) without an association closed to "
          + "make room: \(limit.text); the last one was of \(who)")
    case .connected: return .peer("connected")
    case .associationAccepted(let outcome):
      return .peer(
        "association accepted, \(Counted.text(outcome.accepted, "presentation context"))")
    case .noUsableContext(let outcome): return .peer(describe(outcome, record))
    case .associationRejected(let rejection, let aeTitle):
      return .peer("association rejected: \(describe(rejection, aeTitle, record))")
    case .associationOverLimit(let limit):
      return .peer("association rejected: \(Rejection.localLimitExceeded.why): \(limit.text)")
    case .requestRefusedMemory(let held):
      let own = held.map {
        "; its own request held \(Counted.text($0, "byte")) of it, the most, and made room"
      }
      return .peer(
        "association rejected: \(Rejection.temporaryCongestion.why): the memory for partial PDUs is "
          + "used up\(own ?? "")")
    case .associationFromElsewhere: return .peer("association rejected: \(elsewhere(record))")
    case .echoReceived(let messageID, _): return .peer("C-ECHO-RQ \(messageID) answered")
    case .cancelReceived: return .peer("C-CANCEL-RQ ignored")
    case .associationReleased(_, let stage, _):
      return ended("association released", stage, isByPeer: false, record)
    case .abortReceived(let abort, let stage):
      let what = abort.map { "sent A-ABORT (\($0.text))" } ?? "sent an A-ABORT of a wrong length"
      return ended(what, stage, record)
    case .aborting(let reason, let command, _, let stage):
      let text = "aborted: \(aborted(reason, command, stage, record))"
      return Clause(isOfPeer: true, text: text, ending: stage.isEstablished ? text : nil)
    case .healthCheck: return .peer("connected and closed without a byte: a health check")
    case .requestIncomplete(let progress):
      return .peer("closed the connection when \(progress.textOfOpening("had come"))")
    case .peerVanished(let stage):
      return ended("closed the connection without A-RELEASE-RQ", stage, record)
    case .peerReset(.awaitingRequest):
      return .peer(
        "reset the connection"
          + (amidst(record, isOpening: true) ?? " in the middle of its A-ASSOCIATE-RQ"))
    case .peerReset(let stage): return ended("reset the connection", stage, record)
    case .requestTimedOut(let progress):
      let what =
        progress.pdu.received > 0
        ? progress.textOfOpening() : "connected and sent nothing; expected an A-ASSOCIATE-RQ"
      return .peer("acse-timeout: \(what)\(progress.hint)")
    case .closeTimedOut: return .peer("acse-timeout: did not close the connection")
    case .receiverStalled(let stall, _): return .peer(stall.text)
    case .replyLost:
      return .peer("no memory is left to keep an answer that it does not take; connection closed")
    case .disconnected: return .peer("connection closed")
    }
  }

  /// That an association ended in `stage` by `what`.
  private static func ended(
    _ what: String, _ stage: Stage, isByPeer: Bool = true, _ record: Record
  ) -> Clause {
    let withoutEcho =
      switch stage {
      case .established: ", without a C-ECHO-RQ"
      case .begun: ", in the middle of a message"
      case .awaitingRequest, .unusable, .echoed, .awaitingClose: ""
      }
    let amidst = amidst(record)
    return Clause(
      isOfPeer: true, text: what + (amidst ?? withoutEcho),
      ending: record.event.endsAnAssociation
        ? (isByPeer ? "then it " : "") + what + (amidst ?? "") : nil)
  }

  /// What there is to say beyond the sentence, a line each.
  static func details(of record: Record) -> [String] {
    record.event.entry.hasDetails ? record.lines : []
  }

  private static func sockets(_ lines: [String]) -> String {
    let other = lines.count == 2 ? ": \(lines[0]) is configured, \(lines[1]) was passed" : ""
    return "port and bind-address do not count, since the sockets are passed by systemd\(other); "
      + "change them by systemctl edit echoscpd.socket"
  }

  /// Whom `event` is about; where its request cannot be read or did not come whole, whom it has called, too.
  private static func who(_ subject: Subject, _ event: Event) -> String {
    guard event.entry.refused == .brokenRequest, let called = subject.calledName else {
      return subject.text
    }
    return "\(subject.text) called \(called)"
  }

  /// Why an association was aborted, or none begun.
  private static func aborted(
    _ fault: AbortReason, _ command: CommandFault?, _ stage: Stage, _ record: Record
  ) -> String {
    let words = fault.words(command, in: stage, opening: record.refused?.opening)
    let progress =
      words.isOfAnIncompletePDU ? amidst(record, isOpening: stage == .awaitingRequest) : nil
    return words.text + words.expectation + (record.refused?.misplacedTitles?.text ?? "")
      + (progress.map { ",\($0)" } ?? "")
  }

  /// In the middle of what it happened, if it did, and why the rest may not have come.
  ///
  /// - Parameter isOpening: Whether an A-ASSOCIATE-RQ was due.
  private static func amidst(_ record: Record, isOpening: Bool = false) -> String? {
    record.progress.map { progress in
      let text =
        isOpening ? progress.textOfOpening("had come") : "only \(progress.text("had come"))"
      return " when \(text)\(progress.hint)"
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
        + aeTitle.quoted + (difference.map { ": \($0)" } ?? "")
    case .temporaryCongestion, .localLimitExceeded: return rejection.why
    }
  }

  /// Whose AE title it is, and where that belongs.
  private static func elsewhere(_ record: Record) -> String {
    let calling = record.subject?.callingAETitle
    let addresses = record.lines.first ?? "other addresses"
    return "calling AE title \(calling?.quoted ?? "\"\"") is bound to \(addresses) by "
      + "[device \(calling?.text ?? "")]"
  }
}

/// The presentation contexts that were refused, in words.
extension Subject {
  private var firstRefusedName: String {
    firstRefused.map(UIDNames.name) ?? "one without an abstract syntax"
  }

  /// What an association without an echo may have been for; empty when nothing else was proposed.
  var otherWishes: String {
    switch refusedContexts {
    case 0: ""
    case 1:
      "; it also proposed \(firstRefusedName), which is refused here: the test of the device may want "
        + "more than an echo"
    default:
      "; it also proposed \(Counted.text(refusedContexts, "presentation context")) that are refused "
        + "here (first: \(firstRefusedName)): the test of the device may want more than an echo"
    }
  }
}

extension RequestExcerpt.Names {
  /// The most that are named.
  private static let mostNamed = 3

  /// The first few of them, by their names or their UIDs; `nil` when there is none.
  var text: String? {
    if all.isEmpty { return nil }
    let names = all.prefix(Self.mostNamed).map { UIDNames.name(of: $0) }.joined(separator: ", ")
    let others = all.count - Self.mostNamed
    if others <= 0 { return names }
    return "\(names) and \(hasMore ? "more than " : "")\(others) more"
  }
}

extension TransferSyntaxSet {
  /// The most that are named.
  private static let most = 3

  /// Their names, the first few of them; empty when there is none.
  var names: String {
    let all = TransferSyntax.allCases.filter(contains)
    let names = all.prefix(Self.most).map { UIDNames.name(of: $0) }.joined(separator: ", ")
    return all.count > Self.most ? "\(names) and \(all.count - Self.most) more" : names
  }
}
