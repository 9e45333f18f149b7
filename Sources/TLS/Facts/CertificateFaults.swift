/// What is wrong with the certificate of a peer, as a strict archive sees it (RFC 5280 §6).
public struct CertificateFaults: OptionSet, Hashable, Sendable {
  /// The faults, one bit each.
  public let rawValue: UInt16

  /// The faults whose bits are set in `rawValue`.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// It is past its notAfter date.
  public static let expired = CertificateFaults(rawValue: 1 << 0)
  /// It is before its notBefore date; often a wrong clock.
  public static let notYetValid = CertificateFaults(rawValue: 1 << 1)
  /// No trusted CA has issued it, and it is not the certificate of a known device.
  public static let untrusted = CertificateFaults(rawValue: 1 << 2)
  /// A certificate revocation list names it.
  public static let revoked = CertificateFaults(rawValue: 1 << 3)
  /// It is not for this use: often for servers only.
  public static let purpose = CertificateFaults(rawValue: 1 << 4)
  /// A key in its chain is too short, or a signature too weak (OpenSSL's security level 2).
  public static let weak = CertificateFaults(rawValue: 1 << 5)
  /// There is none.
  public static let missing = CertificateFaults(rawValue: 1 << 6)
  /// It has another fault.
  public static let invalid = CertificateFaults(rawValue: 1 << 7)
  /// A certificate revocation list of this side is missing, expired or not valid yet.
  public static let outdatedList = CertificateFaults(rawValue: 1 << 8)
  /// It names another host than the one that was asked for.
  public static let name = CertificateFaults(rawValue: 1 << 9)

  /// All faults, the gravest first: those whose remedy is a different one come before those of the same
  /// certificate's dates.
  public static let all: [CertificateFaults] = [
    .missing, .revoked, .untrusted, .purpose, .weak, .expired, .notYetValid, .name, .outdatedList,
    .invalid,
  ]
}
