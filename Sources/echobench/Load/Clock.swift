import Linux

/// The time for measurements: CLOCK_MONOTONIC in nanoseconds, since milliseconds, good enough for
/// timers, are too coarse.
enum Clock {
  /// A second.
  static let second: UInt64 = 1_000_000_000
  /// A millisecond.
  static let millisecond: UInt64 = 1_000_000
  /// A moment that never comes.
  static let never = UInt64.max

  /// Now.
  static var now: UInt64 { Instant.nanoseconds }

  /// `seconds` in nanoseconds.
  static func nanoseconds(_ seconds: Double) -> UInt64 {
    UInt64((seconds * Double(second)).rounded())
  }
}
