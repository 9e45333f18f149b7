import Linux
import TLS
import UpperLayer

/// Why a TLS handshake failed, in words.
extension HandshakeFault {
  /// The reason and the remedies, with what is known of the session of `record`.
  func text(of record: Record, at now: WallTime) -> String {
    let session = record.security
    return switch self {
    case .certificate(let faults, let code):
      CertificateText(chain: session?.chain ?? [], code: code, now: now).refusal(faults)
    case .chainTooLong:
      "sent more than \(Self.longestChain) KiB of certificates; give the device only its own and those of "
        + "the CAs between it and the root"
    case .noCommonCipher: session?.hello?.textOfCipherSuites ?? "no common cipher suite"
    case .versionTooOld: session?.hello?.textOfVersions ?? "no common version of TLS"
    case .noCommonGroup: session?.hello?.textOfGroups ?? "no common group for the key exchange"
    case .noCommonSignatureAlgorithm:
      session?.hello?.textOfSignatureAlgorithms ?? "no common signature algorithm"
    case .noCommonApplicationProtocol:
      session?.hello?.textOfApplicationProtocols ?? "no common application protocol (ALPN)"
    case .notTLS: "sent something other than TLS"
    case .alert(let number): TLSAlert(number: number).text(issuer: record.lines.first)
    case .closed: "closed the connection \(Self.progress(record, "had arrived"))"
    case .reset: "reset the connection \(Self.progress(record, "had arrived"))"
    case .timedOut: "acse-timeout: \(Self.progress(record, nil))"
    case .other(let error):
      "\(error.text); see the device's log, and update its software if this repeats"
    }
  }

  /// The size of the longest chain of certificates, in KiB.
  private static let longestChain = 32

  /// How far the handshake came, as the end of a sentence.
  ///
  /// - Parameter verb: The verb for the bytes that had arrived when the peer ended the connection; `nil` if it did
  ///   not, so that the progress is a sentence of its own.
  private static func progress(_ record: Record, _ verb: String?) -> String {
    guard let session = record.security, session.hello == nil else {
      let remedy =
        "once it had this service's certificate; if it does not trust that, install the certificate of "
        + "its CA on the device"
      return verb == nil ? "did not continue \(remedy)" : remedy
    }
    var progress = record.progress ?? PDUProgress()
    progress.pdu.received = session.received
    let size = progress.size(of: session.expected > session.received ? session.expected : 0)
    let hint = progress.hint.isEmpty ? fallback(session) : progress.hint
    return (verb == nil ? "" : "when ")
      + "only \(size) of its ClientHello \(verb ?? "arrived")\(hint)"
  }

  /// The bytes of a packet, at least as many as most paths carry.
  private static let packet: UInt32 = 1200

  /// The hint about a ClientHello of more than one packet of which only the first arrived, although the system gives
  /// no indication.
  private static func fallback(_ session: SessionFacts) -> String {
    guard session.expected > packet, session.received >= packet else { return "" }
    return "; a ClientHello with hybrid key exchange takes more than one packet: "
      + PDUProgress.lossRemedy
  }
}

/// A fatal alert of the peer (RFC 8446 §6.2).
struct TLSAlert {
  /// Its number.
  let number: UInt8

  /// The alert as a sentence about the peer, with the remedies.
  ///
  /// - Parameter issuer: The issuer of our certificate, if it is known.
  func text(issuer: String?) -> String {
    "sent the alert \(TLSNames.alert(number)): \(meaning(issuer))"
  }

  private func meaning(_ issuer: String?) -> String {
    let ours =
      "this service's certificate" + (issuer.map { " (issuer \(PeerWords.name($0)))" } ?? "")
    return switch number {
    case 42:
      "it finds \(ours) or its chain wrong; compare the host name on the device with those in "
        + "tls-certificate, and append the CAs between it and the root to that file"
    case 43:
      "it does not support \(ours); use another type of key in tls-certificate, such as RSA, and one "
        + "for servers (serverAuth)"
    case 44: "it finds \(ours) revoked; get a new one for tls-certificate"
    case 45:
      "it finds \(ours) expired; renew tls-certificate, or correct the clock of the device"
    case 46:
      "it does not trust \(ours); install the certificate of its CA on the device, or see the device's "
        + "log"
    case 48:
      "it does not trust \(ours); install the certificate of its CA on the device, and append the CAs "
        + "between it and the root to tls-certificate"
    case 49:
      "it denies access to this service, although its certificate is valid; enter this service among the "
        + "peers on the device"
    case 40:
      "it finds nothing acceptable in what this service offers; see the device's log, and compare its TLS "
        + "settings with those in echoscp.conf(5)"
    case 51:
      "it cannot verify a signature; see the device's log, and use another type of key in "
        + "tls-certificate, such as RSA"
    case 70:
      "it accepts none of the versions of TLS here; enable TLS 1.2 or 1.3 on the device"
    case 71: "it asks for a stronger key or cipher suite; use a longer key in tls-certificate"
    case 80: "it failed inside; see the device's log"
    case 90: "it canceled the handshake; see the device's log"
    default: "it broke off the handshake; see the device's log"
    }
  }
}

/// A TLS session in words.
extension SessionFacts {
  /// The session once its handshake is complete: version, cipher suite and what else was agreed.
  var text: String {
    var parts = [versionText, cipherSuite, group].compactMap { $0 }
    if let applicationProtocol {
      parts.append("ALPN \(PeerWords.name(applicationProtocol))")
    }
    if let name = hello?.serverName { parts.append("server name \(PeerWords.name(name))") }
    parts.append(certificate.map { "certificate \($0.name)" } ?? "no certificate")
    return "TLS handshake complete: \(parts.joined(separator: ", "))"
  }

  /// The version as people write it: `TLS 1.3`; `nil` before the handshake is complete.
  var versionText: String? {
    version.map { $0.hasPrefix("TLSv") ? "TLS \($0.dropFirst(4))" : Escaping.line($0) }
  }

  /// The memory that the facts occupy, roughly, in bytes.
  var size: Int {
    var size = 0
    if let hello {
      size += 2 * (hello.cipherSuites.count + hello.groups.count + hello.signatureAlgorithms.count)
      size += hello.applicationProtocols?.reduce(0) { $0 + $1.count } ?? 0
      size += hello.serverName?.count ?? 0
    }
    for one in chain {
      size += MemoryLayout<CertificateFacts>.size + one.subject.utf8.count + one.issuer.utf8.count
      for names in [one.commonNames, one.dnsNames, one.uris] {
        size += names.reduce(0) { $0 + $1.count }
      }
    }
    return size
  }
}
