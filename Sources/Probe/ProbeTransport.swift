import Linux
import TLS

/// The connection of a probe: TCP or, if the question wants it, TLS over TCP. Bytes of the upper layer go in and come
/// out. Each call blocks, at the longest until its deadline.
struct ProbeTransport: ~Copyable {
  /// The most bytes received at once without TLS.
  private static let inboxSize = 16 << 10
  /// The number of bytes kept of an answer that may not be TLS.
  private static let openingSize = 32
  /// The first bytes of a TLS record: its type, from change_cipher_spec to application_data, and the version (RFC
  /// 8446 §5.1).
  private static let (recordTypes, recordVersion): (ClosedRange<UInt8>, UInt8) = (20...23, 3)

  private var socket: TCPSocket
  private let isSecured: Bool
  private var session: Session?
  /// Room for what has come: with TLS, for decrypted bytes.
  private var inbox: [UInt8]
  /// The number of bytes in `inbox`.
  private var filled = 0
  /// Whether the bytes in `inbox` came with the end of the handshake, and were not handed over yet.
  private var isWaiting = false
  /// Whether the peer will send no more.
  private var isEnded = false
  /// Room for records to decrypt, and for records to send.
  private var (records, outbox): ([UInt8], [UInt8])
  /// The first bytes of the peer, as they came.
  private(set) var opening: [UInt8] = []
  /// Whether the peer has sent any byte besides the handshake.
  private(set) var hasSpoken = false

  /// Starts to connect to `address`.
  static func connecting(
    to address: NetworkAddress, over tls: ProbeTLS?
  ) throws(SystemError) -> ProbeTransport {
    let socket = try TCPSocket(connectingTo: address)
    guard let tls else { return ProbeTransport(socket, nil, isSecured: false) }
    guard let session = Session(clientOf: tls.context, server: tls.serverName) else {
      throw .outOfMemory
    }
    return ProbeTransport(socket, consume session, isSecured: true)
  }

  private init(
    _ socket: consuming TCPSocket, _ session: consuming Session?, isSecured: Bool
  ) {
    self.socket = socket
    self.session = session
    self.isSecured = isSecured
    inbox = [UInt8](repeating: 0, count: isSecured ? Session.leastPlain : Self.inboxSize)
    records = [UInt8](repeating: 0, count: isSecured ? Session.mostInput : 0)
    outbox = [UInt8](repeating: 0, count: isSecured ? Session.leastOutput : 0)
  }

  /// The address and port that the connection comes from, or `nil` without one.
  var source: NetworkAddress? { try? socket.localAddress }

  /// The system's statistics on the path.
  var path: TCPPath { socket.path }

  /// What is known of the session; `nil` without TLS.
  var facts: SessionFacts? {
    mutating get { session?.facts }
  }

  /// The bytes of the last ``receive(until:)``.
  var input: Span<UInt8> {
    @_lifetime(borrow self)
    get { inbox.span.extracting(first: filled) }
  }

  /// Waits for the connection. Returns why there is none, or `nil`.
  mutating func connect(until deadline: Instant) -> ProbeFailure? {
    switch socket.waitConnected(milliseconds: Self.patience(until: deadline)) {
    case 0: nil
    case .some(let number): .system(number)
    case nil: .timeout
    }
  }

  /// Performs the handshake. Returns why that failed, or `nil`.
  mutating func secure(until deadline: Instant) -> ProbeFailure? {
    var count = 0
    while true {
      decrypt(count, until: deadline)
      if let fault = session?.fault { return .handshake(isTLS ? fault : .notTLS) }
      if session?.isComplete ?? true { break }
      guard Instant.now < deadline,
        socket.waitReadable(milliseconds: Self.patience(until: deadline))
      else { return .handshake(.timedOut) }
      switch Self.receive(from: socket, into: &records) {
      case .nothing: count = 0
      case .bytes(let received):
        count = received
        let rest = Self.openingSize - opening.count
        opening += records.prefix(min(received, max(0, rest)))
      case .end: return .handshake(isTLS ? .closed : .notTLS)
      case .failed(let number): return isTLS ? .system(number) : .handshake(.notTLS)
      }
    }
    (isWaiting, hasSpoken) = (filled > 0, filled > 0)
    return nil
  }

  /// Whether the peer speaks TLS, as far as its first bytes tell.
  private var isTLS: Bool {
    guard let first = opening.first else { return true }
    return Self.recordTypes.contains(first)
      && (opening.count < 2 || opening[1] == Self.recordVersion)
  }

  /// What came of a wait for bytes.
  enum Received {
    /// Bytes, which ``input`` has.
    case bytes
    /// Nothing for the upper layer.
    case nothing
    /// The peer will send no more.
    case end
    /// The deadline.
    case timeout
    /// The connection failed with this errno.
    case failed(Int32)
    /// The session failed, often because of an alert.
    case fault(HandshakeFault)
  }

  /// Waits for bytes.
  mutating func receive(until deadline: Instant) -> Received {
    if isWaiting {
      isWaiting = false
      return .bytes
    }
    if let fault = session?.fault { return .fault(fault) }
    if isEnded { return .end }
    guard Instant.now < deadline,
      socket.waitReadable(milliseconds: Self.patience(until: deadline))
    else { return .timeout }
    let received =
      isSecured
      ? Self.receive(from: socket, into: &records) : Self.receive(from: socket, into: &inbox)
    switch received {
    case .nothing: return .nothing
    case .end: return .end
    case .failed(let number): return .failed(number)
    case .bytes(let count):
      if isSecured { decrypt(count, until: deadline) } else { filled = count }
    }
    if filled > 0 {
      hasSpoken = true
      return .bytes
    }
    if let fault = session?.fault { return .fault(fault) }
    return isEnded ? .end : .nothing
  }

  /// Presents the first `count` bytes of `records` to the session, and sends what it answers.
  private mutating func decrypt(_ count: Int, until deadline: Instant) {
    guard let progress = Self.decrypt(&session, records, count, &inbox, &outbox) else { return }
    filled = progress.plain
    isEnded = isEnded || progress.isClosed
    _ = Self.send(outbox, progress.output, to: &socket, until: deadline)
  }

  private static func decrypt(
    _ session: inout Session?, _ records: [UInt8], _ count: Int, _ inbox: inout [UInt8],
    _ outbox: inout [UInt8]
  ) -> Session.Progress? {
    var plain = inbox.mutableSpan
    var output = outbox.mutableSpan
    return session?.receive(
      records.span.extracting(first: count), into: &plain, output: &output)
  }

  private static func receive(
    from socket: borrowing TCPSocket, into bytes: inout [UInt8]
  ) -> TCPSocket.Received {
    var room = bytes.mutableSpan
    return socket.receive(into: &room)
  }

  /// Sends `bytes`. Returns false if the deadline comes first. If the connection fails, the input tells why.
  mutating func send(_ bytes: [UInt8], until deadline: Instant) -> Bool {
    if !isSecured { return Self.send(bytes, bytes.count, to: &socket, until: deadline) }
    var start = 0
    while start < bytes.count {
      let end = min(start + Session.mostPlain, bytes.count)
      guard let count = Self.encrypt(Array(bytes[start..<end]), &session, &outbox) else { break }
      if !Self.send(outbox, count, to: &socket, until: deadline) { return false }
      start = end
    }
    return true
  }

  private static func encrypt(
    _ bytes: [UInt8], _ session: inout Session?, _ outbox: inout [UInt8]
  ) -> Int? {
    var output = outbox.mutableSpan
    return session?.send(bytes.span, output: &output)
  }

  /// Sends the first `count` bytes.
  private static func send(
    _ bytes: [UInt8], _ count: Int, to socket: inout TCPSocket, until deadline: Instant
  ) -> Bool {
    var rest = bytes.span.extracting(first: count)
    while rest.count > 0 {
      guard case .bytes(let sent) = socket.send(rest) else { return true }
      rest = rest.extracting(droppingFirst: sent)
      if sent == 0, !socket.waitWritable(milliseconds: patience(until: deadline)) { return false }
    }
    return true
  }

  /// Sends the last `bytes`, if any, and with TLS its close_notify, without waiting. It does not matter whether they
  /// arrive.
  mutating func close(sending bytes: [UInt8]) {
    _ = send(bytes, until: .now)
    guard isSecured else { return }
    let count = Self.end(&session, &outbox)
    _ = Self.send(outbox, count, to: &socket, until: .now)
    // An alert must arrive, but a close with unread input would be a reset, which overtakes it.
    socket.shutDownWriting()
    socket.discardInput()
  }

  private static func end(_ session: inout Session?, _ outbox: inout [UInt8]) -> Int {
    var output = outbox.mutableSpan
    return session?.close(output: &output) ?? 0
  }

  /// How long to wait at the most, in milliseconds; -1 for no limit.
  private static func patience(until deadline: Instant) -> Int32 {
    guard deadline != .never else { return -1 }
    let now = Instant.now
    return now < deadline ? Int32(clamping: deadline.milliseconds - now.milliseconds) : 0
  }
}
