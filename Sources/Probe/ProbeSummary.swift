import Log

/// What several probes come to.
public struct ProbeSummary: Sendable {
  private var count = 0
  private var failed = 0
  private var least = UInt64.max
  private var most: UInt64 = 0
  private var sum: UInt64 = 0

  /// None yet.
  public init() {}

  /// Whether every one was answered.
  public var isOK: Bool { failed == 0 }

  /// Takes one more.
  public mutating func take(_ result: ProbeResult) {
    count += 1
    guard result.isOK else {
      failed += 1
      return
    }
    let time = result.times.total
    least = min(least, time)
    most = max(most, time)
    sum += time
  }

  /// All of them on one line.
  public var line: String {
    let answered = count - failed
    let word = failed == 0 ? "OK" : "CRITICAL"
    let times =
      answered == 0
      ? ""
      : "; min \(ProbeTimes.milliseconds(least)), avg "
        + "\(ProbeTimes.milliseconds(sum / UInt64(answered))), max "
        + "\(ProbeTimes.milliseconds(most)) ms"
    return "\(word): \(Counted.text(count, "time")), \(failed) failed\(times)"
  }
}
