import Linux
import Log
import TLS

/// Watches how long our certificate is still valid, and warns 30, 7 and 1 days before it expires, and when it has
/// expired. The warning at a start or reload is the caller's.
struct CertificateWatch {
  /// The longest pause between two looks, in seconds: the time of day can be set.
  private static let longestPause: Int64 = 86_400

  private var certificate: CertificateFacts?
  /// When to look again; never without a certificate.
  private(set) var next = Instant.never
  /// The last warning, or the one that the start or reload has given.
  private var latest: CertificateRemark?

  /// A watch of `certificate`, if there is one, from `time` on.
  init(_ certificate: CertificateFacts?, at time: @autoclosure () -> WallTime) {
    watch(certificate, at: time())
  }

  /// Watches another certificate from `time` on.
  mutating func watch(_ certificate: CertificateFacts?, at time: @autoclosure () -> WallTime) {
    self.certificate = certificate
    guard let certificate else {
      next = .never
      return
    }
    let time = time()
    latest = certificate.remark(at: time.seconds)
    schedule(certificate, at: time)
  }

  /// The warning that is due at `time`, if any.
  mutating func due(at time: WallTime) -> Record? {
    guard let certificate else { return nil }
    schedule(certificate, at: time)
    let remark = certificate.remark(at: time.seconds)
    defer { latest = remark }
    guard let remark, remark.milestone != latest?.milestone else { return nil }
    return Record(
      .certificateRemark(remark), about: nil,
      attachment: .text(AttachedText([certificate.subject])))
  }

  private mutating func schedule(_ certificate: CertificateFacts, at time: WallTime) {
    let moments = CertificateRemark.milestones.map {
      certificate.notAfter - Int64($0) * WallTime.day
    }
    // The first second at which the next milestone is reached, the last of which is the end itself.
    let coming = (moments + [certificate.notAfter]).map { $0 + 1 - time.seconds }.filter { $0 > 0 }
    let pause = min(coming.min() ?? Self.longestPause, Self.longestPause)
    next = .now + UInt32(pause * 1000)
  }
}

extension CertificateRemark {
  /// The milestone that the remark is about, in days; 0 for the end, and `nil` if time does not change the remark.
  fileprivate var milestone: Int? {
    switch self {
    case .expired: 0
    case .expires(let days): Self.milestones.last { days < $0 }
    case .notYetValid, .wrongPurpose, .incompleteChain: nil
    }
  }
}
