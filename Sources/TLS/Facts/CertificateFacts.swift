/// The facts about one certificate (RFC 5280 §4) that records, probes and rules need.
public struct CertificateFacts: Equatable, Sendable {
  /// The subject as text (RFC 4514), with characters escaped that break a line.
  public var subject = ""
  /// The issuer as text.
  public var issuer = ""
  /// The common names of the subject, in UTF-8, with every byte that the certificate has.
  public var commonNames: [[UInt8]] = []
  /// The subjectAltNames of type dNSName.
  public var dnsNames: [[UInt8]] = []
  /// The subjectAltNames of type uniformResourceIdentifier.
  public var uris: [[UInt8]] = []
  /// The SHA-256 hash of the whole certificate, 32 bytes.
  public var fingerprint: [UInt8] = []
  /// The first second of its validity, since 1970, UTC.
  public var notBefore: Int64 = 0
  /// The last second of its validity, since 1970, UTC.
  public var notAfter: Int64 = 0
  /// The type of its key, such as `RSA` or `EC`, and its size in bits.
  public var keyType = ""
  /// The size of its key, in bits.
  public var keyBits = 0
  /// Whether it is for clients (id-kp-clientAuth), or for any use.
  public var isForClients = true
  /// Whether it is for servers (id-kp-serverAuth), or for any use.
  public var isForServers = true
  /// Whether it is signed with its own key.
  public var isSelfSigned = false
  /// Whether its issuer has the name of a certificate that is trusted as that of a single device, and not as a CA.
  public var isIssuedByDevice = false

  /// A certificate without facts.
  public init() {}

  /// The days left at `now`, in seconds since 1970: negative once it has expired.
  public func daysLeft(at now: Int64) -> Int {
    // A certificate may have any time, and even one that is none.
    let (seconds, isBeyond) = notAfter.subtractingReportingOverflow(now)
    let left = isBeyond ? (notAfter < now ? Int64.min : .max) : seconds
    return Int(left >= 0 ? left / Self.day : (left + 1) / Self.day - 1)
  }

  /// The seconds of a day.
  private static let day: Int64 = 86_400

  /// The hash in hexadecimal digits, such as `3af1…`.
  public var fingerprintText: String {
    fingerprint.map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0\(digits)" : digits
    }.joined()
  }
}
