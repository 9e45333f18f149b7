import Log

/// The results of several targets for people and monitoring systems: how many answered, then one target after the
/// other, those with a problem first.
public struct ProbeOverview: Sendable {
  /// From how many bytes on the first line names no further target. Monitoring systems send it in messages.
  private static let longest = 400

  private let summaries: [ProbeSummary]

  /// The overview of `summaries`, one for each target in the order of the command line or the file.
  public init(_ summaries: [ProbeSummary]) { self.summaries = summaries }

  /// The worst status of all targets.
  public var status: ProbeStatus { summaries.map(\.status).max() ?? .ok }

  /// The lines. Only the first one has performance data.
  public var lines: [String] {
    let first = PluginLine.escaped("\(status.word): \(headline)")
    return PluginLine.adding(data: performanceData, to: [first] + sorted.flatMap(Self.lines))
  }

  /// The targets by status, the worst first, and otherwise in their order.
  private var sorted: [ProbeSummary] {
    [.critical, .warning, .ok].flatMap { status in summaries.filter { $0.status == status } }
  }

  private static func lines(of summary: ProbeSummary) -> [String] {
    let lines = summary.worst?.lines(.brief) ?? []
    return summary.count > 1 ? lines + ["  \(summary.text)"] : lines
  }

  /// How many targets have which problem, and what is wrong with the first of them.
  private var headline: String {
    let all = Counted.text(summaries.count, "SCP")
    let results = sorted.compactMap(\.worst)
    let failed = results.count { !$0.isOK }
    let slow = results.count { $0.isOK && $0.status == .critical }
    let warned = results.count { $0.status == .warning }
    let clauses = [
      (failed, "does not answer", "do not answer"), (slow, "is too slow", "are too slow"),
      (warned, "has a warning", "have a warning"),
    ].filter { $0.0 > 0 }.map { count, one, many in (count, count == 1 ? one : many) }
    guard let (count, verb) = clauses.first else { return "\(all) answered C-ECHO\(slowest)" }
    let rest = clauses.dropFirst().map { ", \($0.0) \($0.1)" }.joined()
    return "\(count) of \(all) \(verb)\(rest): \(complaints(results))"
  }

  /// The problems of as many targets as fit, and the number of the others.
  private func complaints(_ results: [ProbeResult]) -> String {
    let all = results.compactMap(\.complaint)
    var text = all.first ?? ""
    var count = 1
    for complaint in all.dropFirst() {
      if text.utf8.count + complaint.utf8.count > Self.longest { break }
      text += "; \(complaint)"
      count += 1
    }
    return all.count > count ? "\(text); and \(all.count - count) more" : text
  }

  /// Which target took the longest time, in words.
  private var slowest: String {
    let last = summaries.max { $0.figures?.average ?? 0 < $1.figures?.average ?? 0 }
    guard let figures = last?.figures, let place = last?.worst?.place else { return "" }
    return "; the slowest is \(place) with \(ProbeTimes.milliseconds(figures.average)) ms"
  }

  /// The number of targets of each status, and the time of each target that answered.
  private var performanceData: String {
    let counts = [("ok", ProbeStatus.ok), ("warning", .warning), ("critical", .critical)].map {
      name, status in "\(name)=\(summaries.count { $0.status == status })"
    }
    let times = summaries.compactMap { summary in
      summary.figures.map { figures in
        PerformanceData.total(
          figures.average, figures.thresholds,
          label: PerformanceData.label(summary.worst?.question.label ?? ""))
      }
    }
    return (counts + times).joined(separator: " ")
  }
}
