/// Why a handshake failed, as the side that reports it sees it.
public enum HandshakeFault: Equatable, Sendable {
  /// The peer's certificate is refused; `code` is OpenSSL's (X509_V_ERR_…).
  case certificate(CertificateFaults, code: Int32)
  /// The certificates that the peer sent are longer than the limit.
  case chainTooLong
  /// No cipher suite is common to both.
  case noCommonCipher
  /// The peer offers only versions before the lowest accepted one.
  case versionTooOld
  /// No group for the key exchange is common to both.
  case noCommonGroup
  /// No signature algorithm is common to both.
  case noCommonSignatureAlgorithm
  /// The client offers application protocols (ALPN), and `dicom` is not among them.
  case noCommonApplicationProtocol
  /// The server answered with something other than TLS.
  case notTLS
  /// The peer sent a fatal alert with this number (RFC 8446 §6.2).
  case alert(UInt8)
  /// The peer closed the connection.
  case closed
  /// The peer reset the connection.
  case reset
  /// The handshake took too long.
  case timedOut
  /// It failed for another reason.
  case other(OpenSSLError)

  /// Whether the peer refused our certificate: bad_certificate to unknown_ca, and access_denied (RFC 8446 §6.2).
  public var refusesOurCertificate: Bool {
    if case .alert(let number) = self { (42...49).contains(number) && number != 47 } else { false }
  }
}
