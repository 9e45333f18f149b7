/// What a certificate of a test says (RFC 5280 §4). Days count from now, so no certificate that is meant to be good
/// ever expires.
public struct CertificateProfile: Sendable {
  /// The type of a key.
  public enum Key: Sendable {
    /// An elliptic curve key on P-256.
    case p256
    /// An RSA key with this many bits.
    case rsa(Int)
  }

  /// An extension with its value as it is, whatever the standard says about it.
  public struct RawExtension: Sendable {
    /// The object identifier in dotted form.
    public var identifier: String
    /// Whether a reader that does not know it must refuse the certificate.
    public var isCritical = false
    /// The bytes inside its OCTET STRING.
    public var value: [UInt8]

    /// An extension with these parts.
    public init(_ identifier: String, isCritical: Bool = false, _ value: [UInt8]) {
      self.identifier = identifier
      self.isCritical = isCritical
      self.value = value
    }
  }

  /// The common names of the subject, in UTF-8.
  public var commonNames: [[UInt8]]
  /// The first day of its validity.
  public var firstDay = -30
  /// The last day of its validity. It ends half a day later, so that the number holds until the tests have ended.
  public var lastDay = 300
  /// The type of its key.
  public var key = Key.p256
  /// Its extendedKeyUsage, as OpenSSL's configuration files write it, or `nil` for any use.
  public var usage: String? = "clientAuth"
  /// Its subjectAltName, as OpenSSL's configuration files write it.
  public var alternativeNames: String?
  /// Whether it is that of a CA.
  public var isAuthority = false
  /// Whether SHA-1 signs it, instead of SHA-256.
  public var usesSHA1 = false
  /// The text of its notAfter instead of a time.
  public var endText: String?
  /// Further extensions.
  public var extensions: [RawExtension] = []

  /// A certificate for a client that is called `name`.
  public init(_ name: String) { commonNames = [Array(name.utf8)] }

  /// Returns it with the changes that `change` makes.
  public func with(_ change: (inout CertificateProfile) -> Void) -> CertificateProfile {
    var profile = self
    change(&profile)
    return profile
  }

  /// A CA, as `openssl req -x509` makes every certificate.
  public static func authority(_ name: String) -> CertificateProfile {
    CertificateProfile(name).with {
      $0.isAuthority = true
      $0.usage = nil
      $0.lastDay = 3000
    }
  }

  /// A server at `localhost`.
  public static func server(_ name: String) -> CertificateProfile {
    CertificateProfile(name).with {
      $0.usage = "serverAuth"
      $0.alternativeNames = "DNS:localhost,DNS:archive.hospital.example,IP:127.0.0.1"
    }
  }
}
