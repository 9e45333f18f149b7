import CLinux

/// A TCP socket, connected or connecting: non-blocking, without Nagle's algorithm, closed when
/// its owner is destroyed.
///
/// After an acceptor closes, a small amount of unacknowledged output still arrives; a peer that does not
/// take it gets a reset, so that the system does not keep the connection for long. A requestor has its
/// answers when it closes, and leaves the rest to the system.
///
/// SIGPIPE must be ignored (``Process/ignoreBrokenPipes()``): a socket sends with write(2), since sendto(2)
/// is forbidden for the service.
public struct TCPSocket: ~Copyable {
  /// The descriptor number, for system calls only.
  public let number: Int32
  private var closing: Closing

  /// How the socket is closed, in one byte: `plain` for a requestor; for an acceptor, how to treat bytes
  /// that are unacknowledged then (`cl_closing`).
  private enum Closing {
    case plain
    case unused
    case usual
    case overdue

    var value: cl_closing {
      switch self {
      case .plain, .unused: cl_closing_unused
      case .usual: cl_closing_usual
      case .overdue: cl_closing_overdue
      }
    }
  }

  /// Takes ownership of an acceptor's connected descriptor `number`.
  public init(owning number: Int32) {
    self.number = number
    closing = .unused
  }

  /// Starts connecting a requestor to `peer`, from the IPv4 address `source` unless that is 0.
  public init(connectingTo peer: NetworkAddress, from source: UInt32 = 0) throws(SystemError) {
    number = try check("connect", cl_connect(cl_address(peer), source))
    closing = .plain
  }

  deinit { _ = cl_close_connection(number, Int32(bitPattern: closing.value.rawValue)) }

  /// The address and port that the socket is bound to.
  public var localAddress: NetworkAddress {
    get throws(SystemError) { try NetworkAddress(localOf: number) }
  }

  /// Waits until the socket is connected or has failed; returns 0 or the errno; `nil` after `milliseconds`.
  public func waitConnected(milliseconds: Int32) -> Int32? {
    let result = cl_wait_connected(number, milliseconds)
    return result == 1 ? nil : -result
  }

  /// Waits until there is input; false after `milliseconds`.
  public func waitReadable(milliseconds: Int32) -> Bool {
    cl_wait_readable(number, milliseconds) != 0
  }

  /// Waits until the socket takes output; false after `milliseconds`.
  public func waitWritable(milliseconds: Int32) -> Bool {
    cl_wait_writable(number, milliseconds) != 0
  }

  /// The result of a receive.
  public enum Received: Equatable, Sendable {
    /// This many bytes were received.
    case bytes(Int)
    /// The peer will send no more.
    case end
    /// There is no input now.
    case nothing
    /// The connection failed with this errno.
    case failed(Int32)
  }

  /// Receives the available input, at most as much as `bytes` holds.
  public func receive(into bytes: inout MutableSpan<UInt8>) -> Received {
    Self.receive(from: number, into: &bytes)
  }

  /// Receives available input from the socket with the descriptor `number`, at most as
  /// much as `bytes` holds.
  public static func receive(from number: Int32, into bytes: inout MutableSpan<UInt8>) -> Received {
    received(cl_receive(number, &bytes))
  }

  /// Reads the available input, at most as much as `bytes` holds, and leaves it to be received.
  public func peek(into bytes: inout MutableSpan<UInt8>) -> Received {
    Self.received(cl_peek(number, &bytes))
  }

  private static func received(_ result: Int) -> Received {
    if result > 0 { return .bytes(result) }
    if result == 0 { return .end }
    let error = Int32(truncatingIfNeeded: -result)
    return error == SystemError.Known.wouldBlock.rawValue ? .nothing : .failed(error)
  }

  /// The result of a send.
  public enum Sent: Equatable, Sendable {
    /// This many bytes were sent; 0 if the socket takes no output now or is not connected yet.
    case bytes(Int)
    /// The connection failed with this errno.
    case failed(Int32)
  }

  /// Sends as much of `bytes` as the socket takes now.
  public mutating func send(_ bytes: Span<UInt8>) -> Sent {
    noteUse(.usual)
    let result = cl_write(number, bytes)
    if result >= 0 { return .bytes(result) }
    let error = Int32(truncatingIfNeeded: -result)
    return error == SystemError.Known.wouldBlock.rawValue ? .bytes(0) : .failed(error)
  }

  private mutating func noteUse(_ use: Closing) { if closing != .plain { closing = use } }

  /// Discards unread input: with unread input, a close would be a reset, which would
  /// destroy the last reply.
  public func discardInput() { _ = cl_discard_input(number) }

  /// Stops waiting for the peer: output that it has not acknowledged at the close is discarded.
  public mutating func stopWaiting() { if closing == .usual { closing = .overdue } }

  /// Acknowledges received data at once. Until then, a peer that uses Nagle's algorithm and sends a PDU in
  /// two pieces holds back the second.
  public func acknowledge() { _ = cl_acknowledge(number) }

  /// The number of sent bytes that the peer has not acknowledged.
  public var unacknowledged: Int32 { cl_unacknowledged(number) }

  /// The most unacknowledged bytes that still arrive after the connection is closed.
  public static let mostUnacknowledged: Int32 = cl_most_unacknowledged

  /// Returns ``unacknowledged`` when nothing more will be sent, and remembers a 0 to
  /// save further system calls.
  public mutating func unacknowledgedAtTheEnd() -> Int32 {
    if closing == .unused { return 0 }
    let count = unacknowledged
    if count == 0 { noteUse(.unused) }
    return count
  }

  /// The system's statistics on the path from the peer.
  public var path: TCPPath { TCPPath(of: number) }

  /// Tells the peer that nothing more will be sent.
  public mutating func shutDownWriting() {
    noteUse(.usual)
    _ = cl_shutdown_write(number)
  }
}

/// The system's statistics on the path from a peer (tcp(7), TCP_INFO).
public struct TCPPath: Equatable, Sendable {
  /// The size of received segments, in bytes.
  public var segment: UInt32 = 0
  /// The number of segments that arrived out of order.
  public var outOfOrder: UInt32 = 0
  /// The number of segments that this host retransmitted.
  public var retransmissions: UInt32 = 0

  /// Creates a path without statistics.
  public init() {}

  /// Reads the statistics of the socket with the descriptor `number`.
  public init(of number: Int32) {
    let path = cl_path_of(number)
    segment = path.segment
    outOfOrder = path.out_of_order
    retransmissions = path.retransmissions
  }
}
