import Linux
import Log
import Requestor
import UpperLayer

/// What went wrong with a probe, told to a person: in which phase, why, and what to do.
struct ProbeProblem {
  /// The address and port, unless the name was not found.
  let address: NetworkAddress?
  /// The phase in which it did.
  let phase: ProbePhase
  /// Why.
  let failure: ProbeFailure
  /// What was asked of whom.
  let question: ProbeQuestion
  /// What has come of the answer that was waited for; `nil` when nothing is known of it.
  var progress: PDUProgress?
  /// How long the address, or looking up the name, took until then, in microseconds.
  var duration: UInt64 = 0

  /// A word for it that stays the same.
  var cause: ProbeCause {
    if begun != nil { return .incompleteAnswer }
    return switch failure {
    case .unknownName: .nameUnknown
    case .unansweredName: .nameUnanswered
    case .unresolvedName: .nameFailed
    case .timeout: .timeout
    case .peer(let failure): failure.cause
    case .system(let number): system(number).cause
    }
  }

  /// What happened. Whatever goes wrong with the release, the echo was answered.
  var text: String {
    phase == .release ? "the echo was answered, only the release failed: \(what)" : what
  }

  private var what: String {
    guard let loss = progress?.loss else { return begun ?? whatFailed }
    return "\(begun ?? whatFailed); \(loss)"
  }

  private var whatFailed: String {
    switch failure {
    case .unknownName: "the name \(quoted(question.host)) is not known, or has no address"
    case .unansweredName: "no name server has answered for \(quoted(question.host))"
    case .unresolvedName: "the name \(quoted(question.host)) cannot be looked up"
    case .timeout: timeout
    case .peer(let failure): failure.text
    case .system(let number): system(number).text
    }
  }

  /// What to do.
  var remedy: String {
    if progress?.loss != nil { return PDUProgress.lossRemedy }
    if begun != nil {
      return
        "look at the log of the SCP; if it has sent all of the answer, look for an MTU problem or "
        + "a firewall on the way"
    }
    return switch failure {
    case .unknownName: "check how the host is spelled, or name its address"
    case .unansweredName: "check /etc/resolv.conf and the network, or name the address of the host"
    case .unresolvedName: "check /etc/nsswitch.conf, or name the address of the host"
    case .timeout: timeoutRemedy
    case .peer(.closed): goneRemedy
    case .peer(let failure): failure.remedy(question, in: phase)
    case .system(let number): system(number).remedy ?? goneRemedy
    }
  }

  /// On one line, without its remedy.
  var line: String { "\(phase.rawValue): \(text)" }

  private func system(_ number: Int32) -> SystemProblem {
    SystemProblem(number: number, address: address)
  }

  /// How an answer stopped that has begun; `nil` when none has.
  private var begun: String? {
    guard let progress, progress.pdu.received > 0 || progress.pdu.message > 0 else { return nil }
    let came = progress.textOfAnswer
    return switch failure {
    case .timeout: "\(option): \(limit) only \(came)"
    case .peer(.closed): "\(came), then the peer closed the connection"
    case .system(let number) where system(number).cause == .reset:
      "\(came), then the peer reset the connection"
    case .system(let number): "\(came), then \(system(number).text)"
    case .peer, .unknownName, .unansweredName, .unresolvedName: nil
    }
  }

  /// The setting that bounds the phase.
  private var option: String {
    switch phase {
    case .resolve: "resolv.conf"
    case .connect: "network-timeout"
    case .associate, .release: "acse-timeout"
    case .echo: "dimse-timeout"
    }
  }

  private var limit: String { "within \(Self.seconds(question.timeout(of: phase))) s" }

  private var timeout: String {
    switch phase {
    case .resolve: "\(option): no address \(limit)"
    case .connect: "\(option): no connection \(limit)"
    case .associate: "\(option): connected, but no answer to the A-ASSOCIATE-RQ \(limit)"
    case .echo: "\(option): associated, but no C-ECHO-RSP \(limit)"
    case .release: "\(option): no answer to the A-RELEASE-RQ \(limit)"
    }
  }

  private var timeoutRemedy: String {
    switch phase {
    case .resolve: "name the address of the host"
    case .connect:
      "check the address, whether the host is up, and firewalls, which may drop packets"
    case .associate:
      "what listens there is no SCP, waits for TLS, or hangs: check the port and its log"
    case .echo, .release: "the SCP hangs or is overloaded: look at its log"
    }
  }

  /// What to do when the connection has ended without a word.
  private var goneRemedy: String {
    switch phase {
    case .resolve, .connect, .associate:
      "what listens there is no SCP, wants TLS, or does not want this address: check the port, "
        + "firewalls and load balancers, and its log"
    case .echo:
      "look at the log of the SCP, which may have stopped, and at firewalls and load balancers on the "
        + "way"
    case .release:
      "C-ECHO works; look at the log of the SCP for why it ends the connection itself, and at load "
        + "balancers on the way"
    }
  }

  private func quoted(_ text: String) -> String { "\"\(Escaping.line(text))\"" }

  /// Milliseconds in seconds.
  private static func seconds(_ milliseconds: UInt32) -> String {
    var decimals = String(milliseconds % 1000 + 1000).dropFirst()
    while decimals.hasSuffix("0") { decimals.removeLast() }
    return "\(milliseconds / 1000)" + (decimals.isEmpty ? "" : ".\(decimals)")
  }
}

extension PDUProgress {
  /// How much of an answer came.
  fileprivate var textOfAnswer: String {
    guard let first = pdu.firstByte, pdu.type == nil else { return text() }
    return "\(Counted.text(pdu.received, "byte")) came, \(hex(first))H first, which begins no PDU"
  }
}
