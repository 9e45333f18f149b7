import CLinux
import Synchronization

/// A value that one thread at a time has: a `Mutex` that ThreadSanitizer can follow. The standard library
/// is not built with it, so it would not see that a lock which a thread has waited for was handed over.
public struct Locked<Value: ~Copyable>: ~Copyable, Sendable {
  private let mutex: Mutex<Value>

  /// Takes over `value`.
  public init(_ value: consuming sending Value) { mutex = Mutex(value) }

  /// Runs `body` with the value, while no other thread has it.
  public borrowing func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    try mutex.withLock { (value: inout sending Value) throws(Failure) -> sending Result in
      // Safe because the address only stands for the lock, and nothing is read or written there.
      unsafe withUnsafePointer(to: mutex) { unsafe cl_note_lock($0) }
      defer { unsafe withUnsafePointer(to: mutex) { unsafe cl_note_unlock($0) } }
      return try body(&value)
    }
  }
}
