import CLinux
import EventLoop
import Glibc

/// A TCP connection of a requestor, being connected or connected: non-blocking, closed with its
/// owner. What fails is told by its errno, since errors are counted by their kinds.
struct Transport: ~Copyable {
  private let descriptor: Descriptor

  /// Begins to connect to `peer`, from the IPv4 address `source` unless that is 0.
  init(to peer: cl_address, from source: UInt32) throws(SystemError) {
    descriptor = Descriptor(owning: try check("connect", cl_connect(peer, source)))
  }

  /// What a poller watches.
  var number: Int32 { descriptor.number }

  /// What a receive came to.
  enum Received: Equatable {
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
  func receive(into bytes: inout MutableSpan<UInt8>) -> Received {
    let result = cl_receive(descriptor.number, &bytes)
    if result > 0 { return .bytes(result) }
    if result == 0 { return .end }
    let number = Int32(truncatingIfNeeded: -result)
    return number == EAGAIN ? .nothing : .failed(number)
  }

  /// What a send came to.
  enum Sent: Equatable {
    /// So many bytes, 0 when the socket takes nothing now or is not connected yet.
    case bytes(Int)
    /// The connection has failed, with this errno.
    case failed(Int32)
  }

  /// Sends as much of `bytes` as the socket takes now.
  func send(_ bytes: Span<UInt8>) -> Sent {
    let result = cl_send(descriptor.number, bytes)
    if result >= 0 { return .bytes(result) }
    let number = Int32(truncatingIfNeeded: -result)
    return number == EAGAIN ? .bytes(0) : .failed(number)
  }
}
