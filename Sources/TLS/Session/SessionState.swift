import COpenSSL

/// What OpenSSL's callbacks find out during one handshake.
final class SessionState {
  /// The largest number of certificates whose facts are kept.
  private static let mostCertificates = 8

  let context: Context
  /// What the client offers, once its ClientHello is complete.
  private(set) var hello: ClientHello?
  /// Whether the ClientHello was refused because its application protocols lack `dicom`.
  private(set) var isProtocolRefused = false
  /// The certificates that the peer presented.
  private(set) var chain: [CertificateFacts] = []
  /// What is wrong with them.
  private(set) var faults: CertificateFaults = []
  /// OpenSSL's code of the first fault.
  private(set) var code: Int32 = 0

  init(_ context: Context) { self.context = context }

  /// Frees what only the record of a failed handshake needs.
  func trim() { hello = hello?.abridged }

  /// Has the sessions of `context` read each ClientHello.
  static func readHellos(in context: OpaquePointer) {
    // Safe because the argument of a session is its state, which lives as long as the session.
    unsafe co_set_hello(context) { session, argument in
      guard let argument = unsafe argument else { return 0 }
      let state = unsafe Unmanaged<SessionState>.fromOpaque(argument).takeUnretainedValue()
      return unsafe state.readHello(of: session)
    }
  }

  /// Has the sessions of `context` verify the certificates of their peers as `mode` says (SSL_VERIFY_…).
  static func verifyCertificates(in context: OpaquePointer, _ mode: Int32) {
    // Safe because the argument of a session is its state, which lives as long as the session.
    unsafe co_set_verification(context, mode) { store, argument in
      guard let argument = unsafe argument else { return 0 }
      let state = unsafe Unmanaged<SessionState>.fromOpaque(argument).takeUnretainedValue()
      return unsafe state.verify(store) ? 1 : 0
    }
  }

  /// Reads a ClientHello, and returns the alert to send, or 0 to continue.
  private func readHello(of session: OpaquePointer) -> Int32 {
    // Safe because OpenSSL lends the parts of the ClientHello for the length of its callback.
    var bytes: UnsafePointer<UInt8>?
    let size = unsafe SSL_client_hello_get0_ciphers(session, &bytes)
    let version = UInt16(truncatingIfNeeded: unsafe SSL_client_hello_get0_legacy_version(session))
    let suites = unsafe UnsafeBufferPointer(start: bytes, count: size).span
    var hello =
      unsafe SSL_client_hello_isv2(session) == 1
      ? ClientHello(legacyVersion: version, oldCipherSuites: suites)
      : ClientHello(legacyVersion: version, cipherSuites: suites)
    for kind in ClientHello.Extension.allCases {
      var body: UnsafePointer<UInt8>?
      var size = 0
      guard unsafe SSL_client_hello_get0_ext(session, kind.rawValue, &body, &size) == 1 else {
        continue
      }
      unsafe hello.read(kind, UnsafeBufferPointer(start: body, count: size).span)
    }
    self.hello = hello
    isProtocolRefused = hello.lacksDICOM
    // In TLS 1.2, OpenSSL looks for a common cipher suite before it looks at the protocols.
    return isProtocolRefused ? SSL_AD_NO_APPLICATION_PROTOCOL : 0
  }

  /// Verifies the peer's certificates, and returns whether the handshake goes on.
  private func verify(_ store: OpaquePointer) -> Bool {
    // Safe because OpenSSL lends the store and its certificates for the length of its callback.
    let sent = unsafe X509_STORE_CTX_get0_untrusted(store)
    for index in unsafe 0..<min(co_count(sent), Int32(Self.mostCertificates)) {
      guard let sent = unsafe sent else { break }
      var facts = unsafe CertificateFacts(co_certificate(sent, index))
      facts.isIssuedByDevice =
        !facts.isSelfSigned && context.deviceSubjects.contains(facts.issuer)
      chain.append(facts)
    }
    guard let own = unsafe X509_STORE_CTX_get0_cert(store) else { return false }
    if let leaf = chain.first, context.deviceFingerprints.contains(leaf.fingerprint) {
      // It is trusted itself, so only its dates matter.
      if unsafe X509_cmp_current_time(X509_get0_notAfter(own)) < 0 {
        note(X509_V_ERR_CERT_HAS_EXPIRED)
      }
      if unsafe X509_cmp_current_time(X509_get0_notBefore(own)) > 0 {
        note(X509_V_ERR_CERT_NOT_YET_VALID)
      }
    } else {
      unsafe co_verify(store, Unmanaged.passUnretained(self).toOpaque()) { argument, code, _ in
        // Safe because the argument is this state, which outlives the call.
        unsafe Unmanaged<SessionState>.fromOpaque(argument).takeUnretainedValue().note(code)
      }
    }
    let isRefused = !faults.isEmpty && context.clientCertificate != .request
    unsafe X509_STORE_CTX_set_error(store, isRefused ? code : X509_V_OK)
    return !isRefused
  }

  private func note(_ code: Int32) {
    if code == X509_V_OK { return }
    if faults.isEmpty { self.code = code }
    faults.formUnion(CertificateFaults(code: code))
  }

  /// Notes that a client that was asked for a certificate presented none.
  func noteMissing() {
    if chain.isEmpty, context.clientCertificate == .request { faults.formUnion(.missing) }
  }
}

extension CertificateFaults {
  /// The fault with this code of OpenSSL.
  init(code: Int32) {
    self =
      switch code {
      case X509_V_ERR_CERT_HAS_EXPIRED: .expired
      case X509_V_ERR_CERT_NOT_YET_VALID: .notYetValid
      case X509_V_ERR_CERT_REVOKED: .revoked
      case X509_V_ERR_INVALID_PURPOSE: .purpose
      case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_CA_MD_TOO_WEAK:
        .weak
      case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: .name
      case X509_V_ERR_UNABLE_TO_GET_CRL, X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER,
        X509_V_ERR_CRL_NOT_YET_VALID, X509_V_ERR_CRL_HAS_EXPIRED,
        X509_V_ERR_CRL_SIGNATURE_FAILURE, X509_V_ERR_DIFFERENT_CRL_SCOPE:
        .outdatedList
      case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
        X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
        X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_UNTRUSTED:
        .untrusted
      default: .invalid
      }
  }
}
