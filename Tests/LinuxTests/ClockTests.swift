import TestKit
import Testing

@testable import Linux

/// Moments, and the timeouts that start at them.
@Suite struct ClockTests {
  @Test("Time does not go backward, and is counted in milliseconds")
  func now() {
    let first = Instant.now
    var latest = first
    for _ in 0..<1000 {
      let next = Instant.now
      #expect(!(next < latest))
      latest = next
    }
    pause(milliseconds: 20)
    let passed = Instant.now.milliseconds - first.milliseconds
    #expect((20..<5000).contains(passed))
  }

  @Test(
    "A timeout expires that many milliseconds after its start, and never if it is 0",
    arguments: [
      (0, 0, UInt64.max), (0, 1, 1), (1000, 30_000, 31_000), (1000, 0, .max),
      (1, .max, 1 << 32), (UInt64(UInt32.max), .max, 2 * UInt64(UInt32.max)),
    ] as [(UInt64, UInt32, UInt64)])
  func timeout(began: UInt64, timeout: UInt32, expires: UInt64) {
    let instant = Instant(milliseconds: began)
    #expect(instant.after(timeout: timeout) == Instant(milliseconds: expires))
  }

  @Test("Never is later than every moment, and stays never when time is added")
  func never() {
    #expect(Instant.now < .never)
    #expect(Instant(milliseconds: .max - 1) < .never)
    #expect(min(Instant.never, .now) < .never)
    #expect(Instant.never.after(timeout: 0) == .never)
    #expect(Instant.never + 1 == .never)
    #expect(Instant.never.after(timeout: .max) == .never)
  }

  @Test("Moments are ordered")
  func order() {
    let moments = [0, 1, 999, 1000, .max].map { Instant(milliseconds: $0) }
    #expect(moments.reversed().sorted() == moments)
    #expect(Instant(milliseconds: 5) + 7 == Instant(milliseconds: 12))
  }
}
