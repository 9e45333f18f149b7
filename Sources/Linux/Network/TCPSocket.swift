import CLinux

/// A TCP socket, connected or being connected: non-blocking, without Nagle's delay, closed with its owner.
///
/// What an acceptor sent still arrives after the close, if it is little; a peer that does not take it is left
/// with a reset, so that the system keeps nothing of the connection for long. A requestor has had its answers
/// when it closes, and leaves the rest to the system.
///
/// SIGPIPE has to be ignored (``Process/ignoreBrokenPipes()``): a socket sends by write(2), since sendto(2) is
/// forbidden to the service.
public struct TCPSocket: ~Copyable {
  /// Its number, for system calls only.
  public let number: Int32
  private var closing: Closing

  /// How it is closed, in one byte: `plain` for a requestor's, and for an acceptor's what becomes of the bytes
  /// that are not acknowledged then (`cl_closing`).
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

  /// Takes over the connected descriptor `number` of an acceptor.
  public init(owning number: Int32) {
    self.number = number
    closing = .unused
  }

  /// Begins to connect a requestor to `peer`, from the IPv4 address `source` unless that is 0.
  public init(connectingTo peer: NetworkAddress, from source: UInt32 = 0) throws(SystemError) {
    number = try check("connect", cl_connect(cl_address(peer), source))
    closing = .plain
  }

  deinit { _ = cl_close_connection(number, Int32(bitPattern: closing.value.rawValue)) }

  /// Waits until it is connected, or has failed: with this errno, 0 when it has not; `nil` when
  /// `milliseconds` have passed.
  public func waitConnected(milliseconds: Int32) -> Int32? {
    let result = cl_wait_connected(number, milliseconds)
    return result == 1 ? nil : -result
  }

  /// Waits until there is something to receive; false when `milliseconds` have passed.
  public func waitReadable(milliseconds: Int32) -> Bool {
    cl_wait_readable(number, milliseconds) != 0
  }

  /// Waits until something can be sent; false when `milliseconds` have passed.
  public func waitWritable(milliseconds: Int32) -> Bool {
    cl_wait_writable(number, milliseconds) != 0
  }

  /// What a receive came to.
  public enum Received: Equatable, Sendable {
    /// So many bytes.
    case bytes(Int)
    /// The peer will send no more.
    case end
    /// Nothing is there now.
    case nothing
    /// The connection has failed, with this errno.
    case failed(Int32)
  }

  /// Receives what is there, at most as much as `bytes` holds.
  public func receive(into bytes: inout MutableSpan<UInt8>) -> Received {
    Self.receive(from: number, into: &bytes)
  }

  /// The same from the socket that has this number.
  public static func receive(from number: Int32, into bytes: inout MutableSpan<UInt8>) -> Received {
    let result = cl_receive(number, &bytes)
    if result > 0 { return .bytes(result) }
    if result == 0 { return .end }
    let error = Int32(truncatingIfNeeded: -result)
    return error == SystemError.Known.wouldBlock.rawValue ? .nothing : .failed(error)
  }

  /// What a send came to.
  public enum Sent: Equatable, Sendable {
    /// So many bytes, 0 when the socket takes nothing now or is not connected yet.
    case bytes(Int)
    /// The connection has failed, with this errno.
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

  /// Throws away what has come and was not received: with that, a close would be a reset, which takes the
  /// last reply with it.
  public func discardInput() { _ = cl_discard_input(number) }

  /// Says that the peer has had its time: what it has not acknowledged at the close is given up.
  public mutating func stopWaiting() { if closing == .usual { closing = .overdue } }

  /// Acknowledges at once what has come. A peer that sends a PDU in two pieces, with Nagle's delay
  /// on its side, does not send the second before.
  public func acknowledge() { _ = cl_acknowledge(number) }

  /// How many bytes were sent that the peer has not acknowledged.
  public var unacknowledged: Int32 { cl_unacknowledged(number) }

  /// How many bytes may be unacknowledged when the connection is closed, for them still to arrive.
  public static let mostUnacknowledged: Int32 = cl_most_unacknowledged

  /// The same as ``unacknowledged``, when nothing more will be sent: it is not asked for again when there
  /// are none.
  public mutating func unacknowledgedAtTheEnd() -> Int32 {
    if closing == .unused { return 0 }
    let count = unacknowledged
    if count == 0 { noteUse(.unused) }
    return count
  }

  /// What the system knows of the way that the peer's segments take.
  public var path: TCPPath { TCPPath(of: number) }

  /// Tells the peer that nothing more will be sent.
  public mutating func shutDownWriting() {
    noteUse(.usual)
    _ = cl_shutdown_write(number)
  }
}

/// What the system knows of the way that a peer's segments take (tcp(7), TCP_INFO).
public struct TCPPath: Equatable, Sendable {
  /// The size of the segments that came, in bytes.
  public var segment: UInt32 = 0
  /// How many segments came before an earlier one.
  public var outOfOrder: UInt32 = 0
  /// How many segments this host had to send again.
  public var retransmissions: UInt32 = 0

  /// Nothing is known of the way.
  public init() {}

  /// The way to the socket that has this number.
  public init(of number: Int32) {
    let path = cl_path_of(number)
    segment = path.segment
    outOfOrder = path.out_of_order
    retransmissions = path.retransmissions
  }
}
