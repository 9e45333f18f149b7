import Glibc
import Linux
import TLS

/// What all TLS connections of a load have in common: the certificates, and the buffers of the call that is under
/// way.
final class Encryption {
  fileprivate let context: Context
  fileprivate var buffers = Buffers()

  /// Connections with the certificates of `context`.
  init(_ context: Context) { self.context = context }

  fileprivate struct Buffers {
    /// The encrypted bytes that have come.
    private var inbox = [UInt8](repeating: 0, count: Session.mostInput)
    /// The encrypted bytes to send.
    private(set) var outbox = [UInt8](repeating: 0, count: Session.leastOutput)
    /// Room for the decrypted bytes of a call that decrypts none.
    private var unused = [UInt8](repeating: 0, count: Session.leastPlain)

    /// Receives what has come from a socket.
    mutating func receive(from socket: borrowing TCPSocket?) -> TCPSocket.Received {
      var room = inbox.mutableSpan
      switch socket {
      case .some(let socket): return socket.receive(into: &room)
      case .none: return .nothing
      }
    }

    /// Begins the handshake of a client.
    mutating func begin(_ session: inout Session) -> Session.Progress {
      Self.begin(&session, &unused, &outbox)
    }

    private static func begin(
      _ session: inout Session, _ unused: inout [UInt8], _ outbox: inout [UInt8]
    ) -> Session.Progress {
      var plain = unused.mutableSpan
      return present([], 0, to: &session, into: &plain, &outbox)
    }

    /// Presents the first `count` received bytes to a session.
    mutating func present(
      _ count: Int, to session: inout Session, into plain: inout MutableSpan<UInt8>
    ) -> Session.Progress {
      Self.present(inbox, count, to: &session, into: &plain, &outbox)
    }

    // Apart, since a span of one member may not overlap with that of another.
    private static func present(
      _ inbox: [UInt8], _ count: Int, to session: inout Session,
      into plain: inout MutableSpan<UInt8>, _ outbox: inout [UInt8]
    ) -> Session.Progress {
      var output = outbox.mutableSpan
      return session.receive(inbox.span.extracting(first: count), into: &plain, output: &output)
    }

    /// Encrypts `bytes`, and returns the number of bytes to send.
    mutating func encrypt(_ bytes: Span<UInt8>, for session: inout Session) -> Int? {
      var output = outbox.mutableSpan
      return session.send(bytes, output: &output)
    }

    /// Makes close_notify, and returns the number of bytes to send.
    mutating func close(_ session: inout Session) -> Int {
      var output = outbox.mutableSpan
      return session.close(output: &output)
    }
  }
}

/// The TLS of one connection, between a client and its socket. It sends what belongs together at once: the end of
/// the handshake with the A-ASSOCIATE-RQ, and all requests that a client makes at the same time.
final class TLSChannel {
  private let encryption: Encryption
  private var session: Session
  /// The encrypted bytes that the connection has not taken.
  private var held: [UInt8] = []
  /// The number of bytes of the client that are among those.
  private var promised = 0

  /// A channel whose ClientHello is ready to be sent. The name in the SCP's certificate is not checked.
  init(_ encryption: Encryption) throws(SystemError) {
    guard let session = Session(clientOf: encryption.context, server: nil) else {
      throw SystemError(call: "SSL_new", number: ENOMEM)
    }
    self.encryption = encryption
    self.session = session
    hold(encryption.buffers.begin(&self.session).output)
  }

  /// Why the handshake or the connection failed, if it has.
  var fault: HandshakeFault? { session.fault }

  /// Whether it only waits for the SCP's part of the handshake.
  var awaitsHandshake: Bool { !session.isComplete && held.isEmpty }

  /// Receives what is there and decrypts it into `plain`; nothing may come of it. A failure of TLS is a protocol
  /// error (EPROTO), and ``fault`` tells more.
  func receive(
    from socket: inout TCPSocket?, into plain: inout MutableSpan<UInt8>
  ) -> TCPSocket.Received {
    let received = encryption.buffers.receive(from: socket)
    guard case .bytes(let count) = received else { return received }
    let progress = encryption.buffers.present(count, to: &session, into: &plain)
    hold(progress.output)
    // The end of a handshake waits for the A-ASSOCIATE-RQ, which comes next.
    if !progress.completesHandshake, promised == 0 { _ = flush(&socket) }
    if session.fault != nil { return .failed(EPROTO) }
    if progress.plain > 0 { return .bytes(progress.plain) }
    return progress.isClosed ? .end : .nothing
  }

  /// Encrypts and sends `bytes`, and returns their number once the connection has taken all of them, otherwise 0.
  /// The next call must then begin with the same bytes.
  func send(_ bytes: Span<UInt8>, on socket: inout TCPSocket?) -> TCPSocket.Sent {
    if session.isComplete, promised == 0 {
      guard let count = encryption.buffers.encrypt(bytes, for: &session) else {
        return .failed(EPROTO)
      }
      hold(count)
      promised = bytes.count
    }
    if let error = flush(&socket) { return .failed(error) }
    guard held.isEmpty else { return .bytes(0) }
    defer { promised = 0 }
    return .bytes(promised)
  }

  /// Tells the SCP that nothing more will be sent (close_notify), unless TLS has failed.
  func close(on socket: inout TCPSocket?) {
    hold(encryption.buffers.close(&session))
    _ = flush(&socket)
  }

  /// Holds the first `count` bytes to send until the next flush.
  private func hold(_ count: Int) {
    if count > 0 { held += encryption.buffers.outbox[..<count] }
  }

  /// Sends as much of the held bytes as the connection takes; returns the errno of a failure.
  private func flush(_ socket: inout TCPSocket?) -> Int32? {
    if held.isEmpty { return nil }
    let sent = socket?.send(held.span) ?? .bytes(0)
    guard case .bytes(let count) = sent else {
      if case .failed(let number) = sent { return number }
      return nil
    }
    held.removeFirst(count)
    return nil
  }
}
