import COpenSSL

/// A client or server of plain OpenSSL, which does what the sessions under test never do.
@safe
public final class OpenSSLPeer: TLSEndpoint {
  /// What it does.
  public struct Options: Sendable {
    /// Whether it is a server.
    public var isServer = false
    /// The lowest and the highest version that it uses.
    public var versions = 0x0303...0x0304
    /// Its certificate, and those between it and the root.
    public var certificates: [Identity] = []
    /// The application protocols that it offers (ALPN).
    public var protocols: [String] = []
    /// The server name that it sends (SNI).
    public var serverName: String?
    /// The cipher suites of TLS 1.2 in OpenSSL's words, or `nil` for its defaults.
    public var suites: String?
    /// The groups in OpenSSL's words, or `nil` for its defaults.
    public var groups: String?
    /// The signature algorithms in OpenSSL's words, or `nil` for its defaults.
    public var signatureAlgorithms: String?
    /// Whether it asks a client for a certificate.
    public var asksForCertificate = false
    /// The CAs that it trusts, or `nil` for a peer that does not verify.
    public var authorities: [Identity]?

    /// A client with these certificates.
    public init(_ certificates: Identity...) { self.certificates = certificates }

    /// Returns them with the changes that `change` makes.
    public func with(_ change: (inout Options) -> Void) -> Options {
      var options = self
      change(&options)
      return options
    }
  }

  /// What several peers with the same options have in common, since a context takes longer than a handshake.
  @safe
  public final class Kind: Sendable {
    // Safe because it is written only here, and OpenSSL counts references atomically.
    fileprivate nonisolated(unsafe) let context: OpaquePointer
    fileprivate let options: Options

    /// The peers with these options.
    public init(_ options: Options) {
      self.options = options
      // Safe because the new context belongs to this value.
      guard
        let made = unsafe SSL_CTX_new(options.isServer ? TLS_server_method() : TLS_client_method())
      else { preconditionFailure("OpenSSL makes no context") }
      unsafe context = made
      unsafe OpenSSLPeer.configure(made, options)
      ERR_clear_error()
    }

    deinit {
      // Safe because sessions have references of their own.
      unsafe SSL_CTX_free(context)
    }
  }

  // Safe because the pointer is valid until `deinit`.
  private let pointer: OpaquePointer
  /// All bytes decrypted so far.
  public private(set) var plain: [UInt8] = []
  /// Whether it has finished the handshake.
  public private(set) var isComplete = false
  /// Whether the other end has sent close_notify.
  public private(set) var isClosed = false
  /// OpenSSL's words for what failed.
  public private(set) var failure: String?
  /// The room for the bytes to send.
  private var output = [UInt8](repeating: 0, count: 128 << 10)

  /// An end of a connection with these options.
  public convenience init(_ options: Options) { self.init(Kind(options)) }

  /// An end of a connection.
  public init(_ kind: Kind) {
    // Safe because no context here has a callback that reads the argument of a session.
    let argument = unsafe UnsafeMutableRawPointer(kind.context)
    guard
      let made = unsafe co_session(kind.context, kind.options.isServer ? 1 : 0, argument)
    else { preconditionFailure("OpenSSL makes no session") }
    unsafe pointer = made
    if let name = kind.options.serverName { unsafe co_set_server_name(made, name) }
  }

  deinit {
    // Safe because nothing else uses the session.
    unsafe SSL_free(pointer)
  }

  private static func configure(_ context: OpaquePointer, _ options: Options) {
    // Safe because the context is new, and takes copies or references of its own.
    unsafe SSL_CTX_set_security_level(context, 0)
    unsafe SSL_CTX_ctrl(
      context, SSL_CTRL_SET_MIN_PROTO_VERSION, options.versions.lowerBound, nil)
    unsafe SSL_CTX_ctrl(
      context, SSL_CTRL_SET_MAX_PROTO_VERSION, options.versions.upperBound, nil)
    for (index, identity) in options.certificates.enumerated() {
      if index == 0 {
        unsafe SSL_CTX_use_certificate(context, identity.certificate)
        unsafe SSL_CTX_use_PrivateKey(context, identity.privateKey)
      } else {
        unsafe X509_up_ref(identity.certificate)
        unsafe co_add_chain(context, identity.certificate)
      }
    }
    let offered = options.protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
    if !offered.isEmpty { unsafe SSL_CTX_set_alpn_protos(context, offered, UInt32(offered.count)) }
    if let suites = options.suites { unsafe SSL_CTX_set_cipher_list(context, suites) }
    for (command, text) in [
      (SSL_CTRL_SET_GROUPS_LIST, options.groups),
      (SSL_CTRL_SET_SIGALGS_LIST, options.signatureAlgorithms),
    ] {
      guard var text = text.map({ Array($0.utf8CString) }) else { continue }
      unsafe SSL_CTX_ctrl(context, command, 0, &text)
    }
    if options.asksForCertificate || options.authorities != nil {
      unsafe SSL_CTX_set_verify(
        context, SSL_VERIFY_PEER, options.authorities == nil ? { _, _ in 1 } : nil)
    }
    for authority in options.authorities ?? [] {
      unsafe X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.certificate)
      if options.isServer { unsafe SSL_CTX_add_client_CA(context, authority.certificate) }
    }
  }

  public func receive(_ bytes: [UInt8]) -> [UInt8] {
    guard failure == nil else { return [] }
    var answer: [UInt8] = []
    var (offset, made) = (0, 0)
    if !isComplete {
      var room = output.mutableSpan
      // Safe because the numbers are written only during the call.
      let result = unsafe co_handshake(pointer, bytes.span, &offset, &room, &made)
      note(result)
      answer += output[..<made]
      guard result == co_done else { return answer }
      isComplete = true
    }
    var decrypted = [UInt8](repeating: 0, count: bytes.count + (64 << 10))
    var (taken, filled) = (0, 0)
    var into = decrypted.mutableSpan
    var room = output.mutableSpan
    let rest = bytes.span.extracting(droppingFirst: offset)
    // Safe for the same reason.
    note(unsafe co_receive(pointer, rest, &taken, &into, &filled, &room, &made))
    plain += decrypted[..<filled]
    return answer + output[..<made]
  }

  /// Encrypts `bytes`, and returns those to send.
  public func send(_ bytes: [UInt8]) -> [UInt8] {
    var made = 0
    var room = output.mutableSpan
    // Safe because the number is written only during the call.
    note(unsafe co_send(pointer, bytes.span, &room, &made))
    return Array(output[..<made])
  }

  /// Asks for new keys with the next bytes that it sends (RFC 8446 §4.6.3).
  public func updateKeys() {
    // Safe because the session is valid.
    unsafe SSL_key_update(pointer, SSL_KEY_UPDATE_REQUESTED)
  }

  /// Begins a renegotiation (RFC 5246 §7.4.1.1), and returns the bytes to send.
  public func renegotiate() -> [UInt8] {
    // Safe because the session is valid, and the numbers are written only during the call.
    unsafe SSL_renegotiate(pointer)
    var (taken, made) = (0, 0)
    var room = output.mutableSpan
    note(unsafe co_handshake(pointer, [UInt8]().span, &taken, &room, &made))
    return Array(output[..<made])
  }

  /// Returns the close_notify to send.
  public func close() -> [UInt8] {
    var made = 0
    var room = output.mutableSpan
    // Safe because the number is written only during the call.
    unsafe co_close(pointer, &room, &made)
    return Array(output[..<made])
  }

  private func note(_ result: co_result) {
    switch result {
    case co_done, co_needs_input: break
    case co_closed: isClosed = true
    default:
      // Safe because the words are constants.
      let words = unsafe ERR_reason_error_string(ERR_peek_error())
      failure = unsafe words.map { unsafe String(cString: $0) } ?? "no reason"
      ERR_clear_error()
    }
  }
}
