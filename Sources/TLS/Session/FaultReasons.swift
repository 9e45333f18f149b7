import COpenSSL

extension HandshakeFault {
  /// The number from which on OpenSSL's reasons are alerts of the peer.
  private static let firstAlert: Int32 = 1000
  /// The groups that this side can use in TLS 1.2: P-256, P-384, P-521, X25519, X448.
  private static let groups: Set<UInt16> = [23, 24, 25, 29, 30]
  /// The signature algorithms with SHA-256 and longer hashes, as far as devices use them.
  private static let signatureAlgorithms: Set<UInt16> = [
    0x0401, 0x0501, 0x0601, 0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0807, 0x0808,
    0x0809, 0x080A, 0x080B,
  ]

  /// The fault behind `error` in a session with `state`.
  init(_ error: OpenSSLError, _ state: SessionState, isServer: Bool) {
    let reason = error.reason
    if state.isProtocolRefused {
      self = .noCommonApplicationProtocol
      return
    }
    switch reason {
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      self = .certificate(state.faults.isEmpty ? .invalid : state.faults, code: state.code)
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: self = .certificate(.missing, code: 0)
    case SSL_R_EXCESSIVE_MESSAGE_SIZE:
      // Any message can be too long; that with the certificates comes after the ClientHello.
      let isChain = (!isServer || state.hello != nil) && state.chain.isEmpty
      self = isChain ? .chainTooLong : .other(error)
    case SSL_R_NO_SHARED_CIPHER, SSL_R_NO_CIPHERS_SPECIFIED:
      self = state.hello.map(Self.missing) ?? .noCommonCipher
    case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW, SSL_R_WRONG_SSL_VERSION,
      SSL_R_UNKNOWN_PROTOCOL, SSL_R_NO_PROTOCOLS_AVAILABLE:
      self = .versionTooOld
    case SSL_R_NO_SUITABLE_KEY_SHARE, SSL_R_NO_SUITABLE_GROUPS: self = .noCommonGroup
    case SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS, SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
      self = .noCommonSignatureAlgorithm
    case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_PACKET_LENGTH_TOO_LONG:
      self = isServer ? .other(error) : .notTLS
    case (Self.firstAlert + 1)..<(Self.firstAlert + 256):
      self = .alert(UInt8(truncatingIfNeeded: reason - Self.firstAlert))
    default: self = .other(error)
    }
  }

  /// What a client lacks for which OpenSSL found no suite. In TLS 1.2, a suite without a common group or signature
  /// algorithm counts as one that the client does not offer.
  private static func missing(_ hello: ClientHello) -> HandshakeFault {
    guard !Context.suiteNumbers.isDisjoint(with: hello.cipherSuites) else { return .noCommonCipher }
    if !hello.groups.isEmpty, groups.isDisjoint(with: hello.groups) { return .noCommonGroup }
    // A client that names none means SHA-1 (RFC 5246 §7.4.1.4.1).
    let hasCommon = !signatureAlgorithms.isDisjoint(with: hello.signatureAlgorithms)
    return hasCommon ? .noCommonCipher : .noCommonSignatureAlgorithm
  }
}
