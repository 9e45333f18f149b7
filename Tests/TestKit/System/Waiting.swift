import Glibc
public import Linux

/// Sleeps.
public func pause(milliseconds: Double) { usleep(UInt32(milliseconds * 1000)) }

/// Waits until `condition` holds; false when it does not within ten seconds.
public func eventually(_ condition: () -> Bool) -> Bool {
  let end = Instant.now + 10_000
  while !condition() {
    if end < .now { return false }
    pause(milliseconds: 2)
  }
  return true
}

/// How late something may be that has to happen at a certain time, in milliseconds.
public let slack: UInt64 = {
  // Safe because nothing changes the environment while the tests run.
  guard let text = unsafe getenv("ECHOSCPD_SLACK") else { return 500 }
  return unsafe (Double(String(cString: text)).map { UInt64($0 * 1000) }) ?? 500
}()

/// Milliseconds since something.
public struct Stopwatch {
  private let start = Instant.now

  /// From now on.
  public init() {}

  /// How many have passed.
  public var passed: UInt64 { Instant.now.milliseconds - start.milliseconds }
}

/// Runs `body` on two threads at once, with 0 and with 1, and waits for both.
///
/// - Returns: whether both have ended.
public func onTwoThreads(_ body: @escaping @Sendable (Int) -> Void) throws(SystemError) -> Bool {
  let threads = [
    try Thread(name: "test-0") { body(0) }, try Thread(name: "test-1") { body(1) },
  ]
  return threads.allSatisfy { $0.join(milliseconds: 60_000) }
}
