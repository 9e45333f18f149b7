import CLinux
import Journal

/// A connected TCP socket: non-blocking, without Nagle's delay, closed with its owner.
struct Socket: ~Copyable {
  private let descriptor: Descriptor

  /// Takes over the connected descriptor `number`.
  init(owning number: Int32) { descriptor = Descriptor(owning: number) }

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
    /// The connection is broken.
    case broken
  }

  /// Receives what is there, at most as much as `bytes` holds.
  func receive(into bytes: inout MutableSpan<UInt8>) -> Received {
    let result = cl_receive(descriptor.number, &bytes)
    if result > 0 { return .bytes(result) }
    if result == 0 { return .end }
    return Int32(truncatingIfNeeded: -result) == SystemError.Known.wouldBlock.rawValue
      ? .nothing : .broken
  }

  /// Sends as much of `bytes` as the socket takes now.
  ///
  /// - Returns: how many bytes, or nothing when the connection is broken.
  func send(_ bytes: Span<UInt8>) -> Int? {
    let result = cl_send(descriptor.number, bytes)
    if result >= 0 { return result }
    return Int32(truncatingIfNeeded: -result) == SystemError.Known.wouldBlock.rawValue ? 0 : nil
  }

  /// Acknowledges at once what has come. A peer that sends a PDU in two pieces, with Nagle's delay
  /// on its side, does not send the second before.
  func acknowledge() { _ = cl_acknowledge(descriptor.number) }

  /// How many bytes were sent that the peer has not acknowledged.
  var unacknowledged: Int32 { cl_unacknowledged(descriptor.number) }

  /// Adds what the system knows of the way that the peer's segments take.
  func describePath(in progress: inout RequestProgress) {
    let path = cl_path_of(descriptor.number)
    progress.segment = path.segment
    progress.outOfOrder = path.out_of_order
    progress.retransmissions = path.retransmissions
  }

  /// Tells the peer that nothing more will be sent.
  func shutDownWriting() { _ = cl_shutdown_write(descriptor.number) }
}
