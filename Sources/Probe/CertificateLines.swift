import Linux
import Log
import TLS

/// What a probe tells of a TLS session, for people: the session, the certificates of the server, and those that the
/// server accepts.
extension ProbeSecurity {
  /// The most names of CAs to print.
  private static let mostNames = 20

  /// The lines, of which the server's certificates were trusted as `trust` says.
  func lines(_ trust: ProbeTLS.Trust?) -> [String] {
    let all = [session] + facts.chain.map { "certificate: \(text(of: $0))" } + [text(of: trust)]
    return (all + authorities).compactMap(\.self)
  }

  /// The version and what else was negotiated; `nil` before the handshake was complete.
  private var session: String? {
    guard let version = facts.version else { return nil }
    let alpn = facts.applicationProtocol.map { "ALPN \(Escaping.line($0))" } ?? "no ALPN"
    let parts = [version, facts.cipherSuite, facts.group, alpn]
    return "TLS: \(parts.compactMap(\.self).joined(separator: ", "))"
  }

  /// A certificate in one line.
  private func text(of certificate: CertificateFacts) -> String {
    let issuer = certificate.isSelfSigned ? "self-signed" : "issued by \(certificate.issuerName)"
    return [
      certificate.name, issuer, validity(of: certificate),
      "\(certificate.keyType) \(certificate.keyBits)",
    ].joined(separator: ", ")
  }

  /// How long a certificate is valid.
  private func validity(of certificate: CertificateFacts) -> String {
    if certificate.notBefore > time {
      return "not valid before \(WallTime(seconds: certificate.notBefore).date)"
    }
    let (days, end) = (certificate.daysLeft(at: time), WallTime(seconds: certificate.notAfter).date)
    return days < 0 ? "expired on \(end)" : "\(Counted.text(days, "day")) left, until \(end)"
  }

  /// Why the certificate was trusted, if it is not because of a CA.
  private func text(of trust: ProbeTLS.Trust?) -> String? {
    guard facts.isComplete, case .service(let path) = trust else { return nil }
    return "trusted: it is the first certificate in \(path), the tls-certificate of this service"
  }

  /// The certificates that the server accepts; empty before it has said so.
  private var authorities: [String] {
    guard facts.asksForCertificate else {
      return facts.isComplete ? ["asks for no certificate"] : []
    }
    let names = facts.acceptedCAs
    if names.isEmpty { return ["asks for a certificate, and names no CA"] }
    let rest = names.count - Self.mostNames
    let accepted = names.prefix(Self.mostNames).map(PeerWords.name)
    return (accepted + (rest > 0 ? ["\(rest) more CAs"] : [])).map {
      "accepts certificates of: \($0)"
    }
  }
}

/// The TLS session of a probe in JSON.
extension ProbeResult {
  /// The object, or `null` without a handshake.
  var tls: String {
    guard let security else { return "null" }
    let facts = security.facts
    let accepted = facts.acceptedCAs.map(Self.string).joined(separator: ", ")
    let fault = mainProblem.flatMap { problem in
      if case .handshake = problem.failure { problem.explanation.cause.rawValue } else { nil }
    }
    return Self.object([
      ("version", Self.string(facts.version)), ("cipher_suite", Self.string(facts.cipherSuite)),
      ("group", Self.string(facts.group)),
      ("application_protocol", Self.string(facts.applicationProtocol)),
      (
        "certificates",
        "[\(facts.chain.map { Self.object($0, at: security.time) }.joined(separator: ", "))]"
      ),
      ("accepted_cas", facts.asksForCertificate ? "[\(accepted)]" : "null"),
      ("fault", Self.string(isOK ? nil : fault)),
    ])
  }

  private static func object(_ certificate: CertificateFacts, at time: Int64) -> String {
    object([
      ("subject", string(certificate.subject)), ("issuer", string(certificate.issuer)),
      ("fingerprint", string(certificate.fingerprintText)),
      ("not_before", string(iso(certificate.notBefore))),
      ("not_after", string(iso(certificate.notAfter))),
      ("days_left", "\(certificate.daysLeft(at: time))"),
    ])
  }

  /// Date and time of a certificate in UTC (ISO 8601), as in `2026-05-03T12:00:00Z`.
  private static func iso(_ seconds: Int64) -> String {
    let second = (seconds % WallTime.day + WallTime.day) % WallTime.day
    let parts = [second / WallTime.hour, second / 60 % 60, second % 60]
    let time = parts.map { ($0 < 10 ? "0" : "") + String($0) }.joined(separator: ":")
    return "\(WallTime(seconds: seconds).date)T\(time)Z"
  }
}
