import COpenSSL

/// One TLS connection without its socket: the bytes of the peer in, the bytes to send out.
///
/// The caller presents the bytes that have come to ``receive(_:into:output:)``, sends what that puts into `output`,
/// and encrypts its own bytes with ``send(_:output:)``. A session keeps an incomplete record, and nothing else.
@safe
public struct Session: ~Copyable {
  /// The room for bytes to send that every call needs, in bytes: enough for the longest answer to a ClientHello, and
  /// for ``mostPlain`` bytes with the headers of their records.
  public static let leastOutput = 96 << 10
  /// The largest number of bytes to encrypt at once.
  public static let mostPlain = 64 << 10
  /// The largest number of bytes to present at once.
  public static let mostInput = 32 << 10
  /// The room for decrypted bytes that every call needs: the input of one call, and the rest of one record.
  public static let leastPlain = mostInput + (16 << 10)

  // Safe because the pointer is valid until `deinit`, and the state lives as long.
  private let pointer: OpaquePointer
  private let state: SessionState
  private let isServer: Bool
  /// Whether the handshake is complete.
  public private(set) var isComplete = false
  /// Why the handshake or the connection failed, if it has.
  public private(set) var fault: HandshakeFault?
  /// The number of bytes received during the handshake.
  private var received: UInt32 = 0
  /// The header of the first record, as far as it has come.
  private var header = InlineArray<5, UInt8>(repeating: 0)

  /// A session that waits for a client's ClientHello; `nil` if there is no memory.
  public init?(serverOf context: Context) {
    let state = SessionState(context)
    // Safe because this value owns the session.
    guard let made = unsafe Self.make(context, state, isServer: true) else { return nil }
    unsafe self.init(owning: made, state, isServer: true)
  }

  /// A session whose first ``receive(_:into:output:)`` makes the ClientHello; `nil` if there is no memory.
  ///
  /// - Parameter name: The host to check in the server's certificate, a name or an address; a name is also sent
  ///   (SNI). `nil` checks none.
  public init?(clientOf context: Context, server name: String?) {
    let state = SessionState(context)
    // Safe because this value owns the session, unless it is freed here, and the names are copied.
    guard let made = unsafe Self.make(context, state, isServer: false) else { return nil }
    if let name, unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(made), name) != 1,
      unsafe SSL_set1_host(made, name) != 1 || co_set_server_name(made, name) != 1
    {
      unsafe SSL_free(made)
      return nil
    }
    unsafe self.init(owning: made, state, isServer: false)
  }

  // Safe because the session is handed over.
  private init(owning pointer: OpaquePointer, _ state: SessionState, isServer: Bool) {
    unsafe self.pointer = pointer
    self.state = state
    self.isServer = isServer
  }

  private static func make(
    _ context: Context, _ state: SessionState, isServer: Bool
  ) -> OpaquePointer? {
    // Safe because the state lives as long as the session, whose callbacks find it.
    let argument = unsafe Unmanaged.passUnretained(state).toOpaque()
    return unsafe co_session(context.pointer, isServer ? 1 : 0, argument)
  }

  deinit {
    // Safe because nothing else uses the session.
    unsafe SSL_free(pointer)
  }

  /// What a call did.
  public struct Progress: Sendable {
    /// How many bytes of the input it took.
    public fileprivate(set) var taken = 0
    /// How many bytes it decrypted.
    public fileprivate(set) var plain = 0
    /// How many bytes there are to send.
    public fileprivate(set) var output = 0
    /// Whether the peer has sent close_notify.
    public fileprivate(set) var isClosed = false
    /// Whether the handshake was completed by this call.
    public fileprivate(set) var completesHandshake = false
  }

  /// Continues the handshake or decrypts, with all bytes that have come.
  ///
  /// If that fails, ``fault`` tells why, and the bytes to send are an alert.
  ///
  /// - Parameters:
  ///   - input: At most ``mostInput`` bytes.
  ///   - plain: Room for at least ``leastPlain`` bytes.
  ///   - output: Room for at least ``leastOutput`` bytes.
  public mutating func receive(
    _ input: Span<UInt8>, into plain: inout MutableSpan<UInt8>, output: inout MutableSpan<UInt8>
  ) -> Progress {
    var progress = Progress()
    if fault != nil { return progress }
    if !isComplete {
      count(input)
      // Safe because the numbers are written only during the call.
      let result = unsafe co_handshake(
        pointer, input, &progress.taken, &output, &progress.output)
      handle(result, &progress)
      guard result == co_done, fault == nil else { return progress }
      isComplete = true
      progress.completesHandshake = true
      state.noteMissing()
      state.trim()
    }
    // Bytes may follow the handshake at once.
    let rest = input.extracting(droppingFirst: progress.taken)
    let made = progress.output
    var (taken, filled, more) = (0, 0, 0)
    var room = output._mutatingExtracting(droppingFirst: made)
    // Safe for the same reason.
    let result = unsafe co_receive(pointer, rest, &taken, &plain, &filled, &room, &more)
    progress.taken += taken
    progress.plain = filled
    progress.output = made + more
    handle(result, &progress)
    return progress
  }

  private mutating func handle(_ result: co_result, _ progress: inout Progress) {
    switch result {
    case co_done, co_needs_input: break
    case co_closed: progress.isClosed = true
    default: fault = takeFault()
    }
  }

  /// Encrypts `plain`, and returns the number of bytes to send, or `nil` if the session has failed.
  ///
  /// - Parameters:
  ///   - plain: At most ``mostPlain`` bytes.
  ///   - output: Room for at least ``leastOutput`` bytes.
  public mutating func send(_ plain: Span<UInt8>, output: inout MutableSpan<UInt8>) -> Int? {
    guard isComplete, fault == nil else { return nil }
    if plain.isEmpty { return 0 }
    var made = 0
    // Safe because both spans are lent for the length of the call. Passed as spans, they make the Swift 6.3 compiler
    // fail.
    let result = unsafe plain.withUnsafeBufferPointer { plain in
      unsafe output.withUnsafeMutableBufferPointer { output in
        guard let bytes = plain.baseAddress, let room = output.baseAddress else { return co_done }
        return unsafe co_send(pointer, bytes, plain.count, room, output.count, &made)
      }
    }
    if result == co_done { return made }
    fault = takeFault()
    return nil
  }

  /// Makes the close_notify alert, and returns the number of bytes to send.
  public mutating func close(output: inout MutableSpan<UInt8>) -> Int {
    guard isComplete, fault == nil else { return 0 }
    var made = 0
    // Safe because the number is written only during the call.
    unsafe co_close(pointer, &output, &made)
    return made
  }

  /// Frees the buffers of a session that is idle, about 17 kB of 32; the next call makes them again.
  public mutating func freeBuffers() {
    // Safe because the session is valid. The call does nothing while a buffer is in use.
    unsafe SSL_free_buffers(pointer)
  }

  private mutating func count(_ input: Span<UInt8>) {
    for index in input.indices {
      let place = Int(received) + index
      guard place < header.count else { break }
      header[place] = input[index]
    }
    received = UInt32(clamping: Int(received) + input.count)
  }

  /// The size of the first record with its header, if it has not come completely; otherwise 0.
  private var expected: UInt32 {
    guard !isComplete, received >= header.count else { return 0 }
    // In the format of SSL 2, the length comes first (RFC 5246 §E.2).
    let isOld = header[0] & 0x80 != 0
    let size =
      isOld
      ? 2 + UInt32(header[0] & 0x7F) << 8 + UInt32(header[1])
      : UInt32(header.count) + UInt32(header[3]) << 8 + UInt32(header[4])
    return size > received ? size : 0
  }

  /// What is known so far.
  public var facts: SessionFacts {
    // A name that cannot be read leaves an error.
    defer { co_forget_errors() }
    // Safe because the session is valid, and each text ends with a NUL and is copied.
    let version = isComplete ? unsafe String(cString: SSL_get_version(pointer)) : nil
    var cipher: String?
    if isComplete, let suite = unsafe SSL_get_current_cipher(pointer),
      let name = unsafe SSL_CIPHER_standard_name(suite)
    {
      cipher = unsafe String(cString: name)
    }
    let group = isComplete ? unsafe co_group(pointer).map { unsafe String(cString: $0) } : nil
    return SessionFacts(
      hello: state.hello, version: version, cipherSuite: cipher, group: group,
      applicationProtocol: isComplete ? selectedProtocol : nil, chain: state.chain,
      faults: state.faults, acceptedCAs: isServer ? [] : acceptedCAs,
      asksForCertificate: !isServer && asksForCertificate, received: received, expected: expected)
  }

  private var selectedProtocol: String? {
    var bytes: UnsafePointer<UInt8>?
    var size: UInt32 = 0
    // Safe because the bytes belong to the session and are copied.
    unsafe SSL_get0_alpn_selected(pointer, &bytes, &size)
    guard let bytes = unsafe bytes, size > 0 else { return nil }
    return unsafe String(
      decoding: UnsafeBufferPointer(start: bytes, count: Int(size)), as: UTF8.self)
  }

  /// The names of the CAs that the server says it accepts.
  private var acceptedCAs: [String] {
    // Safe because the names belong to the session and are copied.
    guard let names = unsafe SSL_get0_peer_CA_list(pointer) else { return [] }
    return unsafe (0..<co_count_names(names)).map {
      unsafe CertificateFacts.text(of: co_name(names, $0))
    }
  }

  /// Whether the server has asked for a certificate: with that, it says which signatures it can verify.
  private var asksForCertificate: Bool {
    // Safe because the session is valid, and nothing is written without a place for it.
    unsafe SSL_get_sigalgs(pointer, -1, nil, nil, nil, nil, nil) > 0
  }

  /// The reason in OpenSSL's error queue.
  private func takeFault() -> HandshakeFault {
    HandshakeFault(OpenSSLError(code: co_take_error()), state, isServer: isServer)
  }
}
