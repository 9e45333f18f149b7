import Log
import Systemd

/// The service at a glance as text: problems first.
public struct StatusText: Sendable {
  private let layout: Layout
  private var clock: Clock { layout.clock }

  /// Text in `layout`.
  public init(_ layout: Layout) { self.layout = layout }

  /// The lines.
  ///
  /// - Parameter period: The period in words, such as `24 h`.
  public func lines(_ report: ServiceReport, period: String) -> [String] {
    let verdict = ServiceVerdict(report, by: clock)
    let findings = verdict.findings.flatMap { finding in
      layout.paragraph(layout.head(finding.verdict), finding.text)
        + (finding.failure.map { layout.steps($0, indent: 2) } ?? [])
    }
    let notes = report.journal.limits.flatMap { layout.paragraph("note:", $0) }
    return findings + Layout.table(rows(report, period)).map { "  \($0)" } + notes
  }

  private func rows(_ report: ServiceReport, _ period: String) -> [[String]] {
    var rows = units(report) + facts(report)
    let echoes = Counted.text(report.echoes, "echo", "echoes")
    let failures = Counted.text(report.failures, "failure")
    rows.append(["in \(period)", "\(echoes), \(failures)"])
    let width = report.causes.map { "\($0.count)".count }.max() ?? 0
    rows += report.causes.map { cause in
      let padding = String(repeating: " ", count: width - "\(cause.count)".count)
      return ["", "\(padding)\(cause.count) \(cause.cause)"]
    }
    rows.append(["", Counted.text(report.healthChecks, "health check")])
    let dropped = report.dropped > 0 ? "\(report.dropped) dropped" : "none dropped"
    rows.append(["records", "\(dropped), \(report.folded) summed up in others"])
    let place =
      switch report.journal.source {
      case .persistent: "on disk"
      case .volatile: "in memory"
      case .elsewhere: "read from files"
      }
    let kept = report.journal.keptSince.map { "kept since \(layout.when($0))" } ?? "has no record"
    rows.append(["journal", "\(place), \(kept)"])
    return rows
  }

  private func units(_ report: ServiceReport) -> [[String]] {
    report.units.flatMap { unit in
      let since = unit.state.since > 0 ? " since \(layout.when(unit.state.since))" : ""
      let state = "\(unit.name) \(unit.state.active) (\(unit.state.detail))\(since)"
      let isService = unit.name.hasSuffix(".service")
      let status = unit.state.status.isEmpty ? [] : [["", Escaping.line(unit.state.status)]]
      return [[isService ? "service" : "", state]] + status
    }
  }

  private func facts(_ report: ServiceReport) -> [[String]] {
    guard let service = report.start?.service else { return [] }
    var rows: [[String]] = []
    let listeners =
      service.listeners + service.tlsListeners.map { "\($0) (TLS)" }
      + service.proxyListeners.map { "\($0) (PROXY)" }
    let sockets = service.arePassed ? ", opened by systemd" : ""
    if !listeners.isEmpty {
      rows.append(["listens on", listeners.joined(separator: ", ") + sockets])
    }
    let facts = [
      service.aeTitle.map { "AE title \(PeerWords.name($0))" },
      service.logLevel.map { "log-level \($0)" }, service.version.map { "version \($0)" },
    ]
    let known = facts.compactMap { $0 }
    if !known.isEmpty { rows.append(["settings", known.joined(separator: ", ")]) }
    if let days = report.certificateDays(by: clock), let name = service.certificate {
      rows.append(["certificate", "\(PeerWords.name(name)) \(ServiceReport.text(ofDays: days))"])
    }
    return rows
  }
}
