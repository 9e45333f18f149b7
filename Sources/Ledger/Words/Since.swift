import Linux

/// The start of a period, as a person writes it.
public enum Since {
  /// What a text may be, for the message about one that is not.
  public static let expected =
    "a time such as 24h, 30min, 7d, today, yesterday, 2026-11-30 or \"2026-11-30 08:00\""

  /// The units, with their lengths in seconds.
  private static let units: [(name: String, seconds: Int64)] = [
    ("s", 1), ("min", 60), ("m", 60), ("h", WallTime.hour), ("d", WallTime.day),
    ("w", 7 * WallTime.day),
  ]
  /// The longest period before now, in seconds: ten years.
  private static let longest = 3_653 * WallTime.day

  /// Returns the time that `text` means, in microseconds since 1970, or `nil` if it is not a time.
  ///
  /// A number with a unit is a time before now; a date, or a date with a time of day, is local time.
  public static func time(_ text: String, by clock: Clock) -> UInt64? {
    let word = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let today = clock.local(clock.now).seconds / WallTime.day * WallTime.day
    switch text {
    case "today": return clock.time(ofLocal: today)
    case "yesterday": return clock.time(ofLocal: today - WallTime.day)
    default: break
    }
    let digits = word.prefix { $0.isASCII && $0.isNumber }
    if let unit = units.first(where: { $0.name == word.dropFirst(digits.count) }),
      let number = Int64(digits), number <= longest / unit.seconds
    {
      return clock.now - min(clock.now, UInt64(number * unit.seconds) * Clock.second)
    }
    return date(text).map(clock.time(ofLocal:))
  }

  /// The seconds from the start of 1970 to a date, `2026-11-30`, with or without a time of day, `08:00` or `08:00:59`.
  private static func date(_ text: String) -> Int64? {
    let parts = text.split(
      maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: { $0 == " " || $0 == "T" })
    guard let day = numbers(parts[0], separator: "-", widths: [4, 2, 2]),
      let days = WallTime.days(year: day[0], month: day[1], dayOfMonth: day[2])
    else { return nil }
    guard parts.count > 1 else { return days * WallTime.day }
    guard
      let time = numbers(parts[1], separator: ":", widths: [2, 2])
        ?? numbers(parts[1], separator: ":", widths: [2, 2, 2]),
      time[0] < 24, time.dropFirst().allSatisfy({ $0 < 60 })
    else { return nil }
    let seconds = time.count > 2 ? time[2] : 0
    return days * WallTime.day + time[0] * WallTime.hour + time[1] * 60 + seconds
  }

  private static func numbers(
    _ text: Substring, separator: Character, widths: [Int]
  ) -> [Int64]? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    guard parts.map(\.count) == widths else { return nil }
    let numbers = parts.compactMap { $0.allSatisfy { $0.isASCII && $0.isNumber } ? Int64($0) : nil }
    return numbers.count == widths.count ? numbers : nil
  }
}
