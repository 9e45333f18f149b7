import Testing

@testable import echobench

/// When operations are due, and when their latency starts.
@Suite struct PaceTests {
  private static let second = Clock.second

  @Test("Each operation has its moment, counted from the first, however late it is taken")
  func schedule() {
    var pace = Pace(rate: 4)
    #expect(pace.next(at: 7 * Self.second) == 7 * Self.second)
    #expect(pace.next(at: 7 * Self.second) == 7 * Self.second + Self.second / 4)
    #expect(pace.next(at: 60 * Self.second) == 7 * Self.second + Self.second / 2)
    #expect(pace.next(at: 60 * Self.second) == 7 * Self.second + Self.second * 3 / 4)
    #expect(pace.next(at: 60 * Self.second) == 8 * Self.second)
  }

  @Test("A rate that does not divide a second keeps its count")
  func thirds() {
    var pace = Pace(rate: 3)
    let moments = (0..<10).map { _ in pace.next(at: 0) }
    #expect(moments[1] == 333_333_333)
    #expect(moments[3] == Self.second)
    #expect(moments[9] == 3 * Self.second)
  }

  @Test("A day at the highest rate")
  func long() {
    var pace = Pace(rate: OptionCollector.fastest)
    for _ in 0..<2_000_000 { _ = pace.next(at: 1) }
    #expect(pace.next(at: 1) == 1 + 2 * Self.second)
  }

  @Test("A delay beyond the coarseness of our timer counts against the SCP")
  func start() {
    let due = 5 * Self.second
    #expect(Pace.start(due: due, now: due) == due)
    #expect(Pace.start(due: due, now: due + Pace.coarseness) == due + Pace.coarseness)
    #expect(Pace.start(due: due, now: due + Pace.coarseness + 1) == due)
    #expect(Pace.start(due: due, now: due + Self.second) == due)
  }
}
