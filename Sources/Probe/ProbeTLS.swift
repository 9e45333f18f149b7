import Linux
import Log
public import TLS

/// How a probe asks over TLS.
public struct ProbeTLS: Sendable {
  /// The certificates to trust and, if there is one, the certificate to present.
  public let context: Context
  /// The name or address of the server that its certificate must have, or `nil` for any. A name is also sent (SNI).
  public let serverName: String?
  /// What `context` trusts, for the texts.
  public let trust: Trust

  /// Why the certificate of a server is trusted.
  public enum Trust: Sendable {
    /// A CA of the system has issued it.
    case system
    /// A CA in the file or folder of this name, the value of `--tls-ca-certificates`, has issued it.
    case authorities(String)
    /// It is the certificate of the service on this machine, the first one in the file of this name.
    case service(String)
  }

  /// A way to ask.
  public init(context: Context, serverName: String?, trust: Trust = .system) {
    self.context = context
    self.serverName = serverName
    self.trust = trust
  }
}

/// What is known of the TLS session of an attempt.
struct ProbeSecurity: Sendable {
  /// From how many days before the end of a certificate on the result is a warning.
  static let daysOfWarning = CertificateRemark.milestones[0]

  /// The facts about the session, as far as the handshake got.
  let facts: SessionFacts
  /// The time of the handshake, in seconds since 1970.
  let time: Int64
  /// The first bytes of the answer.
  let opening: [UInt8]

  init(_ facts: SessionFacts, at time: Int64, opening: [UInt8] = []) {
    self.facts = facts
    self.time = time
    self.opening = opening
  }

  /// The certificate of the server's chain that expires first, if that is soon.
  var firstToExpire: CertificateFacts? {
    facts.chain.filter { $0.daysLeft(at: time) <= Self.daysOfWarning }
      .min { $0.notAfter < $1.notAfter }
  }

  /// The warning about that certificate, or `nil` if none expires soon.
  var warning: String? {
    guard let certificate = firstToExpire else { return nil }
    let days = certificate.daysLeft(at: time)
    let isOwn = certificate == facts.certificate
    let end = days < 1 ? "within a day" : "in \(Counted.text(days, "day"))"
    return (isOwn ? "its certificate " : "the CA certificate above it, ") + certificate.name
      + "\(isOwn ? "" : ",") expires \(end), on \(WallTime(seconds: certificate.notAfter).date)"
  }
}
