import Linux
import TLS

/// What deserves a warning about the certificate of the service, in words.
extension CertificateRemark {
  /// The remark about the certificate with this subject.
  func text(of subject: String?) -> String {
    let certificate = subject.map { " \(PeerWords.name($0))" } ?? ""
    return "this service's certificate\(certificate) \(what)"
  }

  private var what: String {
    let renewal = "renew tls-certificate, and run systemctl reload echoscpd"
    return switch self {
    case .expired(let days):
      "expired \(days < 1 ? "today" : Counted.text(days, "day") + " ago"): devices refuse it; \(renewal)"
    case .expires(let days):
      "expires \(days < 1 ? "today" : "in " + Counted.text(days, "day")): devices will refuse it then; "
        + renewal
    case .notYetValid:
      "is not valid yet: devices refuse it; check the clock of this host, or wait for its first day"
    case .wrongPurpose:
      "is not for servers: devices refuse it; get one whose extended key usage has serverAuth"
    case .incompleteChain:
      "comes without the CA that issued it: devices that know only the root CA refuse it; append the "
        + "certificates of the CAs in between to tls-certificate"
    }
  }
}

/// The certificate that a device's section asks for, and the one that came, in words.
enum CertificateBinding {
  /// Why an association was rejected by its certificate.
  static func text(of record: Record) -> String {
    let calling = record.subject?.callingAETitle
    let rules = record.lines.first ?? "another certificate"
    return "calling AE title \(calling?.quoted ?? "\"\"") is bound to \(rules) by [device "
      + "\(calling?.text ?? "")]; \(came(record.security, record.relay))"
  }

  /// What a load balancer says of the peer's certificate.
  private static func cameThrough(_ relay: Relay) -> String {
    let proxy = "the load balancer \(relay.proxy.address)"
    guard let certificate = relay.security?.certificate else {
      return
        "\(proxy) names no verified certificate: have it end TLS, verify certificates and send the "
        + "name (HAProxy: send-proxy-v2-ssl-cn), or pass TLS through to tls-proxy-port"
    }
    return
      "\(proxy) names \(certificate.name), of which only the common name is known: install the right "
      + "certificate on the device, or correct that section"
  }

  private static func came(_ session: SessionFacts?, _ relay: Relay?) -> String {
    if let relay, session == nil || session === relay.security { return cameThrough(relay) }
    guard let session else { return "it came without TLS: enable TLS on the device" }
    guard let certificate = session.certificate else {
      return "it sent no certificate: install that one on the device"
    }
    let hash = "sha256:\(certificate.fingerprintText)"
    let what = "it came with \(certificate.name), \(hash)"
    if session.faults.isEmpty {
      return "\(what): install the right certificate on the device, or correct that section"
    }
    return "\(what), whose names do not count, since it is not verified: put its CA into "
      + "tls-ca-certificates, or bind the device to the hash"
  }
}
