/// The files of a TLS context and the rules for its peers, as settings give them.
public struct ContextFiles: Equatable, Sendable {
  /// What to ask of a client.
  public enum ClientCertificate: Sendable {
    /// A valid certificate.
    case require
    /// A certificate, but nobody is refused because of it.
    case request
    /// Nothing.
    case no
  }

  /// The file with our certificate, followed by those of the CAs up to the root.
  public var certificate: String?
  /// The file with our private key.
  public var privateKey: String?
  /// The file or folder with the CAs that peers are trusted by.
  public var caCertificates: String?
  /// The file or folder with the certificates of single devices.
  public var deviceCertificates: String?
  /// The file whose first certificate a server must present. Then only its dates are checked, and no CA is trusted.
  public var expectedCertificate: String?
  /// The file or folder with certificate revocation lists.
  public var crl: String?
  /// What a server asks of a client.
  public var clientCertificate = ClientCertificate.request
  /// Whether to refuse TLS 1.2.
  public var requiresTLS13 = false

  /// No files.
  public init() {}
}
