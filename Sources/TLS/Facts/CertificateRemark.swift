/// What deserves a warning about our own certificate, although it is served.
public enum CertificateRemark: Equatable, Sendable {
  /// It expired this many days ago.
  case expired(daysAgo: Int)
  /// It expires in this many days, at most 30.
  case expires(days: Int)
  /// Its notBefore date has not come yet.
  case notYetValid
  /// It is not for servers (id-kp-serverAuth).
  case wrongPurpose
  /// The file does not have the certificate of the CA that issued it, which is not self-signed.
  case incompleteChain

  /// The numbers of days before the end of a certificate at which a warning becomes more urgent.
  public static let milestones = [30, 7, 1]
}

extension CertificateFacts {
  /// The warning that the end of the certificate deserves at `now`, in seconds since 1970; `nil` if it is far away.
  public func remark(at now: Int64) -> CertificateRemark? {
    let days = daysLeft(at: now)
    if notAfter < now { return .expired(daysAgo: -days - 1) }
    return days < CertificateRemark.milestones[0] ? .expires(days: days) : nil
  }
}
