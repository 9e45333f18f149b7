import CLinux

/// A file descriptor and the duty to close it.
struct Descriptor: ~Copyable {
  /// Its number, for system calls only.
  let number: Int32

  /// Takes over the open descriptor `number`.
  init(owning number: Int32) { self.number = number }

  deinit { _ = cl_close(number) }
}
