import Glibc
public import Linux

/// Sleeps for this many milliseconds.
public func pause(milliseconds: Double) { usleep(UInt32(milliseconds * 1000)) }

/// Waits until `condition` holds; returns false if it does not within ten seconds.
public func eventually(_ condition: () -> Bool) -> Bool {
  let end = Instant.now + 10_000
  while !condition() {
    if end < .now { return false }
    pause(milliseconds: 2)
  }
  return true
}

/// How late a timed event may be, in milliseconds.
public let slack: UInt64 = {
  // Safe because nothing changes the environment while the tests run.
  guard let text = unsafe getenv("ECHOSCPD_SLACK") else { return 500 }
  return unsafe (Double(String(cString: text)).map { UInt64($0 * 1000) }) ?? 500
}()

/// Measures elapsed time in milliseconds.
public struct Stopwatch {
  private let start = Instant.now

  /// Starts now.
  public init() {}

  /// The milliseconds since the start.
  public var passed: UInt64 { Instant.now.milliseconds - start.milliseconds }
}

/// Runs `body` on two threads at once, with 0 and with 1, and waits for both.
///
/// - Returns: Whether both have ended.
public func onTwoThreads(_ body: @escaping @Sendable (Int) -> Void) throws(SystemError) -> Bool {
  let threads = [
    try Thread(name: "test-0") { body(0) }, try Thread(name: "test-1") { body(1) },
  ]
  return threads.allSatisfy { $0.join(milliseconds: 60_000) }
}
