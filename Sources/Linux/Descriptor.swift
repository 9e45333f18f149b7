import CLinux

/// A file descriptor and the duty to close it.
public struct Descriptor: ~Copyable, Sendable {
  /// Its number, for system calls only.
  public let number: Int32

  /// Takes over the open descriptor `number`.
  public init(owning number: Int32) { self.number = number }

  deinit { _ = cl_close(number) }
}

/// Standard error of this process, which may be a terminal, a file, a pipe that nobody reads, or closed.
public enum StandardError {
  private static let number: Int32 = 2

  /// Waits until it takes something; false when `milliseconds` have passed, or it never will.
  public static func waitWritable(milliseconds: Int32) -> Bool {
    cl_wait_writable(number, milliseconds) > 0
  }

  /// Writes as much of `bytes` as it takes now; the result is how many, or a negated errno.
  public static func write(_ bytes: Span<UInt8>) -> Int { cl_write(number, bytes) }
}
