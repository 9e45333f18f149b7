import Linux
import Testing

/// The time of day, and its dates.
@Suite struct WallTimeTests {
  @Test(
    "A time has its date in the Gregorian calendar, in UTC",
    arguments: [
      (0, "1970-01-01 00:00 UTC"), (-1, "1969-12-31 23:59 UTC"), (86_399, "1970-01-01 23:59 UTC"),
      (951_782_400, "2000-02-29 00:00 UTC"), (951_868_799, "2000-02-29 23:59 UTC"),
      (951_868_800, "2000-03-01 00:00 UTC"), (1_775_894_700, "2026-04-11 08:05 UTC"),
      (4_107_542_400, "2100-03-01 00:00 UTC"), (1_709_164_800, "2024-02-29 00:00 UTC"),
      (253_402_300_799, "9999-12-31 23:59 UTC"), (-30_610_224_000, "1000-01-01 00:00 UTC"),
      (253_402_300_800, "253402300800"), (.max, "\(Int64.max)"), (.min, "\(Int64.min)"),
    ] as [(Int64, String)])
  func date(seconds: Int64, text: String) {
    #expect(WallTime(seconds: seconds).text == text)
    #expect(WallTime(seconds: seconds).date == text.prefix { $0 != " " })
  }

  @Test("Each day is the one after the day before, over all leap years of four centuries")
  func everyDay() {
    var (year, month, day) = (1999, 12, 31)
    for number in 10_956..<10_956 + 146_200 {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      let text = WallTime(seconds: Int64(number) * WallTime.day).date
      guard text == "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)" else {
        Issue.record("\(number): \(text), not \(year)-\(month)-\(day)")
        return
      }
      day += 1
      if day > days[month - 1] { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
    }
  }

  @Test("The days to a date are those after which the date is shown, and no other date has any")
  func days() {
    for (year, month, day) in [
      (1970, 1, 1), (1000, 1, 1), (9999, 12, 31), (2000, 2, 29), (2024, 2, 29), (2023, 2, 28),
      (1900, 2, 28), (1900, 3, 1), (2026, 11, 30),
    ] as [(Int64, Int64, Int64)] {
      let days = WallTime.days(year: year, month: month, dayOfMonth: day)
      let text = "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
      #expect(days.map { WallTime(seconds: $0 * WallTime.day).date } == text)
    }
    for (year, month, day) in [
      (999, 12, 31), (10_000, 1, 1), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0), (2026, 1, 32),
      (2026, 4, 31), (2023, 2, 29), (1900, 2, 29), (2026, 1, .max), (2026, 1, .min), (.max, 1, 1),
      (2026, .min, 1), (9999, 12, 32), (1000, 1, 0), (2026, 1, -30),
    ] as [(Int64, Int64, Int64)] {
      #expect(
        WallTime.days(year: year, month: month, dayOfMonth: day) == nil, "\(year)-\(month)-\(day)")
    }
  }

  @Test("Each day of four centuries has its number")
  func everyNumber() {
    for number in Int64(10_957)..<10_957 + 146_097 {
      let date = WallTime(seconds: number * WallTime.day).date
      let parts = date.split(separator: "-").map { Int64($0) ?? 0 }
      guard WallTime.days(year: parts[0], month: parts[1], dayOfMonth: parts[2]) == number else {
        Issue.record("\(date)")
        return
      }
    }
  }

  @Test("Local time is at most a day away from UTC, at any time")
  func localOffset() {
    for seconds in [0, 1_796_033_000, 1_774_746_000, -1, 253_402_300_799, .max, .min] as [Int64] {
      #expect(abs(WallTime(seconds: seconds).localOffset) <= WallTime.day)
    }
  }

  @Test("Now is after this test was written, and before the year 10000")
  func now() {
    #expect(WallTime.now > WallTime(seconds: 1_750_000_000))
    #expect(WallTime.now < WallTime(seconds: 253_402_300_799))
  }
}
