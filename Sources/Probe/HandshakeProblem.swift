import Linux
import Log
import TLS
import UpperLayer

/// Explanations of TLS sessions that failed, as a client sees them.
extension ProbeProblem {
  /// The explanation of `fault`.
  func explanation(of fault: HandshakeFault) -> Explanation {
    switch fault {
    case .certificate(let faults, let code): explanation(ofCertificate: faults, code)
    case .chainTooLong:
      Explanation(
        .certificateInvalid,
        "its certificates are longer than \(Context.longestChain >> 10) KiB, the limit of this program",
        "let the SCP send only its certificate and those of the CAs above it")
    case .noCommonCipher, .noCommonGroup, .noCommonSignatureAlgorithm:
      Explanation(
        .noCommonCipher,
        "it chose a cipher suite, a group or a signature algorithm that this program does not accept",
        Self.profileRemedy)
    case .versionTooOld:
      Explanation(
        .tlsTooOld, "it chose a version of TLS that is too old", Self.versionRemedy)
    case .noCommonApplicationProtocol: explanation(ofAlert: Alert.noApplicationProtocol)
    case .notTLS: explanationOfOtherProtocol
    case .alert(let number): explanation(ofAlert: number)
    case .closed:
      Explanation(.closed, "the peer closed the connection \(interruptedHandshake)", endRemedy)
    case .reset:
      Explanation(.reset, "the peer reset the connection \(interruptedHandshake)", endRemedy)
    case .timedOut: timeoutOfHandshake
    case .other(let error):
      Explanation(
        .tlsError, "TLS failed: \(error.text)",
        "see the SCP's log; openssl s_client -connect \(question.place) shows the handshake")
    }
  }

  /// What to do if there is no version of TLS that both accept.
  private static let versionRemedy =
    "enable TLS 1.2 or 1.3 in the SCP's settings, since RFC 8996 prohibits older versions; if it has "
    + "only 1.2, omit --tls-min-version"
  /// What to do if there is no cipher suite that both accept.
  private static let profileRemedy =
    "enable TLS 1.3 in the SCP's settings, or for TLS 1.2 the BCP 195 RFC 8996/9325 profile of DICOM "
    + "(PS3.15 B.12): ECDHE with AES-GCM"

  /// The explanation of an answer that is not TLS.
  private var explanationOfOtherProtocol: Explanation {
    let bytes = security?.opening ?? []
    let foreign = ForeignProtocol(firstBytes: bytes.span)
    if foreign == nil, let type = bytes.first.flatMap({ PDUType(rawValue: $0) }) {
      return Explanation(
        .notTLS, "the peer answered in DICOM without TLS (\(type.name))",
        "omit --tls, or use the host's port for DICOM TLS, often 2762")
    }
    let other = foreign ?? .other
    let what = other == .other ? "the answer is not TLS" : "\(other.name) instead of TLS"
    return Explanation(
      .notTLS, "\(what): \(ForeignProtocol.beginning(bytes))", other.remedy(isTLS: true))
  }

  /// How far the handshake came before the connection ended.
  private var interruptedHandshake: String {
    let received = security?.facts.received ?? 0
    return received == 0
      ? "without an answer to the ClientHello"
      : "during the TLS handshake, after \(Counted.text(received, "byte"))"
  }

  /// What to do about a connection that ended during the handshake.
  private var endRemedy: String { certificateHint ?? goneRemedy }

  /// What to do if the server may have ended the connection because of our certificate, without saying so; `nil` if it
  /// did not ask for one.
  var certificateHint: String? {
    guard phase == .tls || phase == .associate, security?.facts.asksForCertificate == true else {
      return nil
    }
    return own == nil
      ? "see the SCP's log; it may require a certificate: use \(Self.identityOptions) to present one"
      : "see the SCP's log; it may not accept the certificate of this program"
  }

  /// The options that give the probe a certificate.
  private static let identityOptions = "--tls-certificate and --tls-private-key"

  /// The certificate that the probe presents; `nil` if it has none.
  private var own: CertificateFacts? { question.tls?.context.chain.first }

  private var timeoutOfHandshake: Explanation {
    let (received, expected) = (security?.facts.received ?? 0, security?.facts.expected ?? 0)
    guard received > 0 else { return timeout }
    let came =
      expected > 0
      ? "\(received) of \(expected) bytes of its first TLS record arrived"
      : "\(Counted.text(received, "byte")) of the TLS handshake arrived"
    return Explanation(
      .incompleteAnswer, "\(phase.setting): \(limit), only \(came)",
      "see the SCP's log; if it sent the whole answer, look for an MTU problem or a firewall in "
        + "between")
  }

  // Alerts.

  /// The explanation of a fatal alert of the server (RFC 8446 §6.2).
  private func explanation(ofAlert number: UInt8) -> Explanation {
    let alert = "TLS alert \(TLSNames.alert(number))"
    if number == Alert.certificateRequired || isAboutOurCertificate(number) {
      if let own { return explanation(ofRefusal: number, of: own, alert) }
      return Explanation(
        .certificateRequired, "it requires a certificate, and this program has none: \(alert)",
        "use \(Self.identityOptions) to present a certificate\(acceptedIssuers)")
    }
    switch number {
    case Alert.handshakeFailure, Alert.insufficientSecurity:
      return Explanation(
        .noCommonCipher,
        "it accepts no cipher suite, group or signature algorithm of this program: \(alert)",
        Self.profileRemedy)
    case Alert.protocolVersion:
      return Explanation(
        .tlsTooOld, "it accepts no version of TLS of this program: \(alert)", Self.versionRemedy)
    case Alert.noApplicationProtocol:
      return Explanation(
        .noCommonALPN, "it does not speak the application protocol dicom: \(alert)",
        ForeignProtocol.other.remedy(isTLS: true))
    case Alert.unrecognizedName:
      let name = question.tls?.serverName ?? question.host
      return Explanation(
        .tlsAlert, "it has no certificate for the name \(PeerWords.name(name)): \(alert)",
        "use --server-name to give a name that it knows")
    default:
      return Explanation(
        .tlsAlert, "it ended the TLS session: \(alert)",
        "see the SCP's log for the reason of this alert")
    }
  }

  /// Whether an alert is about the certificate that the server asked for. In TLS 1.2, the lack of one is a
  /// handshake_failure.
  private func isAboutOurCertificate(_ number: UInt8) -> Bool {
    security?.facts.asksForCertificate == true
      && (number == Alert.handshakeFailure || HandshakeFault.alert(number).refusesOurCertificate)
  }

  /// The explanation of an alert about the certificate `own` of this program.
  private func explanation(
    ofRefusal number: UInt8, of own: CertificateFacts, _ alert: String
  ) -> Explanation {
    let subject = "the certificate of this program, \(own.name)"
    let issued = "use a certificate\(acceptedIssuers)"
    let (what, remedy) =
      switch number {
      case Alert.unsupportedCertificate where !own.isForClients:
        ("does not accept \(subject), which is not for clients", "use one that is (clientAuth)")
      case Alert.certificateRevoked: ("says that \(subject), is revoked", issued)
      case Alert.certificateExpired:
        (
          "says that \(subject), has expired or is not valid yet",
          own.notAfter < WallTime.now.seconds
            ? "renew it, since it expired on \(WallTime(seconds: own.notAfter).date)"
            : "correct the clock of the SCP, or renew the certificate of the CA"
        )
      case Alert.unknownCA:
        (
          "does not trust the CA of \(subject)",
          "let the SCP trust \(own.isSelfSigned ? "this certificate" : own.issuerName), or \(issued)"
        )
      case Alert.accessDenied:
        ("does not admit \(subject)", "let the SCP admit this certificate, or \(issued)")
      default: ("refuses \(subject)", "see the SCP's log for the reason, or \(issued)")
      }
    return Explanation(.ownCertificateRefused, "it \(what): \(alert)", remedy)
  }

  /// From which CAs a certificate must be, as far as the server says.
  private var acceptedIssuers: String {
    let names = security?.facts.acceptedCAs ?? []
    if names.isEmpty { return " that it accepts" }
    let rest = names.count - Self.mostNames
    let more = rest > 0 ? " or of \(rest) more" : ""
    return
      " of \(names.prefix(Self.mostNames).map(PeerWords.name).joined(separator: " or of "))\(more)"
  }

  /// The most names of CAs in a remedy.
  private static let mostNames = 5
}

/// The alerts that have an explanation of their own (RFC 8446 §6.2, RFC 5246 §7.2.2).
private enum Alert {
  static let handshakeFailure: UInt8 = 40
  static let unsupportedCertificate: UInt8 = 43
  static let certificateRevoked: UInt8 = 44
  static let certificateExpired: UInt8 = 45
  static let unknownCA: UInt8 = 48
  static let accessDenied: UInt8 = 49
  static let protocolVersion: UInt8 = 70
  static let insufficientSecurity: UInt8 = 71
  static let unrecognizedName: UInt8 = 112
  static let certificateRequired: UInt8 = 116
  static let noApplicationProtocol: UInt8 = 120
}
