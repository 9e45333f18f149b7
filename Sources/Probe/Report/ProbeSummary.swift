import Log

/// The summary of all probes of one target.
public struct ProbeSummary: Sendable {
  /// The number of probes.
  public private(set) var count = 0
  /// The number of those that were not answered.
  private(set) var failed = 0
  private var warned = 0
  private var slow = 0
  // The times of answered probes, in microseconds.
  private var (least, most, sum): (UInt64, UInt64, UInt64) = (.max, 0, 0)
  /// The latest result with the worst status, or `nil` without a result.
  private(set) var worst: ProbeResult?

  /// Creates an empty summary.
  public init() {}

  /// The worst status of all probes.
  public var status: ProbeStatus { worst?.status ?? .ok }

  /// Adds the result of one more probe.
  public mutating func add(_ result: ProbeResult) {
    count += 1
    if result.status >= status { worst = result }
    if result.status == .warning { warned += 1 }
    guard result.isOK else {
      failed += 1
      return
    }
    if result.status == .critical { slow += 1 }
    let time = result.times.total
    (least, most, sum) = (min(least, time), max(most, time), sum + time)
  }

  /// The times of the answered probes in microseconds, and their thresholds; `nil` if none was answered.
  var figures: (least: UInt64, average: UInt64, most: UInt64, thresholds: ProbeThresholds)? {
    let answered = UInt64(count - failed)
    guard answered > 0, let worst else { return nil }
    return (least, sum / answered, most, worst.question.thresholds)
  }

  /// The summary on one line.
  public var line: String { "\(status.word): \(text)" }

  /// The summary without the status.
  var text: String {
    let slowly = slow > 0 ? ", \(slow) too slow" : ""
    let warning = warned > 0 ? ", \(warned) with a warning" : ""
    let text = "\(Counted.text(count, "probe")), \(failed) failed\(slowly)\(warning)"
    guard let figures else { return text }
    let times = [("min", figures.least), ("avg", figures.average), ("max", figures.most)].map {
      "\($0.0) \(ProbeTimes.milliseconds($0.1))"
    }
    return "\(text); \(times.joined(separator: ", ")) ms"
  }
}
