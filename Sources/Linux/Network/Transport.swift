public import CLinux

/// A TCP connection of a requestor, being connected or connected: non-blocking, closed with its
/// owner. What fails is told by its errno, since errors are counted by their kinds.
public struct Transport: ~Copyable {
  private let descriptor: Descriptor

  /// Begins to connect to `peer`, from the IPv4 address `source` unless that is 0.
  public init(to peer: cl_address, from source: UInt32) throws(SystemError) {
    descriptor = Descriptor(owning: try check("connect", cl_connect(peer, source)))
  }

  /// What a poller watches.
  public var number: Int32 { descriptor.number }

  /// Waits until it is connected, or has failed: with this errno, 0 when it has not; nothing when
  /// `milliseconds` have passed.
  public func waitConnected(milliseconds: Int32) -> Int32? {
    let result = cl_wait_connected(descriptor.number, milliseconds)
    return result == 1 ? nil : -result
  }

  /// Waits until there is something to receive; false when `milliseconds` have passed.
  public func waitReadable(milliseconds: Int32) -> Bool {
    cl_wait_readable(descriptor.number, milliseconds) != 0
  }

  /// Waits until something can be sent; false when `milliseconds` have passed.
  public func waitWritable(milliseconds: Int32) -> Bool {
    cl_wait_writable(descriptor.number, milliseconds) != 0
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
    let result = cl_receive(descriptor.number, &bytes)
    if result > 0 { return .bytes(result) }
    if result == 0 { return .end }
    let number = Int32(truncatingIfNeeded: -result)
    return number == SystemError.Known.wouldBlock.rawValue ? .nothing : .failed(number)
  }

  /// What the system knows of the way that the peer's segments take.
  public var path: TCPPath { TCPPath(of: descriptor.number) }

  /// What a send came to.
  public enum Sent: Equatable, Sendable {
    /// So many bytes, 0 when the socket takes nothing now or is not connected yet.
    case bytes(Int)
    /// The connection has failed, with this errno.
    case failed(Int32)
  }

  /// Sends as much of `bytes` as the socket takes now.
  public func send(_ bytes: Span<UInt8>) -> Sent {
    let result = cl_send(descriptor.number, bytes)
    if result >= 0 { return .bytes(result) }
    let number = Int32(truncatingIfNeeded: -result)
    return number == SystemError.Known.wouldBlock.rawValue ? .bytes(0) : .failed(number)
  }
}
