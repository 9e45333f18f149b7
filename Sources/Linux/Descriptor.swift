import CLinux
import Glibc

/// A file descriptor and the duty to close it.
public struct Descriptor: ~Copyable, Sendable {
  /// Its number, for system calls only.
  public let number: Int32

  /// Takes over the open descriptor `number`.
  public init(owning number: Int32) { self.number = number }

  deinit { _ = cl_close(number) }
}

/// A standard stream of this process, which may be a terminal, a file, a pipe that nobody reads, or closed.
public enum StandardStream: Int32 {
  case input
  case output
  case error

  /// Opens those that are closed, on /dev/null, so that no descriptor opened later is taken for one of them.
  public static func openAll() throws(SystemError) {
    _ = try check("/dev/null", cl_open_standard_descriptors())
  }

  /// Whether it is a terminal.
  public var isTerminal: Bool { cl_is_terminal(rawValue) == 1 }

  /// Waits until it takes something; false when `milliseconds` have passed, or it never will.
  public func waitWritable(milliseconds: Int32) -> Bool {
    cl_wait_writable(rawValue, milliseconds) > 0
  }

  /// Writes as much of `bytes` as it takes now; the result is how many, or a negated errno.
  public func writeSome(_ bytes: Span<UInt8>) -> Int { cl_write(rawValue, bytes) }

  /// Writes all of `text`; the result is 0, or what went wrong, an errno.
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

  /// Reads what there is and throws it away; false when there is no more to come.
  public func discard() -> Bool {
    var bytes = InlineArray<512, UInt8>(repeating: 0)
    var room = bytes.mutableSpan
    return cl_read(rawValue, &room) > 0
  }
}
