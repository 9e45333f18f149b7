import CLinux

/// The only clock: CLOCK_MONOTONIC in milliseconds, read once a wake-up.
struct Instant: Comparable {
  /// Milliseconds since some moment in the past.
  var milliseconds: UInt64

  /// Now.
  static var now: Instant { Instant(milliseconds: cl_monotonic_milliseconds()) }
  /// A moment that does not come.
  static let never = Instant(milliseconds: .max)

  /// The moment `milliseconds` after `instant`.
  static func + (instant: Instant, milliseconds: UInt32) -> Instant {
    let (sum, isBeyond) = instant.milliseconds.addingReportingOverflow(UInt64(milliseconds))
    return isBeyond ? .never : Instant(milliseconds: sum)
  }

  /// The moment at which a timeout that began at this one expires; never when it is 0.
  func after(timeout: UInt32) -> Instant { timeout == 0 ? .never : self + timeout }

  static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }
}
