/// What is known of one TLS connection, for its records: complete once the handshake has ended.
public final class SessionFacts: Sendable {
  /// What the client offers, or `nil` before its ClientHello is complete, and at a client.
  public let hello: ClientHello?
  /// The version in OpenSSL's words, such as `TLSv1.3`; `nil` before the handshake is complete.
  public let version: String?
  /// The cipher suite, such as `TLS_AES_256_GCM_SHA384`; `nil` before the handshake is complete.
  public let cipherSuite: String?
  /// The group of the key exchange, such as `x25519`; `nil` before the handshake is complete.
  public let group: String?
  /// The application protocol that was selected (ALPN); `nil` if none was.
  public let applicationProtocol: String?
  /// The certificates that the peer presented, its own first; empty if it presented none.
  public let chain: [CertificateFacts]
  /// What a strict peer would have refused in the peer's certificate.
  public let faults: CertificateFaults
  /// The names of the CAs that a server says it accepts, as text; at a client only.
  public let acceptedCAs: [String]
  /// Whether the server asks for a certificate; at a client only.
  public let asksForCertificate: Bool
  /// The number of bytes of the handshake received so far.
  public let received: UInt32
  /// The size of its incomplete first record, in bytes, with its header; 0 if it is complete or unknown.
  public let expected: UInt32

  /// The facts, each of which has a default.
  public init(
    hello: ClientHello? = nil, version: String? = nil, cipherSuite: String? = nil,
    group: String? = nil, applicationProtocol: String? = nil, chain: [CertificateFacts] = [],
    faults: CertificateFaults = [], acceptedCAs: [String] = [],
    asksForCertificate: Bool = false, received: UInt32 = 0, expected: UInt32 = 0
  ) {
    self.hello = hello
    self.version = version
    self.cipherSuite = cipherSuite
    self.group = group
    self.applicationProtocol = applicationProtocol
    self.chain = chain
    self.faults = faults
    self.acceptedCAs = acceptedCAs
    self.asksForCertificate = asksForCertificate
    self.received = received
    self.expected = expected
  }

  /// The peer's own certificate, or `nil` if it presented none.
  public var certificate: CertificateFacts? { chain.first }

  /// Whether the handshake is complete.
  public var isComplete: Bool { version != nil }
}
