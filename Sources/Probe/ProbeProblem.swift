import Linux
import Log
import Requestor
import TLS
import UpperLayer

/// A problem of a probe, explained for people: in which phase, why, and what to do.
struct ProbeProblem {
  /// The address and port, or `nil` if the name was not found.
  let address: NetworkAddress?
  /// The address and port that the connection comes from, or `nil` without one.
  var source: NetworkAddress?
  /// The phase that failed.
  let phase: ProbePhase
  /// Why the phase failed.
  let failure: ProbeFailure
  /// The question of the probe.
  let question: ProbeQuestion
  /// How much of the expected answer arrived, or `nil` if that is unknown.
  var progress: PDUProgress?
  /// What is known of the TLS session; `nil` without TLS, and before the handshake.
  var security: ProbeSecurity?
  /// How long the attempt at the address, or looking up the name, took until then, in microseconds.
  var duration: UInt64 = 0
  /// The part of the limit for connecting that the address had, in milliseconds; `nil` for all of it.
  var patience: UInt32?

  /// The cause, what happened, and what to do. If the release fails, the text says that
  /// the echo was answered.
  var explanation: Explanation {
    var result = interruption ?? refusal(row) ?? row
    if let loss = progress?.loss {
      result.text += "; \(loss)"
      result.remedy = PDUProgress.lossRemedy
    }
    if phase == .release {
      result.text = "the echo was answered; only the release failed: \(result.text)"
    }
    return result
  }

  /// What happened, on one line.
  var line: String { "\(phase.rawValue): \(explanation.text)" }

  /// The explanation of each failure.
  private var row: Explanation {
    switch failure {
    case .name(.unknown):
      Explanation(
        .nameUnknown, "the host \(quotedHost) is unknown or has no address",
        "check the spelling, or use the host's address")
    case .name(.unanswered):
      Explanation(
        .nameUnanswered, "no name server answered for \(quotedHost)",
        "check /etc/resolv.conf and the network, or use the host's address")
    case .name(.failed):
      Explanation(
        .nameFailed, "looking up \(quotedHost) failed",
        "check /etc/nsswitch.conf, or use the host's address")
    case .timeout: timeout
    case .system(let number): explanation(ofSystem: number)
    case .peer(.rejected(let rejection)):
      Explanation(.rejected, rejection.sentence, rejection.remedy(question))
    case .peer(.aborted(let abort)):
      Explanation(
        .aborted, abort.sentence, abort.remedy(in: phase, isTLS: question.tls != nil))
    case .peer(.foreign(let foreign, let bytes)): foreign.explanation(bytes, question)
    case .peer(.releaseRequested):
      Explanation(
        .released, "the peer requested a release instead of answering (A-RELEASE-RQ)",
        "see the SCP's log; it may be shutting down, or not support C-ECHO")
    case .peer(.closed):
      Explanation(.closed, "the peer closed the connection without an answer", goneRemedy)
    case .peer(.wrong(let fault)): fault.explanation
    case .handshake(let fault): explanation(of: fault)
    }
  }

  /// The explanation for each phase that took too long.
  var timeout: Explanation {
    let (what, remedy) =
      switch phase {
      case .resolve: ("no address", "use the host's address")
      case .connect:
        (
          "no connection",
          "check the address, whether the host is up, and whether a firewall drops packets"
        )
      case .tls:
        (
          "connected, but no answer to the ClientHello",
          "check the port and the SCP's log; the listener may hang, not speak TLS, or not get the "
            + "ClientHello because of an MTU problem"
        )
      case .associate:
        (
          "connected, but no answer to the A-ASSOCIATE-RQ",
          "check the port and the SCP's log; the listener may hang\(usualMistake), or not be an SCP"
        )
      case .echo:
        ("associated, but no C-ECHO-RSP", "see the SCP's log; it may hang or be overloaded")
      case .release:
        ("no answer to the A-RELEASE-RQ", "see the SCP's log; it may hang or be overloaded")
      }
    return Explanation(.timeout, "\(phase.setting): \(what) \(limit)", remedy)
  }

  /// The remedy for a connection that ended without an answer.
  var goneRemedy: String {
    switch phase {
    case .resolve, .connect, .tls, .associate:
      certificateHint
        ?? "check the port, the SCP's log, firewalls and load balancers; the listener may refuse this "
        + "machine's address\(usualMistake), or not be an SCP"
    case .echo:
      "see the SCP's log, since it may have stopped, and check the firewalls and load balancers in "
        + "between"
    case .release:
      "see the SCP's log for why it closes the connection itself, and check the load balancers in "
        + "between; C-ECHO works"
    }
  }

  /// What else may be the reason if a listener does not answer, after a comma.
  private var usualMistake: String {
    if question.tls == nil { return ", expect TLS (--tls)" }
    return phase == .tls ? ", not speak TLS" : ""
  }

  /// The explanation if an answer had begun to arrive, or `nil` if none had.
  private var interruption: Explanation? {
    guard let progress, progress.pdu.received > 0 || progress.pdu.message > 0 else { return nil }
    let (came, row) = (progress.textOfAnswer, row)
    let text =
      if failure == .timeout {
        "\(phase.setting): \(limit), only \(came)"
      } else if row.cause == .closed {
        "\(came), then the peer closed the connection"
      } else if row.cause == .reset {
        "\(came), then the peer reset the connection"
      } else {
        "\(came), then \(row.text)"
      }
    return Explanation(
      .incompleteAnswer, text,
      "see the SCP's log; if it sent the whole answer, look for an MTU problem or a firewall in "
        + "between")
  }

  private var quotedHost: String { "\"\(Escaping.line(question.host))\"" }

  /// The time limit of the phase, as in `within 1.5 s`.
  var limit: String {
    let milliseconds =
      phase == .connect ? patience ?? question.networkTimeout : question.timeout(of: phase)
    var decimals = String(milliseconds % 1000 + 1000).dropFirst()
    while decimals.hasSuffix("0") { decimals.removeLast() }
    return "within \(milliseconds / 1000)\(decimals.isEmpty ? "" : ".\(decimals)") s"
  }
}

/// The explanation of a failure.
struct Explanation {
  /// A stable word for the failure.
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
  /// How much of an answer arrived, in words.
  fileprivate var textOfAnswer: String {
    guard let first = pdu.firstByte, pdu.type == nil else { return text() }
    return "\(Counted.text(pdu.received, "byte")) came, starting with \(hex(first))H, not a PDU"
  }
}

/// Why a probe failed in one of its phases.
enum ProbeFailure: Error, Equatable {
  /// The name of the host does not lead to an address.
  case name(NetworkAddress.ResolveFailure)
  /// The operating system reported this errno.
  case system(Int32)
  /// The phase took too long.
  case timeout
  /// The peer did this instead of answering.
  case peer(EchoSCU.Failure)
  /// The TLS handshake failed, or the session later.
  case handshake(HandshakeFault)
}

/// Why a probe failed, in one stable word for programs, which read it as the member `cause` of `--json`.
/// echoscpd(8) lists these words.
public enum ProbeCause: String, CaseIterable, Sendable {
  /// The name is unknown or has no address.
  case nameUnknown = "name-unknown"
  /// No name server answers.
  case nameUnanswered = "name-unanswered"
  /// Looking up the name fails in another way.
  case nameFailed = "name-failed"
  /// Nothing listens on the port.
  case refused
  /// There is no route to the address.
  case noRoute = "no-route"
  /// This machine does not support the protocol of the address, IPv4 or IPv6.
  case noIPVersion = "no-ip-version"
  /// A firewall or a security policy forbids the connection.
  case forbidden
  /// This machine has no port, descriptor or memory left for the connection.
  case localLimit = "local-limit"
  /// Another error of the operating system.
  case system
  /// Nothing arrives in time.
  case timeout
  /// The peer closes the connection without an answer.
  case closed
  /// The peer resets the connection without an answer.
  case reset
  /// An answer begins, but the rest of it does not arrive.
  case incompleteAnswer = "incomplete-answer"
  /// The first bytes belong to another protocol.
  case notDICOM = "not-dicom"
  /// The answer to the ClientHello is not TLS.
  case notTLS = "not-tls"
  /// The peer accepts only old versions of TLS.
  case tlsTooOld = "tls-too-old"
  /// No cipher suite, group or signature algorithm is common.
  case noCommonCipher = "no-common-cipher"
  /// The peer does not speak the application protocol `dicom` (ALPN).
  case noCommonALPN = "no-common-alpn"
  /// The peer's certificate is not from a CA that is trusted here.
  case certificateUntrusted = "certificate-untrusted"
  /// The peer's certificate, or that of a CA, has expired.
  case certificateExpired = "certificate-expired"
  /// The peer's certificate, or that of a CA, is not valid yet.
  case certificateNotYetValid = "certificate-not-yet-valid"
  /// The peer's certificate is on a revocation list.
  case certificateRevoked = "certificate-revoked"
  /// The peer's certificate is not for servers.
  case certificatePurpose = "certificate-purpose"
  /// A key or signature is too weak.
  case certificateWeak = "certificate-weak"
  /// The peer's certificate is for another name.
  case certificateName = "certificate-name"
  /// The peer's certificate has another fault.
  case certificateInvalid = "certificate-invalid"
  /// A certificate revocation list is missing or not current.
  case crlOutdated = "crl-outdated"
  /// The peer requires a certificate of this program.
  case certificateRequired = "certificate-required"
  /// The peer does not accept the certificate of this program.
  case ownCertificateRefused = "own-certificate-refused"
  /// Another alert of the peer.
  case tlsAlert = "tls-alert"
  /// Another failure of TLS.
  case tlsError = "tls-error"
  /// A-ASSOCIATE-RJ.
  case rejected
  /// A-ABORT.
  case aborted
  /// A-RELEASE-RQ instead of the C-ECHO-RSP.
  case released
  /// The presentation context is refused.
  case contextRefused = "context-refused"
  /// C-ECHO-RSP with a status other than Success.
  case status
  /// An answer other than the expected one.
  case wrongAnswer = "wrong-answer"
}
