import Linux
import Testing

@testable import Ledger

/// The time of day in reports.
@Suite struct ClockTests {
  @Test(
    "A time has its local date and time of day",
    arguments: [
      (0, "2026-11-30 10:03:20"), (19_800, "2026-11-30 15:33:20"), (-39_600, "2026-11-29 23:03:20"),
      (50_400, "2026-12-01 00:03:20"), (20_700, "2026-11-30 15:48:20"),
    ] as [(Int64, String)])
  func text(offset: Int64, text: String) {
    let clock = Samples.clock(offset: offset)
    #expect(clock.text(clock.now) == text)
    #expect(clock.timeOfDay(clock.now) == text.suffix(8))
    #expect(clock.hour(clock.now) == Int(text.dropFirst(11).prefix(2)))
  }

  @Test("Times at both ends of what a journal can have are shown")
  func ends() {
    let clock = Samples.clock(offset: -3600)
    #expect(clock.text(0) == "1969-12-31 23:00:00" && clock.hour(0) == 23)
    #expect(clock.text(.max) == "18446744070109 07:01:49")
    #expect(clock.ago(.max) == "in the future" && clock.ago(0).hasSuffix(" d ago"))
    #expect(Samples.clock(now: .max).ago(.max) == "0 s ago")
  }

  @Test(
    "How long ago a time was, is a whole number of the largest unit of which there are two",
    arguments: [
      (0, "0 s ago"), (1, "1 s ago"), (119, "119 s ago"), (120, "2 min ago"), (7199, "119 min ago"),
      (7200, "2 h ago"), (172_799, "47 h ago"), (172_800, "2 d ago"), (864_000, "10 d ago"),
    ] as [(UInt64, String)])
  func ago(seconds: UInt64, text: String) {
    let clock = Samples.clock()
    #expect(clock.ago(clock.now - seconds * Clock.second) == text)
    #expect("\(Clock.span(seconds * Clock.second + Clock.second - 1)) ago" == text)
  }

  @Test("Only a time that is a second or more after now is in the future")
  func future() {
    let clock = Samples.clock()
    #expect(clock.ago(clock.now + Clock.second) == "0 s ago")
    #expect(clock.ago(clock.now + Clock.second + 1) == "in the future")
  }

  @Test("For programs, a time is in UTC, with all its digits")
  func internetText() {
    #expect(Clock.internetText(Samples.now) == "2026-11-30T10:03:20.000000Z")
    #expect(Clock.internetText(Samples.now + 12_345) == "2026-11-30T10:03:20.012345Z")
    #expect(Clock.internetText(0) == "1970-01-01T00:00:00.000000Z")
    #expect(Clock.internetText(999_999) == "1970-01-01T00:00:00.999999Z")
  }
}
