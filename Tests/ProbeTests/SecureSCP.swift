import Linux
import TLS
import TestKit

/// An SCP on a free port of this machine that serves one connection: over TLS, or with bytes of its own.
final class SecureSCP: Sendable {
  /// What the SCP does with a connection.
  enum Manner: Sendable {
    /// It speaks TLS, and sends its bytes in pieces of at most this size.
    case tls(Context, piece: Int)
    /// It answers the first bytes with these, and closes the connection.
    case plain([UInt8])
    /// It answers nothing.
    case silent
  }

  /// What the SCP has found out.
  struct Findings: Sendable {
    /// Why its TLS session failed.
    var fault: HandshakeFault?
    /// Whether close_notify came.
    var isClosed = false
    /// The server name that the client sent (SNI).
    var serverName: [UInt8]?
    /// The common names in the certificate of the client.
    var commonNames: [[UInt8]] = []
  }

  /// The port that it listens on.
  let port: UInt16
  private let listener: Listener
  private let thread: Linux.Thread
  private let found: Box

  /// A value of two threads.
  private final class Box: Sendable {
    let value = Locked(Findings())
  }

  /// Starts to listen.
  init(_ manner: Manner) throws {
    listener = try Listener.onAFreePort()
    port = listener.address.port
    let (number, found) = (listener.number, Box())
    self.found = found
    thread = try Linux.Thread(name: "scp") {
      guard let socket = Self.accepted(at: number) else { return }
      switch manner {
      case .silent: Self.drain(socket)
      case .plain(let bytes): Self.answer(bytes, on: socket)
      case .tls(let context, let piece):
        let findings = Self.serve(socket, context, piece)
        found.value.withLock { $0 = findings }
      }
    }
  }

  /// What it has found out by the end of its connection; `nil` if that does not end.
  func findings() -> Findings? {
    thread.join(milliseconds: 10_000) ? found.value.withLock { $0 } : nil
  }

  private static func accepted(at number: Int32) -> TCPSocket? {
    for _ in 0..<5_000 {
      if let one = try? Listener.accept(at: number) { return TCPSocket(owning: one.number) }
      pause(milliseconds: 2)
    }
    return nil
  }

  /// The next bytes, or `nil` at the end.
  private static func received(from socket: borrowing TCPSocket) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 16 << 10)
    while socket.waitReadable(milliseconds: 10_000) {
      var room = bytes.mutableSpan
      switch socket.receive(into: &room) {
      case .bytes(let count): return Array(bytes.prefix(count))
      case .nothing: continue
      case .end, .failed: return nil
      }
    }
    return nil
  }

  private static func drain(_ socket: borrowing TCPSocket) {
    while received(from: socket) != nil {}
  }

  private static func answer(_ bytes: [UInt8], on socket: consuming TCPSocket) {
    _ = received(from: socket)
    _ = socket.send(bytes.span)
    socket.shutDownWriting()
    drain(socket)
  }

  private static func serve(
    _ socket: consuming TCPSocket, _ context: Context, _ piece: Int
  ) -> Findings {
    let session = SessionEndpoint(serverOf: context)
    var peer = Peer()
    var served = 0
    while !session.isClosed, session.fault == nil, let bytes = received(from: socket) {
      var output = session.receive(bytes)
      if served < session.plain.count {
        let answer = peer.send(Array(session.plain[served...]))
        served = session.plain.count
        output += session.send(answer) ?? []
      }
      for start in stride(from: 0, to: output.count, by: piece) {
        _ = socket.send(output[start..<min(start + piece, output.count)].span)
      }
    }
    socket.shutDownWriting()
    drain(socket)
    let facts = session.facts
    return Findings(
      fault: session.fault, isClosed: session.isClosed, serverName: facts.hello?.serverName,
      commonNames: facts.certificate?.commonNames ?? [])
  }
}
