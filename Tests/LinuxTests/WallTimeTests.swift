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

  @Test("Now is after this test was written, and before the year 10000")
  func now() {
    #expect(WallTime.now > WallTime(seconds: 1_750_000_000))
    #expect(WallTime.now < WallTime(seconds: 253_402_300_799))
  }
}
