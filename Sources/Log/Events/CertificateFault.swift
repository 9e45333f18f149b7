import Linux
public import TLS
public import UpperLayer

/// One fault of a peer's certificate, in the order in which a record names them: those whose remedy is another
/// certificate come before those of its dates.
enum CertificateFault: Sendable, CaseIterable {
  /// There is none.
  case missing
  /// A certificate revocation list names it.
  case revoked
  /// No trusted CA has issued it.
  case untrusted
  /// It is not for clients.
  case purpose
  /// A key or a signature in its chain is too weak.
  case weak
  /// It has expired.
  case expired
  /// It is not valid yet.
  case notYetValid
  /// It names another host.
  case name
  /// A certificate revocation list of this side is missing, expired or not valid yet.
  case outdatedList
  /// It has another fault.
  case invalid

  /// The fault as a set of its own.
  var faults: CertificateFaults {
    switch self {
    case .missing: .missing
    case .revoked: .revoked
    case .untrusted: .untrusted
    case .purpose: .purpose
    case .weak: .weak
    case .expired: .expired
    case .notYetValid: .notYetValid
    case .name: .name
    case .outdatedList: .outdatedList
    case .invalid: .invalid
    }
  }

  /// The note on an association whose peer has a certificate with the fault; `nil` if the fault is not the peer's.
  var note: Notes? {
    switch self {
    case .missing: .certificateMissing
    case .revoked: .certificateRevoked
    case .untrusted: .certificateUntrusted
    case .purpose: .certificatePurpose
    case .weak: .certificateWeak
    case .expired: .certificateExpired
    case .notYetValid: .certificateNotYetValid
    case .outdatedList: nil
    case .name, .invalid: .certificateInvalid
    }
  }

  /// The ID of the record about a certificate that was refused for this fault.
  var catalogID: CatalogID {
    switch self {
    case .missing: .certificateMissing
    case .revoked: .certificateRevoked
    case .untrusted: .certificateUntrusted
    case .purpose: .certificatePurpose
    case .weak: .certificateWeak
    case .expired: .certificateExpired
    case .notYetValid: .certificateNotYetValid
    case .outdatedList: .crlOutdated
    case .name, .invalid: .certificateInvalid
    }
  }
}

extension CertificateFaults {
  /// The faults, the gravest first.
  var inOrder: [CertificateFault] { CertificateFault.allCases.filter { contains($0.faults) } }
}

extension Notes {
  /// The notes on a certificate with `faults`: what a strict acceptor would have refused.
  public init(_ faults: CertificateFaults) {
    self.init(faults.inOrder.compactMap(\.note))
  }

  /// The notes on a session: what a strict acceptor would have refused in it, now or soon.
  public init(_ session: SessionFacts) { self.init(session, at: .now) }

  /// The notes on a session at the time `now`.
  init(_ session: SessionFacts, at now: WallTime) {
    self.init(session.faults)
    if session.hello?.isOfTLS12AtMost == true { insert(.tls12Only) }
    if session.daysUntilExpiry(at: now) != nil { insert(.certificateExpiresSoon) }
  }
}

extension SessionFacts {
  /// The number of days before the end of a certificate from which on it expires soon.
  private static let soon = 30

  /// The days that are left of the peer's certificate if it expires soon and has not expired; otherwise `nil`.
  func daysUntilExpiry(at now: WallTime) -> Int? {
    guard let certificate, certificate.notAfter >= now.seconds else { return nil }
    let days = certificate.daysLeft(at: now.seconds)
    return days < Self.soon ? days : nil
  }
}
