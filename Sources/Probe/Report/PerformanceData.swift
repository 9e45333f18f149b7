import Log

/// Performance data of a monitoring plugin (Monitoring Plugins Development Guidelines): what follows the bar of its
/// output, as in `total=3.921ms;50;200;0`. The unit is always ms.
enum PerformanceData {
  /// The total time of an answer, with its thresholds and the least possible value.
  static func total(
    _ time: UInt64, _ thresholds: ProbeThresholds, label: String = "total"
  ) -> String {
    let limits = [thresholds.warning, thresholds.critical].map { $0.map { "\($0)" } ?? "" }
    return "\(item(label, time));\(limits.joined(separator: ";"));0"
  }

  /// Another time.
  static func item(_ label: String, _ time: UInt64) -> String {
    "\(label)=\(ProbeTimes.milliseconds(time))ms"
  }

  /// The label of the target called `name`. The guidelines allow neither an equals sign nor an apostrophe in a label,
  /// and Icinga takes two colons for the end of a prefix of all labels that follow.
  static func label(_ name: String) -> String {
    var text = ""
    for scalar in Escaping.line(name).unicodeScalars {
      switch scalar {
      case "'", "=", "|":
        text += "\\x\(Escaping.hexadecimal(UInt8(truncatingIfNeeded: scalar.value)))"
      case ":" where text.utf8.last == UInt8(ascii: ":"): text += "\\x3a"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return "'\(text) total'"
  }
}

extension ProbeResult {
  /// The performance data of the only result of a call: the total time if the SCP answered, and each completed phase.
  public var performanceData: String {
    let total = isOK ? [PerformanceData.total(times.total, question.thresholds)] : []
    let phases = times.parts.filter { ProbePhase(rawValue: $0.name) != nil }
      .map { PerformanceData.item($0.name, $0.time) }
    return (total + phases).joined(separator: " ")
  }
}

extension ProbeSummary {
  /// The performance data of several results of one target.
  public var performanceData: String {
    guard let figures else { return "failed=\(failed)" }
    return [
      PerformanceData.total(figures.average, figures.thresholds),
      PerformanceData.item("min", figures.least), PerformanceData.item("max", figures.most),
      "failed=\(failed)",
    ].joined(separator: " ")
  }
}
