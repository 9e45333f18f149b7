import Testing

@testable import echobench

/// Percentiles are accurate to less than one percent, from a microsecond to 100 seconds.
@Suite struct HistogramTests {
  @Test func nothing() {
    let histogram = Histogram()
    #expect(histogram.count == 0)
    #expect(histogram.minimum == 0)
    #expect(histogram.mean == 0)
    #expect(histogram.percentile(perMille: 999) == 0)
    #expect(histogram.maximum == 0)
  }

  @Test func one() {
    var histogram = Histogram()
    histogram.record(123_456)
    #expect(histogram.minimum == 123_456)
    #expect(histogram.mean == 123_456)
    for perMille in [0, 500, 999, 1000] as [UInt64] {
      #expect(histogram.percentile(perMille: perMille) == 123_456)
    }
    #expect(histogram.maximum == 123_456)
  }

  @Test("Small numbers are exact")
  func small() {
    var histogram = Histogram()
    for time in 1...200 as ClosedRange<UInt64> { histogram.record(time) }
    for percent in 1...100 as ClosedRange<UInt64> {
      #expect(histogram.percentile(perMille: percent * 10) == 2 * percent)
    }
    #expect(histogram.mean == 100.5)
  }

  @Test("The rank is rounded up: among ten times, 901 per mille is the longest")
  func rank() {
    var histogram = Histogram()
    for time in 1...10 as ClosedRange<UInt64> { histogram.record(time) }
    #expect(histogram.percentile(perMille: 900) == 9)
    #expect(histogram.percentile(perMille: 901) == 10)
    #expect(histogram.percentile(perMille: 0) == 1)
  }

  @Test("Every time is accurate to less than half a percent")
  func precision() {
    var time = 1000.0
    while time < 1e11 {
      for exact in [UInt64(time) - 1, UInt64(time), UInt64(time) + 1] {
        var histogram = Histogram()
        // The shortest and the longest time are known exactly, and must not help.
        for other in [1, exact, Histogram.longest] { histogram.record(other) }
        let told = histogram.percentile(perMille: 500)
        #expect(abs(Double(told) - Double(exact)) <= Double(exact) * 0.005, "\(exact): \(told)")
      }
      time *= 1.0037
    }
  }

  @Test("Powers of two are at the edges of buckets")
  func edges() {
    for exponent in 0..<36 {
      let edge = UInt64(1) << UInt64(exponent)
      var histogram = Histogram()
      for time in [edge - 1, edge, edge + 1] { histogram.record(time) }
      #expect(histogram.percentile(perMille: 500) >= edge - 1)
      #expect(histogram.percentile(perMille: 500) <= edge + max(1, edge / 200))
      #expect(histogram.percentile(perMille: 10) <= histogram.percentile(perMille: 500))
    }
  }

  @Test("A time beyond the longest bucket is counted there, and kept as the maximum")
  func tooLong() {
    var histogram = Histogram()
    histogram.record(1)
    histogram.record(Histogram.longest * 10)
    histogram.record(Histogram.longest * 20)
    #expect(abs(Double(histogram.percentile(perMille: 500)) - 1e11) <= 1e9)
    #expect(histogram.maximum == Histogram.longest * 20)
  }
}
