import Glibc

/// The time of day (CLOCK_REALTIME), which certificates and their dates are about; an administrator may set it to
/// any value, so deadlines never depend on it.
public struct WallTime: BitwiseCopyable, Comparable, Sendable {
  /// The seconds of an hour.
  public static let hour: Int64 = 3_600
  /// The seconds of a day.
  public static let day: Int64 = 86_400

  /// The seconds since 1970, UTC.
  public var seconds: Int64

  /// The time `seconds` after the start of 1970, UTC.
  public init(seconds: Int64) { self.seconds = seconds }

  /// Now.
  public static var now: WallTime {
    // Safe because the call writes only to a pointer that is not null.
    WallTime(seconds: Int64(time(nil)))
  }

  /// Now, in microseconds since 1970, UTC.
  public static var microseconds: UInt64 {
    var now = timespec()
    // Safe because the call only fills in the structure.
    unsafe clock_gettime(CLOCK_REALTIME, &now)
    return UInt64(now.tv_sec) * 1_000_000 + UInt64(now.tv_nsec) / 1000
  }

  /// Whether `left` is before `right`.
  public static func < (left: WallTime, right: WallTime) -> Bool { left.seconds < right.seconds }

  /// The date in UTC: `2026-04-11`; the seconds alone if the year does not have four digits.
  public var date: String {
    guard let (year, month, dayOfMonth) = civil else { return "\(seconds)" }
    return "\(year)-\(Self.twoDigits(month))-\(Self.twoDigits(dayOfMonth))"
  }

  /// Date and time in UTC: `2026-04-11 08:05 UTC`; the seconds alone if the year does not have four digits.
  public var text: String {
    if civil == nil { return date }
    let rest = seconds - Self.day * days
    let time = "\(Self.twoDigits(rest / Self.hour)):\(Self.twoDigits(rest % Self.hour / 60))"
    return "\(date) \(time) UTC"
  }

  /// The number of whole days since 1970, rounded down.
  private var days: Int64 {
    let (whole, rest) = seconds.quotientAndRemainder(dividingBy: Self.day)
    return rest < 0 ? whole - 1 : whole
  }

  /// The number of days from the start of 1970 to a date in the Gregorian calendar; `nil` if there is no such date, or
  /// its year does not have four digits.
  public static func days(year: Int64, month: Int64, dayOfMonth: Int64) -> Int64? {
    guard (1000...9999).contains(year), (1...12).contains(month), (1...31).contains(dayOfMonth)
    else { return nil }
    // March is the first month here, so that the leap day comes last.
    let (shiftedYear, march) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
    let leapDays = shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400
    let days = 365 * shiftedYear + leapDays + (153 * march + 2) / 5 + dayOfMonth - 1 - 719_468
    // A day beyond the end of its month turns into one of the next.
    let date = WallTime(seconds: days * day).civil
    return date.map { $0 == (year, month, dayOfMonth) } == true ? days : nil
  }

  /// Year, month and day in the Gregorian calendar; `nil` if the year does not have four digits.
  ///
  /// The calculation counts the days from 1 March of a year that 400 divides, so that the leap day comes last.
  private var civil: (year: Int64, month: Int64, dayOfMonth: Int64)? {
    // 1000-01-01 and 9999-12-31.
    guard (-354_285...2_932_896).contains(days) else { return nil }
    let (daysOfEra, daysOfYear): (Int64, Int64) = (146_097, 365)
    let shifted = days + 719_468
    let era = shifted / daysOfEra
    let day = shifted - era * daysOfEra
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / daysOfYear
    let dayOfYear = day - (daysOfYear * year + year / 4 - year / 100)
    let march = (5 * dayOfYear + 2) / 153
    let month = march < 10 ? march + 3 : march - 9
    return (era * 400 + year + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * march + 2) / 5 + 1)
  }

  private static func twoDigits(_ number: Int64) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
