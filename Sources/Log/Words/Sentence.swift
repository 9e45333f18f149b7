import Linux
import TLS
import UpperLayer
import Verification

/// An event as a self-contained sentence: who, what, and what was expected instead.
enum Sentence {
  /// The text about an event, without its subject.
  struct Clause {
    /// Whether the sentence begins with the peer that the event is about.
    let isOfPeer: Bool
    let text: String
    /// How the association ended, as the end of a summary of it; `nil` if no association ended.
    var ending: String?

    static func peer(_ text: String) -> Clause { Clause(isOfPeer: true, text: text) }

    static func service(_ text: String) -> Clause { Clause(isOfPeer: false, text: text) }

    /// Returns the sentence about `who`.
    func text(_ who: String) -> String { isOfPeer ? "\(who): \(text)" : text }
  }

  static func text(of record: Record, at now: WallTime? = nil) -> String {
    let who = record.subject.map { Self.who($0, record.event) } ?? "echoscpd"
    return clause(of: record, who, at: record.timeOfDay(now)).text(who)
  }

  /// - Parameters:
  ///   - who: The peer that the record is about.
  ///   - now: The time of day, for the dates of certificates.
  static func clause(of record: Record, _ who: String, at now: WallTime) -> Clause {
    switch record.event {
    case .started: return .service("echoscpd v\(Implementation.version)")
    case .listening: return .service("listening on \(who)")
    case .stopping: return .service("stopping: no new connections; open associations may finish")
    case .stopped(let associations, let echoes):
      return .service(
        "stopped after \(Counted.text(associations, "association")) and "
          + Counted.text(echoes, "echo", "echoes"))
    case .stoppedAtOnce(let count):
      return .service(
        "stopped at once: \(Counted.text(count, "association was", "associations were")) aborted")
    case .reloaded: return .service("configuration reloaded")
    case .configurationRefused: return .service("not started: the configuration has errors")
    case .listenFailed: return .service("not started: \(record.lines.joined(separator: "; "))")
    case .reloadRefused:
      return .service(
        "reload refused: the configuration has errors; the previous one stays in force")
    case .reloadFailed:
      return .service(
        "reload failed: the configuration could not be read; the previous one stays in force")
    case .restartNeeded:
      return .service(
        "\(record.lines.joined(separator: ", ")) changed in the configuration; "
          + "run systemctl restart echoscpd to apply the change")
    case .socketsOverride: return .service(sockets(record.lines))
    case .timeoutDisabled(let key):
      return .service("\(key) is 0: a peer that stalls is never disconnected")
    case .runsAsRoot:
      return .service(
        "running as root, which is not needed after startup; set user to an unprivileged "
          + "account, or to root to silence this warning")
    case .maxAssociationsLowered(let wanted, let possible):
      return .service(
        "max-associations is \(wanted), but the limit of file descriptors allows only "
          + "\(possible); raise LimitNOFILE= or ulimit -n")
    case .certificateRemark(let remark): return .service(remark.text(of: record.lines.first))
    case .tlsUnavailable: return .service("\(withoutTLS); correct them, and \(reload)")
    case .noProxyTrusted:
      return .service(
        "a socket for load balancers was passed, but proxy-trusted is none: every connection to it is "
          + "closed unread; set proxy-trusted to the addresses of the balancers")
    case .outOfDescriptors(isSystems: true):
      return .service(
        "this machine is out of file descriptors: accepting pauses until one is free; raise "
          + "fs.file-max with sysctl, or stop the process that uses them up")
    case .outOfDescriptors(isSystems: false):
      return .service(
        "out of file descriptors: accepting pauses until a connection ends; "
          + "raise LimitNOFILE= or ulimit -n")
    case .acceptingAgain: return .service("file descriptors are free again: accepting resumes")
    case .acceptFailed(let error):
      return .service("cannot accept connections: \(ErrorText.of(error))")
    case .recordsDropped(let count, let loss):
      return .service(
        Counted.text(count, "log record was", "log records were") + " dropped: \(loss.text)")
    case .recordsSummed(let catalogID, _):
      return .service(
        "\(catalogID.summary): more records than the journal's budget allows")
    case .addressDenied(let isAmongDenied):
      return .peer(
        "connection closed unread: the address is "
          + (isAmongDenied ? "in deny-addresses" : "not in allow-addresses"))
    case .connectionWithoutTLS:
      return .peer(
        "connection closed unread: \(withoutTLS); correct what the service said about them when it "
          + "started, and \(reload)")
    case .proxyNotTrusted, .proxyHeaderMissing, .proxyHeaderInvalid, .proxyHeaderIncomplete,
      .proxyHealthCheck, .addressShared:
      return .peer(ProxyText.of(record))
    case .connectionRefused(let limit, _): return .peer("connection closed unread: \(limit.text)")
    case .connectionEvicted(let limit):
      return .peer("connection without an association closed to make room: \(limit.text)")
    case .connectionsEvicted(let count, let limit):
      return .service(
        "\(Counted.text(count, "connection")) without an association closed to "
          + "make room: \(limit.text); the last one was from \(who)")
    case .connected: return .peer("connected")
    case .secured: return .peer(record.security?.text ?? "TLS handshake complete")
    case .handshakeFailed(let fault):
      let what = record.security?.isComplete == true ? "connection" : "handshake"
      return .peer("TLS \(what) failed: \(fault.text(of: record, at: now))")
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
        "; its own request held the most, \(Counted.text($0, "byte")), and was dropped"
      }
      return .peer(
        "association rejected: \(Rejection.temporaryCongestion.why): the memory for partial PDUs is "
          + "used up\(own ?? "")")
    case .associationFromElsewhere: return .peer("association rejected: \(elsewhere(record))")
    case .certificateOfAnother:
      return .peer("association rejected: \(CertificateBinding.text(of: record))")
    case .echoReceived(let messageID, _): return .peer("C-ECHO-RQ \(messageID) answered")
    case .cancelReceived: return .peer("C-CANCEL-RQ ignored")
    case .associationReleased(_, let stage, _):
      return ended("association released", stage, isByPeer: false, record)
    case .abortReceived(let abort, let stage):
      let what = abort.map { "sent A-ABORT (\($0.text))" } ?? "sent an A-ABORT of the wrong length"
      return ended(what, stage, record)
    case .aborting(let reason, let command, _, let stage):
      let text = "aborted: \(aborted(reason, command, stage, record))"
      return Clause(isOfPeer: true, text: text, ending: stage.isEstablished ? text : nil)
    case .healthCheck: return .peer("connected and closed without data: a health check")
    case .requestIncomplete(let progress):
      return .peer("closed the connection when \(progress.textOfOpening("had arrived"))")
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
      return .peer("no memory left to buffer an answer that it does not read; connection closed")
    case .disconnected: return .peer("connection closed")
    }
  }

  /// Why no TLS connection is served.
  private static let withoutTLS = "TLS is not in service, since its files cannot be used"
  private static let reload = "run systemctl reload echoscpd"

  /// Returns the clause about an association that ended in `stage` by `what`.
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

  /// The lines that follow the sentence.
  static func details(of record: Record) -> [String] {
    record.event.entry.hasDetails ? record.lines : []
  }

  private static func sockets(_ lines: [String]) -> String {
    let other = lines.count == 2 ? ": \(lines[0]) is configured, \(lines[1]) was passed" : ""
    return "port and bind-address are ignored, since systemd passes the sockets\(other); "
      + "change them with systemctl edit echoscpd.socket"
  }

  /// The peer that `event` is about, with the called title if its request is malformed or incomplete.
  private static func who(_ subject: Subject, _ event: Event) -> String {
    guard event.entry.refused == .brokenRequest, let called = subject.calledName else {
      return subject.text
    }
    return "\(subject.text) called \(called)"
  }

  /// The reason why an association was aborted or never began.
  private static func aborted(
    _ reason: AbortReason, _ command: CommandFault?, _ stage: Stage, _ record: Record
  ) -> String {
    let words = reason.words(command, in: stage, opening: record.refused?.opening)
    let progress =
      words.isOfAnIncompletePDU ? amidst(record, isOpening: stage == .awaitingRequest) : nil
    return words.text + words.expectation + (record.refused?.misplacedTitles?.text ?? "")
      + (progress.map { ",\($0)" } ?? "")
  }

  /// How much of a PDU or message had arrived and why the rest may be missing; `nil` if none was incomplete.
  ///
  /// - Parameter isOpening: Whether an A-ASSOCIATE-RQ was due.
  private static func amidst(_ record: Record, isOpening: Bool = false) -> String? {
    record.progress.map { progress in
      let text =
        isOpening ? progress.textOfOpening("had arrived") : "only \(progress.text("had arrived"))"
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
        names.map { " with \($0), but no transfer syntax that is accepted here" }
        ?? ", but no transfer syntax that is known here"
      return "proposed Verification\(proposed); enable Implicit VR Little Endian "
        + "(1.2.840.10008.1.2) on the device"
    }
    return "proposed \(contexts(total, record)): nothing was accepted; use Echo, not "
      + "Send, on the device"
  }

  /// The presentation contexts that were proposed instead of Verification.
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
      return "protocol version\(came) not supported; expected version 1 (0001H)"
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
        return "its calling AE title is blank; expected one of allow-calling-ae-titles: set the "
          + "device's own AE title on the device"
      }
      return "calling AE title \(calling?.quoted ?? "\"\"") not recognized; expected one of "
        + "allow-calling-ae-titles"
    case .calledAETitle:
      let difference = subject?.calledAETitle.flatMap { TitleDifference.text($0, aeTitle) }
      return "called AE title \(subject?.calledAETitle?.quoted ?? "\"\"") not recognized; expected "
        + aeTitle.quoted + (difference.map { " (\($0))" } ?? "")
    case .temporaryCongestion, .localLimitExceeded: return rejection.why
    }
  }

  /// The calling AE title of a device that is bound to other addresses, with those addresses.
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

  /// What else an association without an echo proposed; empty if it proposed nothing else.
  var otherWishes: String {
    switch refusedContexts {
    case 0: ""
    case 1:
      "; it also proposed \(firstRefusedName), which is refused here: the device's test may need "
        + "more than an echo"
    default:
      "; it also proposed \(Counted.text(refusedContexts, "presentation context")) that are refused "
        + "here (first: \(firstRefusedName)): the device's test may need more than an echo"
    }
  }
}

extension RequestExcerpt.Names {
  /// The largest number of names in a sentence.
  private static let mostNamed = 3

  /// The first few names, or UIDs where a name is unknown; `nil` if there are none.
  var text: String? {
    if all.isEmpty { return nil }
    let names = all.prefix(Self.mostNamed).map { UIDNames.name(of: $0) }.joined(separator: ", ")
    let others = all.count - Self.mostNamed
    if others <= 0 { return names }
    return "\(names) and \(hasMore ? "more than " : "")\(others) more"
  }
}

extension TransferSyntaxSet {
  /// The largest number of names in a sentence.
  private static let most = 3

  /// The names of the first few transfer syntaxes; empty if there are none.
  var names: String {
    let all = TransferSyntax.allCases.filter(contains)
    let names = all.prefix(Self.most).map { UIDNames.name(of: $0) }.joined(separator: ", ")
    return all.count > Self.most ? "\(names) and \(all.count - Self.most) more" : names
  }
}
