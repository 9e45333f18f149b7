import CLinux

/// The only clock: CLOCK_MONOTONIC, in milliseconds unless noted otherwise, read once per wake-up; and the
/// time of day, for people.
public struct Instant: BitwiseCopyable, Comparable, Sendable {
  /// Milliseconds since the origin of the clock, some moment in the past.
  public var milliseconds: UInt64

  /// The moment `milliseconds` after the origin of the clock.
  public init(milliseconds: UInt64) { self.milliseconds = milliseconds }

  /// Now.
  public static var now: Instant { Instant(milliseconds: cl_monotonic_milliseconds()) }
  /// A moment that never comes.
  public static let never = Instant(milliseconds: .max)

  /// Microseconds since the origin of the clock, to measure durations.
  public static var microseconds: UInt64 { cl_monotonic_microseconds() }

  /// Nanoseconds since the origin of the clock.
  public static var nanoseconds: UInt64 { cl_monotonic_nanoseconds() }

  /// The time of day, formatted for people.
  public static var timeOfDay: String { ascii { cl_format_now(&$0) } }

  /// The moment `milliseconds` after `instant`.
  public static func + (instant: Instant, milliseconds: UInt32) -> Instant {
    let (sum, isBeyond) = instant.milliseconds.addingReportingOverflow(UInt64(milliseconds))
    return isBeyond ? .never : Instant(milliseconds: sum)
  }

  /// The moment at which a timeout that starts at this moment expires; never if it is 0.
  public func after(timeout: UInt32) -> Instant { timeout == 0 ? .never : self + timeout }

  /// Whether `left` is before `right`.
  public static func < (left: Instant, right: Instant) -> Bool {
    left.milliseconds < right.milliseconds
  }
}
