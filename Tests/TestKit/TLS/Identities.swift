/// The certificates of a hospital, of its devices, and of others. The tests make them when they run.
extension Identity {
  // CAs.
  /// The root that the hospital trusts.
  public static let ca = Identity(.authority("Hospital CA"))
  /// A CA below the root.
  public static let issuing = Identity(.authority("Hospital Issuing CA"), by: ca)
  /// A CA that the hospital does not trust.
  public static let otherCA = Identity(.authority("Vendor CA"))
  /// Another CA with the name of the hospital's.
  public static let falseCA = Identity(.authority("Hospital CA"))

  // Servers.
  /// The archive, issued by the CA below the root.
  public static let server = Identity(.server("archive"), by: issuing)
  /// The same host with an RSA key.
  public static let serverRSA = Identity(
    CertificateProfile.server("archive").with { $0.key = .rsa(2048) }, by: issuing)

  // Devices whose certificates are good.
  /// A device, issued by the root.
  public static let ct1 = Identity(CertificateProfile("CT1"), by: ca)
  /// A device with an RSA key.
  public static let rsa = Identity(CertificateProfile("RSA").with { $0.key = .rsa(2048) }, by: ca)
  /// A device, issued by the CA below the root.
  public static let chain = Identity(CertificateProfile("chain"), by: issuing)
  /// A device whose certificate is for any use.
  public static let anyUse = Identity(CertificateProfile("any-use").with { $0.usage = nil }, by: ca)

  // Devices whose certificates have a fault.
  /// It expired ten days ago.
  public static let expired = Identity(
    CertificateProfile("expired").with { $0.lastDay = -11 }, by: ca)
  /// It is valid from the tenth day on.
  public static let notYetValid = Identity(
    CertificateProfile("not-yet-valid").with { $0.firstDay = 10 }, by: ca)
  /// A CA that is not trusted issued it.
  public static let other = Identity(CertificateProfile("other"), by: otherCA)
  /// A CA with the name of a trusted one issued it.
  public static let falselyIssued = Identity(CertificateProfile("CT1"), by: falseCA)
  /// A revocation list names it.
  public static let revoked = Identity(CertificateProfile("revoked"), by: ca)
  /// It is for servers only.
  public static let serverOnly = Identity(
    CertificateProfile("server-only").with { $0.usage = "serverAuth" }, by: ca)
  /// Its key is too short.
  public static let rsa1024 = Identity(
    CertificateProfile("RSA-1024").with { $0.key = .rsa(1024) }, by: ca)
  /// The certificate of a device issued it, which is not that of a CA.
  public static let issuedByCT1 = Identity(CertificateProfile("issued-by-CT1"), by: ct1)
  /// It has a critical extension that nobody knows.
  public static let critical = Identity(
    CertificateProfile("critical").with {
      $0.extensions = [.init("1.3.6.1.4.1.55555.1", isCritical: true, [1, 2, 3])]
    }, by: ca)
  /// It is longer than the limit.
  public static let long = Identity(
    CertificateProfile("long").with {
      $0.extensions = [.init("1.3.6.1.4.1.55555.1", [UInt8](repeating: 7, count: 34_000))]
    }, by: ca)
  /// Its notAfter is not a time.
  public static let timeless = Identity(
    CertificateProfile("timeless").with { $0.endText = "tomorrow noon" }, by: ca)

  // Certificates as `openssl req -x509` makes them: signed with their own keys, and also CAs.
  /// A device that is known by its certificate.
  public static let device = Identity(.authority("device"))
  /// A device that is known by its certificate, which has expired.
  public static let expiredDevice = Identity(
    CertificateProfile.authority("expired device").with { $0.lastDay = -11 })
  /// A device that is not known.
  public static let unknownDevice = Identity(.authority("unknown device"))
  /// A certificate that a known device issued.
  public static let issuedByDevice = Identity(CertificateProfile("issued by device"), by: device)
}
