public import Linux

/// The time of day as the reader of a report sees it: now, and how far local time is ahead of UTC.
///
/// It only calculates, so that reports can be tested at any time and place.
public struct Clock: Sendable {
  /// The microseconds of a second.
  public static let second: UInt64 = 1_000_000
  /// The seconds of a minute.
  static let minute: Int64 = 60

  /// Now, in microseconds since 1970, UTC.
  public let now: UInt64
  private let offset: @Sendable (WallTime) -> Int64

  /// A clock that shows `now`, in microseconds since 1970, UTC.
  ///
  /// - Parameter offset: How far local time is ahead of UTC at a time, in seconds.
  public init(now: UInt64, offset: @escaping @Sendable (WallTime) -> Int64) {
    (self.now, self.offset) = (now, offset)
  }

  /// The time in microseconds as seconds of local time since 1970.
  func local(_ time: UInt64) -> WallTime {
    let seconds = WallTime(seconds: Int64(clamping: time / Self.second))
    return WallTime(seconds: seconds.seconds + offset(seconds))
  }

  /// Date and time in local time: `2026-11-30 10:03:20`.
  public func text(_ time: UInt64) -> String { "\(local(time).date) \(timeOfDay(time))" }

  /// The local time of day: `10:03:20`.
  public func timeOfDay(_ time: UInt64) -> String {
    let seconds = local(time).seconds
    let rest = (seconds % WallTime.day + WallTime.day) % WallTime.day
    let parts = [rest / WallTime.hour, rest % WallTime.hour / Self.minute, rest % Self.minute]
    return parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }

  /// The local hour of the day, 0 to 23.
  func hour(_ time: UInt64) -> Int {
    let seconds = local(time).seconds
    return Int((seconds % WallTime.day + WallTime.day) % WallTime.day / WallTime.hour)
  }

  /// How long ago `time` was: `12 s ago`, `3 min ago`, `5 h ago`, `2 d ago`.
  public func ago(_ time: UInt64) -> String {
    time > now && time - now > Self.second
      ? "in the future" : "\(Self.span(now - min(time, now))) ago"
  }

  /// A number of microseconds in its largest unit, rounded down: `12 s`, `3 min`, `5 h`, `2 d`.
  public static func span(_ microseconds: UInt64) -> String {
    let seconds = Int64(clamping: microseconds / second)
    return switch seconds {
    case ..<(2 * minute): "\(seconds) s"
    case ..<(2 * WallTime.hour): "\(seconds / minute) min"
    case ..<(2 * WallTime.day): "\(seconds / WallTime.hour) h"
    default: "\(seconds / WallTime.day) d"
    }
  }

  /// `time` in UTC, as RFC 3339 has it: `2026-11-30T10:03:20.123456Z`.
  public static func internetText(_ time: UInt64) -> String {
    let utc = Clock(now: time) { _ in 0 }
    let digits = String(time % second + second).dropFirst()
    return "\(utc.local(time).date)T\(utc.timeOfDay(time)).\(digits)Z"
  }

  /// The time in microseconds since 1970 at which local time is `seconds` after the start of 1970.
  func time(ofLocal seconds: Int64) -> UInt64 {
    // A second try is right on both sides of a change of the offset, but for the hour that is skipped.
    let guess = seconds - offset(WallTime(seconds: seconds))
    let utc = seconds - offset(WallTime(seconds: guess))
    return UInt64(clamping: utc) * Self.second
  }
}
