import CLinux
import Glibc

/// A file descriptor, closed when its owner is destroyed.
public struct Descriptor: ~Copyable, Sendable {
  /// The descriptor number, for system calls only.
  public let number: Int32

  /// Takes ownership of the open descriptor `number`.
  public init(owning number: Int32) { self.number = number }

  deinit { _ = cl_close(number) }
}

/// A standard stream of this process, which may be a terminal, a file, a pipe that nobody reads, or closed.
public enum StandardStream: Int32 {
  case input
  case output
  case error

  /// Opens the closed standard streams on /dev/null, so that no descriptor opened later takes
  /// the number of one.
  public static func openAll() throws(SystemError) {
    _ = try check("/dev/null", cl_open_standard_descriptors())
  }

  /// Whether the stream is a terminal.
  public var isTerminal: Bool { cl_is_terminal(rawValue) == 1 }

  /// Waits until the stream takes output; false after `milliseconds`, or if it never will.
  public func waitWritable(milliseconds: Int32) -> Bool {
    cl_wait_writable(rawValue, milliseconds) > 0
  }

  /// Writes as much of `bytes` as the stream takes now; returns the number of bytes, or a negated errno.
  public func writeSome(_ bytes: Span<UInt8>) -> Int { cl_write(rawValue, bytes) }

  /// Writes all of `text`; returns 0 or an errno.
  @discardableResult
  public func write(_ text: String) -> Int32 {
    let bytes = Array(text.utf8)
    var offset = 0
    while offset < bytes.count {
      let written = writeSome(bytes.span.extracting(droppingFirst: offset))
      guard written > 0 else { return written == 0 ? EIO : Int32(-written) }
      offset += written
    }
    return 0
  }

  /// Reads and discards the available input; false at the end of input.
  public func discard() -> Bool {
    var bytes = InlineArray<512, UInt8>(repeating: 0)
    var room = bytes.mutableSpan
    return cl_read(rawValue, &room) > 0
  }
}
