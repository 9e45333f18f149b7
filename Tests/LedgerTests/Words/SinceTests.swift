import Linux
import Testing

@testable import Ledger

/// The start of a period, in every form.
@Suite struct SinceTests {
  @Test(
    "A number with a unit is a time before now",
    arguments: [
      ("0s", 0), ("90s", 90), ("5m", 300), ("30min", 1800), ("24h", 86_400), ("7d", 604_800),
      ("2w", 1_209_600), ("-24h", 86_400), ("007d", 604_800), ("3653d", 315_619_200),
    ] as [(String, UInt64)])
  func span(text: String, seconds: UInt64) {
    let clock = Samples.clock(offset: 3600)
    #expect(Since.time(text, by: clock) == clock.now - seconds * Clock.second)
  }

  @Test(
    "A date is the start of a local day, and may have a time of day",
    arguments: [
      ("today", "2026-11-30 00:00:00"), ("yesterday", "2026-11-29 00:00:00"),
      ("2026-11-30", "2026-11-30 00:00:00"), ("2026-11-30 08:00", "2026-11-30 08:00:00"),
      ("2026-11-30T08:00", "2026-11-30 08:00:00"), ("2026-11-30 08:00:59", "2026-11-30 08:00:59"),
      ("2024-02-29 23:59:59", "2024-02-29 23:59:59"), ("2030-01-01", "2030-01-01 00:00:00"),
      ("1970-01-02", "1970-01-02 00:00:00"), ("9999-12-31 23:59", "9999-12-31 23:59:00"),
    ])
  func date(text: String, expected: String) {
    for offset in [0, 3600, -18_000, 19_800, 45_900] as [Int64] {
      let clock = Samples.clock(offset: offset)
      let local = clock.text(clock.now)
      guard local.hasPrefix("2026-11-30") else { continue }
      #expect(Since.time(text, by: clock).map(clock.text) == expected, "\(offset)")
    }
  }

  @Test("A date before 1970 is the start of 1970, where a journal cannot be older")
  func before1970() {
    #expect(Since.time("1969-12-31", by: Samples.clock()) == 0)
    #expect(Since.time("1000-01-01", by: Samples.clock()) == 0)
    #expect(Since.time("10w", by: Samples.clock(now: 5)) == 0)
  }

  @Test(
    "Anything else is not a time",
    arguments: [
      "", "-", "h", "24", "24 h", "24H", "1.5h", "+1h", "--1h", "-today", "Today", "now",
      "tomorrow",
      "1y", "3654d", "522w", "999999999999999999999s", "9223372036854775807s", "٢h", "2026",
      "2026-11", "2026-1-1", "2026-02-29", "2026-13-01", "2026-00-10", "2026-11-31", "2026-11-00",
      "0999-01-01", "10000-01-01", "2026/11/30", "2026-11-30 ", "2026-11-30 8:00",
      "2026-11-30 24:00", "2026-11-30 08:60", "2026-11-30 08:00:60", "2026-11-30 08",
      "2026-11-30 08:00:00.5", "2026-11-30  08:00", "2026-11-30 08:00 ", " 2026-11-30",
      "2026-11-30 -1:00", "2026-11-3٠", "-2026-11-30", "2026-11-30T08:00Z", "30s30s",
    ])
  func bad(text: String) { #expect(Since.time(text, by: Samples.clock()) == nil) }

  /// Central Europe: an hour ahead of UTC, and two from 2026-03-29 to 2026-10-25, each at 1:00 UTC.
  private static let europe: @Sendable (WallTime) -> Int64 = {
    (1_774_746_000..<1_792_890_000).contains($0.seconds) ? 7200 : 3600
  }
  /// New York: five hours behind UTC, and four from 2026-03-08, 7:00 UTC, to 2026-11-01, 6:00 UTC.
  private static let america: @Sendable (WallTime) -> Int64 = {
    (1_772_953_200..<1_793_512_800).contains($0.seconds) ? -14_400 : -18_000
  }

  @Test("Around a change of the clock, a time is the one that the clock showed")
  func daylightSaving() {
    let table: [(String, @Sendable (WallTime) -> Int64, String)] = [
      ("2026-03-28", Self.europe, "2026-03-27T23:00"),
      ("2026-03-29 01:59", Self.europe, "2026-03-29T00:59"),
      ("2026-03-29 03:00", Self.europe, "2026-03-29T01:00"),
      ("2026-03-30", Self.europe, "2026-03-29T22:00"),
      ("2026-10-25 01:59", Self.europe, "2026-10-24T23:59"),
      ("2026-10-25 03:00", Self.europe, "2026-10-25T02:00"),
      ("2026-10-26", Self.europe, "2026-10-25T23:00"),
      ("2026-03-08 01:59", Self.america, "2026-03-08T06:59"),
      ("2026-03-08 03:00", Self.america, "2026-03-08T07:00"),
      ("2026-11-01 00:59", Self.america, "2026-11-01T04:59"),
      ("2026-11-01 02:00", Self.america, "2026-11-01T07:00"),
    ]
    for (text, offset, utc) in table {
      let clock = Clock(now: Samples.now, offset: offset)
      let time = Since.time(text, by: clock)
      #expect(time.map(Clock.internetText) == "\(utc):00.000000Z", "\(text)")
      #expect(time.map(clock.text)?.hasPrefix(text) == true)
    }
  }

  @Test("A time that the clock skips, or shows twice, is one within the hour")
  func skipped() {
    for (text, offset) in [
      ("2026-03-29 02:30", Self.europe), ("2026-10-25 02:30", Self.europe),
      ("2026-03-08 02:30", Self.america), ("2026-11-01 01:30", Self.america),
    ] {
      let clock = Clock(now: Samples.now, offset: offset)
      let utc = Since.time(text, by: Samples.clock()) ?? 0
      let time = Since.time(text, by: clock) ?? 0
      let difference = (Int64(time) - Int64(utc)) / Int64(Clock.second)
      let winter = offset(WallTime(seconds: 0))
      #expect(difference == -winter || difference == -winter - 3600, "\(text): \(difference)")
    }
  }

  @Test("Midnight of today is that of local time, on the day of a change as well")
  func today() {
    let noon: UInt64 = 1_792_926_000 * Clock.second
    let clock = Clock(now: noon, offset: Self.europe)
    #expect(clock.text(noon) == "2026-10-25 12:00:00")
    #expect(Since.time("today", by: clock).map(Clock.internetText) == "2026-10-24T22:00:00.000000Z")
    #expect(
      Since.time("yesterday", by: clock).map(Clock.internetText) == "2026-10-23T22:00:00.000000Z")
  }

  @Test("The examples in the message about a wrong time are right")
  func expected() {
    let text = Since.expected
    for word in ["24h", "30min", "7d", "today", "yesterday", "2026-11-30", "2026-11-30 08:00"] {
      #expect(text.contains(word) && Since.time(word, by: Samples.clock()) != nil)
    }
  }
}
