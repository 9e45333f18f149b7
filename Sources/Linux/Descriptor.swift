import CLinux

/// A file descriptor and the duty to close it.
public struct Descriptor: ~Copyable, Sendable {
  /// Its number, for system calls only.
  public let number: Int32

  /// Takes over the open descriptor `number`.
  public init(owning number: Int32) { self.number = number }

  deinit { _ = cl_close(number) }
}
