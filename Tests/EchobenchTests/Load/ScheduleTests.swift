import Testing

@testable import echobench

/// The phases of a run, and how many operations may begin in each.
@Suite struct ScheduleTests {
  private static let second = Clock.second

  private static func schedule(_ change: (inout Options) -> Void) -> Schedule {
    var options = Options()
    change(&options)
    return Schedule(options, now: second)
  }

  @Test("A load for a fixed time: warm-up, measuring, end")
  func duration() {
    var schedule = Self.schedule { $0.duration = 2 }
    #expect(schedule.phase == .warmingUp)
    #expect(schedule.phaseEnds == Self.second * 3 / 2)
    #expect(!schedule.isMeasuring)
    schedule.measure(from: Self.second * 2)
    #expect(schedule.phase == .measuring)
    #expect(schedule.phaseEnds == Self.second * 4)
    #expect(schedule.isMeasuring)
    #expect(schedule.take(upTo: 1_000_000) == 1_000_000)
    schedule.end(at: Self.second * 5)
    #expect(!schedule.isMeasuring)
    #expect(schedule.take(upTo: 1) == 0)
    #expect(!schedule.mayBegin)
    #expect(schedule.seconds(at: Self.second * 9, Tally()) == 3)
    #expect(schedule.phaseEnds == Self.second * 8)
    schedule.end(at: Self.second * 6)
    #expect(schedule.phaseEnds == Self.second * 6)
  }

  @Test("A fixed number of operations, and no more")
  func count() {
    var schedule = Self.schedule { $0.count = 5 }
    #expect(schedule.phase == .measuring)
    #expect(schedule.phaseEnds == Clock.never)
    #expect(schedule.take(upTo: 3) == 3)
    #expect(schedule.mayBegin)
    #expect(schedule.take(upTo: 3) == 2)
    #expect(!schedule.mayBegin)
    #expect(schedule.take(upTo: 1) == 0)
    var tally = Tally()
    tally.latest = Self.second * 2
    #expect(schedule.seconds(at: Self.second * 9, tally) == 1)
  }

  @Test("Operations of the warm-up are not counted")
  func countAndWarmUp() {
    var schedule = Self.schedule {
      $0.count = 5
      $0.warmUp = 1
    }
    #expect(schedule.take(upTo: 100) == 100)
    schedule.measure(from: Self.second * 2)
    #expect(schedule.take(upTo: 100) == 5)
  }

  @Test("If nothing was measured, the measured time is 0")
  func ended() {
    var schedule = Self.schedule { $0.mode = .echo }
    #expect(schedule.phase == .opening)
    #expect(!schedule.isMeasuring)
    schedule.end(at: Self.second * 2)
    #expect(schedule.seconds(at: Self.second * 2, Tally()) == 0)
    #expect(schedule.secondsInAll(at: Self.second * 2) == 1)
  }

  @Test("A hold is measured in full")
  func idle() {
    var schedule = Self.schedule {
      $0.mode = .idle
      $0.duration = 3
    }
    #expect(schedule.isMeasuring)
    schedule.hold(from: Self.second * 2)
    #expect(schedule.phaseEnds == Self.second * 5)
    #expect(schedule.isMeasuring)
    schedule.close()
    #expect(schedule.phaseEnds == Clock.never)
    #expect(schedule.isMeasuring)
    #expect(schedule.seconds(at: Self.second * 6, Tally()) == 5)
  }

  @Test("A hold without a time limit")
  func held() {
    var schedule = Self.schedule {
      $0.mode = .idle
      $0.isHeld = true
    }
    schedule.hold(from: Self.second * 2)
    #expect(schedule.phaseEnds == Clock.never)
  }
}
