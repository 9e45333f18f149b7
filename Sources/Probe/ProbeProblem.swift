import Linux
import Log
import Requestor
import UpperLayer

/// What went wrong with a probe, told to a person: in which phase, why, and what to do.
struct ProbeProblem {
  /// The address and port, unless the name was not found.
  let address: NetworkAddress?
  /// The phase that failed.
  let phase: ProbePhase
  /// Why.
  let failure: ProbeFailure
  /// What was asked of whom.
  let question: ProbeQuestion
  /// How much of the awaited answer came; `nil` when nothing is known of it.
  var progress: PDUProgress?
  /// How long the address, or looking up the name, took until then, in microseconds.
  var duration: UInt64 = 0

  /// What it is called, what happened, and what to do. Whatever goes wrong with the release, the echo was
  /// answered.
  var explanation: Explanation {
    var result = interruption ?? row
    if let loss = progress?.loss {
      result.text += "; \(loss)"
      result.remedy = PDUProgress.lossRemedy
    }
    if phase == .release {
      result.text = "the echo was answered, only the release failed: \(result.text)"
    }
    return result
  }

  /// What happened, on one line.
  var line: String { "\(phase.rawValue): \(explanation.text)" }

  /// One row for each failure.
  private var row: Explanation {
    switch failure {
    case .name(.unknown):
      Explanation(
        .nameUnknown, "the name \(quotedHost) is not known, or has no address",
        "check how the host is spelled, or name its address")
    case .name(.unanswered):
      Explanation(
        .nameUnanswered, "no name server has answered for \(quotedHost)",
        "check /etc/resolv.conf and the network, or name the address of the host")
    case .name(.failed):
      Explanation(
        .nameFailed, "the name \(quotedHost) cannot be looked up",
        "check /etc/nsswitch.conf, or name the address of the host")
    case .timeout: timeout
    case .system(let number): explanation(ofSystem: number)
    case .peer(.rejected(let rejection)):
      Explanation(.rejected, rejection.sentence, rejection.remedy(question))
    case .peer(.aborted(let abort)): Explanation(.aborted, abort.sentence, abort.remedy(in: phase))
    case .peer(.foreign(let foreign, let bytes)): foreign.explanation(bytes)
    case .peer(.releaseRequested):
      Explanation(
        .released, "the peer has asked for a release instead of answering (A-RELEASE-RQ)",
        "the SCP is about to stop, or has no use for an echo: look at its log")
    case .peer(.closed):
      Explanation(.closed, "the peer has closed the connection without an answer", goneRemedy)
    case .peer(.wrong(let fault)): fault.explanation
    }
  }

  /// One row for each phase that took too long.
  private var timeout: Explanation {
    let (what, remedy) =
      switch phase {
      case .resolve: ("no address", "name the address of the host")
      case .connect:
        (
          "no connection",
          "check the address, whether the host is up, and firewalls, which may drop packets"
        )
      case .associate:
        (
          "connected, but no answer to the A-ASSOCIATE-RQ",
          "what listens there is no SCP, waits for TLS, or hangs: check the port and its log"
        )
      case .echo:
        ("associated, but no C-ECHO-RSP", "the SCP hangs or is overloaded: look at its log")
      case .release:
        ("no answer to the A-RELEASE-RQ", "the SCP hangs or is overloaded: look at its log")
      }
    return Explanation(.timeout, "\(phase.setting): \(what) \(limit)", remedy)
  }

  /// What to do when the connection has ended without a word.
  var goneRemedy: String {
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

  /// The failure where an answer had begun to come; `nil` when none had.
  private var interruption: Explanation? {
    guard let progress, progress.pdu.received > 0 || progress.pdu.message > 0 else { return nil }
    let (came, row) = (progress.textOfAnswer, row)
    let text =
      if failure == .timeout {
        "\(phase.setting): \(limit) only \(came)"
      } else if row.cause == .closed {
        "\(came), then the peer closed the connection"
      } else if row.cause == .reset {
        "\(came), then the peer reset the connection"
      } else {
        "\(came), then \(row.text)"
      }
    return Explanation(
      .incompleteAnswer, text,
      "look at the log of the SCP; if it has sent all of the answer, look for an MTU problem or "
        + "a firewall on the way")
  }

  private var quotedHost: String { "\"\(Escaping.line(question.host))\"" }

  /// `within 1.5 s`, as long as the phase may take.
  private var limit: String {
    let milliseconds = question.timeout(of: phase)
    var decimals = String(milliseconds % 1000 + 1000).dropFirst()
    while decimals.hasSuffix("0") { decimals.removeLast() }
    return "within \(milliseconds / 1000)\(decimals.isEmpty ? "" : ".\(decimals)") s"
  }
}

/// What a failure means.
struct Explanation {
  /// A word for it that stays the same.
  let cause: ProbeCause
  /// What happened.
  var text: String
  /// What to do.
  var remedy: String

  init(_ cause: ProbeCause, _ text: String, _ remedy: String) {
    self.cause = cause
    self.text = text
    self.remedy = remedy
  }
}

extension PDUProgress {
  /// How much of an answer came.
  fileprivate var textOfAnswer: String {
    guard let first = pdu.firstByte, pdu.type == nil else { return text() }
    return "\(Counted.text(pdu.received, "byte")) came, \(hex(first))H first, which begins no PDU"
  }
}

/// Why a probe has failed in one of its phases.
enum ProbeFailure: Error, Equatable {
  /// The name of the host leads to no address.
  case name(NetworkAddress.ResolveFailure)
  /// The operating system says so, by this errno.
  case system(Int32)
  /// It took longer than it may.
  case timeout
  /// What the peer has done instead of answering.
  case peer(EchoSCU.Failure)
}

/// Why a probe has failed, in one word that stays: for programs, which read it as the member `cause`
/// of `--json`. echoscpd(8) lists them.
public enum ProbeCause: String, CaseIterable, Sendable {
  /// The name is not known, or has no address.
  case nameUnknown = "name-unknown"
  /// No name server answers.
  case nameUnanswered = "name-unanswered"
  /// Looking up the name fails in another way.
  case nameFailed = "name-failed"
  /// Nothing listens at the port.
  case refused
  /// There is no way to the address.
  case noRoute = "no-route"
  /// This machine does not speak the protocol of the address, IPv4 or IPv6.
  case noIPVersion = "no-ip-version"
  /// A firewall or a security policy forbids the connection.
  case forbidden
  /// This machine has no port, no descriptor or no memory left for it.
  case localLimit = "local-limit"
  /// Another error of the operating system.
  case system
  /// Nothing comes in time.
  case timeout
  /// The peer closes the connection without an answer.
  case closed
  /// The peer resets the connection without an answer.
  case reset
  /// An answer has begun, and the rest of it does not come.
  case incompleteAnswer = "incomplete-answer"
  /// The first bytes are of another protocol.
  case notDICOM = "not-dicom"
  /// A-ASSOCIATE-RJ.
  case rejected
  /// A-ABORT.
  case aborted
  /// A-RELEASE-RQ in place of the C-ECHO-RSP.
  case released
  /// The presentation context is refused.
  case contextRefused = "context-refused"
  /// C-ECHO-RSP with another status than Success.
  case status
  /// Another answer than one that is due.
  case wrongAnswer = "wrong-answer"
}
