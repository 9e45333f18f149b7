import Requestor
import UpperLayer

/// What went wrong with a probe, told to a person: in which phase, why, and what to do.
struct ProbeProblem {
  /// The address and port, unless the name was not found.
  let address: PeerAddress?
  /// The phase in which it did.
  let phase: ProbePhase
  /// Why.
  let failure: ProbeFailure
  /// What was asked of whom.
  let question: ProbeQuestion

  /// The errnos that are told apart.
  private enum Known: Int32 {
    case brokenPipe = 32
    case networkDown = 100
    case networkUnreachable = 101
    case reset = 104
    case timedOut = 110
    case refused = 111
    case hostDown = 112
    case hostUnreachable = 113
  }

  /// A word for it that stays the same.
  var cause: String {
    switch failure {
    case .unknownName: "name-unknown"
    case .unansweredName: "name-unanswered"
    case .unresolvedName: "name-failed"
    case .timeout: "timeout"
    case .peer(let failure): failure.cause
    case .system(let number):
      switch Known(rawValue: number) {
      case .refused: "refused"
      case .networkDown, .networkUnreachable, .hostDown, .hostUnreachable: "no-route"
      case .timedOut: "timeout"
      case .brokenPipe, .reset: "reset"
      case nil: "system"
      }
    }
  }

  /// What happened.
  var text: String {
    switch failure {
    case .unknownName: "the name \(quoted(question.host)) is not known, or has no address"
    case .unansweredName: "no name server has answered for \(quoted(question.host))"
    case .unresolvedName: "the name \(quoted(question.host)) cannot be looked up"
    case .timeout: timeout
    case .peer(let failure): failure.text
    case .system(let number):
      switch Known(rawValue: number) {
      case .refused: "refused: nothing listens at this port"
      case .networkDown, .networkUnreachable, .hostDown, .hostUnreachable:
        "no route to this address (\(ErrorText.of(number)))"
      case .timedOut: "the host does not answer (\(ErrorText.of(number)))"
      case .brokenPipe, .reset: "the peer has reset the connection"
      case nil: ErrorText.of(number)
      }
    }
  }

  /// What to do.
  var remedy: String {
    switch failure {
    case .unknownName: "check how the host is spelled, or name its address"
    case .unansweredName: "check /etc/resolv.conf and the network, or name the address of the host"
    case .unresolvedName: "check /etc/nsswitch.conf, or name the address of the host"
    case .timeout: timeoutRemedy
    case .peer(.closed): goneRemedy
    case .peer(let failure): failure.remedy(question)
    case .system(let number):
      switch Known(rawValue: number) {
      case .refused: "start the SCP there, or name the port at which it listens"
      case .networkDown, .networkUnreachable, .hostDown, .hostUnreachable:
        "check the address, and the routes and firewalls in between"
      case .timedOut: "check the address, whether the host is up, and firewalls"
      case .brokenPipe, .reset: goneRemedy
      case nil: "see what this host says about it"
      }
    }
  }

  /// On one line, without its remedy.
  var line: String { "\(phase.rawValue): \(text)" }

  private var timeout: String {
    let limit = "within \(Self.seconds(question.timeout(of: phase))) s"
    return switch phase {
    case .resolve: "no address \(limit)"
    case .connect: "network-timeout: no connection \(limit)"
    case .associate: "acse-timeout: connected, but no answer to the A-ASSOCIATE-RQ \(limit)"
    case .echo: "dimse-timeout: associated, but no C-ECHO-RSP \(limit)"
    case .release: "acse-timeout: the echo was answered, but not the A-RELEASE-RQ \(limit)"
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

  /// What to do when the peer has ended the connection without a word.
  private var goneRemedy: String {
    switch phase {
    case .resolve, .connect, .associate:
      "what listens there is no SCP, wants TLS, or does not want this address: check the port, "
        + "firewalls and load balancers, and its log"
    case .echo: "the SCP may have crashed: look at its log"
    case .release: "the echo was answered; the SCP does not end associations as the standard has it"
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
