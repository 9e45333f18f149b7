import Glibc

@testable import EventLoop

/// Sleeps.
func pause(milliseconds: Double) { usleep(UInt32(milliseconds * 1000)) }

/// Waits until `condition` holds; false when it does not within ten seconds.
func eventually(_ condition: () -> Bool) -> Bool {
  let end = Instant.now + 10_000
  while !condition() {
    if end < .now { return false }
    pause(milliseconds: 2)
  }
  return true
}

/// How late something may be that has to happen at a certain time, in milliseconds.
let slack: UInt64 = {
  // Safe because nothing changes the environment while the tests run.
  guard let text = unsafe getenv("ECHOSCPD_SLACK") else { return 500 }
  return unsafe (Double(String(cString: text)).map { UInt64($0 * 1000) }) ?? 500
}()

/// Milliseconds since something.
struct Stopwatch {
  private let start = Instant.now

  /// How many have passed.
  var passed: UInt64 { Instant.now.milliseconds - start.milliseconds }
}
