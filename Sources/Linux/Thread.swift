import CLinux
import Synchronization

/// A named thread.
public final class Thread: Sendable {
  private let handle: UInt64

  /// Starts a thread that runs `body` on a stack of `stackSize` bytes, or of the usual size if that is 0.
  public init(
    name: String, stackSize: Int = 0, _ body: @escaping @Sendable () -> Void
  ) throws(SystemError) {
    final class Box {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var handle: UInt64 = 0
    // Safe because the box is retained until the thread takes it over, exactly once, and the name
    // is copied by the call.
    let context = unsafe Unmanaged.passRetained(Box(body))
    let result = unsafe cl_thread_start(
      { unsafe Unmanaged<Box>.fromOpaque($0).takeRetainedValue().body() }, context.toOpaque(),
      name, stackSize, &handle)
    if result < 0 { unsafe context.release() }
    _ = try check("pthread_create", result)
    self.handle = handle
  }

  /// Puts the calling thread to sleep.
  public static func sleep(milliseconds: Int32) { cl_sleep(milliseconds) }

  /// Waits up to `milliseconds` for the thread to end; false if it has not ended by then.
  public func join(milliseconds: Int32) -> Bool { cl_thread_join(handle, milliseconds) == 0 }
}

/// A value that one thread at a time can access: a `Mutex` that ThreadSanitizer can follow.
/// Since the standard library is built without ThreadSanitizer, it would not see a lock being
/// passed to a waiting thread.
public struct Locked<Value: ~Copyable>: ~Copyable, Sendable {
  private let mutex: Mutex<Value>

  /// Takes over `value`.
  public init(_ value: consuming sending Value) { mutex = Mutex(value) }

  /// Runs `body` with exclusive access to the value.
  public borrowing func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    try mutex.withLock { (value: inout sending Value) throws(Failure) -> sending Result in
      // Safe because the address only identifies the lock; nothing is read or written there.
      unsafe withUnsafePointer(to: mutex) { unsafe cl_note_lock($0) }
      defer { unsafe withUnsafePointer(to: mutex) { unsafe cl_note_unlock($0) } }
      return try body(&value)
    }
  }
}
