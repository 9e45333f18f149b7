import CLinux

/// A thread with a name.
public final class Thread: Sendable {
  private let handle: UInt64

  /// Starts a thread that runs `body`.
  public init(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
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
      name, &handle)
    if result < 0 { unsafe context.release() }
    _ = try check("pthread_create", result)
    self.handle = handle
  }

  /// Waits for its end, at most `milliseconds`; false when it has not ended by then.
  public func join(milliseconds: Int32) -> Bool { cl_thread_join(handle, milliseconds) == 0 }
}
