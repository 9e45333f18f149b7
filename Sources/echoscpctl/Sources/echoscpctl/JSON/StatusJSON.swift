import Ledger
import Systemd

/// The report of `status`.
struct StatusJSON: Encodable {
  struct Finding: Encodable {
    let verdict: String
    let text: String
    let failure: OrNull<FailureJSON>
  }

  struct Unit: Encodable {
    let name: String
    let active: String
    let detail: String
    let since: OrNull<TimeJSON>
    let status: OrNull<String>
  }

  struct Certificate: Encodable {
    let subject: String
    let daysLeft: Int
  }

  struct Cause: Encodable {
    let cause: String
    let count: UInt64
  }

  let report = "status"
  let verdict: String
  let findings: [Finding]
  let units: [Unit]
  let version: OrNull<String>
  let aeTitle: OrNull<String>
  let listeners: [String]
  let tlsListeners: [String]
  let proxyListeners: [String]
  let certificate: OrNull<Certificate>
  let since: TimeJSON
  let echoes: UInt64
  let failures: UInt64
  let causes: [Cause]
  let healthChecks: UInt64
  let recordsDropped: UInt64
  let recordsSummedUp: UInt64
  let journal: JournalJSON

  init(_ report: ServiceReport, since start: UInt64, by clock: Clock) {
    let verdict = ServiceVerdict(report, by: clock)
    self.verdict = verdict.verdict.word.lowercased()
    findings = verdict.findings.map {
      Finding(
        verdict: $0.verdict.word.lowercased(), text: $0.text,
        failure: OrNull($0.failure.map(FailureJSON.init)))
    }
    units = report.units.map { unit in
      let (state, status) = (unit.state, unit.state.status)
      return Unit(
        name: unit.name, active: state.active, detail: state.detail,
        since: TimeJSON.orNull(state.since > 0 ? state.since : nil),
        status: OrNull(status.isEmpty ? nil : status))
    }
    let service = report.start?.service
    version = OrNull(service?.version)
    aeTitle = OrNull(service?.aeTitle)
    listeners = service?.listeners ?? []
    tlsListeners = service?.tlsListeners ?? []
    proxyListeners = service?.proxyListeners ?? []
    certificate = OrNull(
      report.certificateDays(by: clock).map {
        Certificate(subject: service?.certificate ?? "", daysLeft: $0)
      })
    since = TimeJSON(start)
    (echoes, failures) = (report.echoes, report.failures)
    causes = report.causes.map { Cause(cause: $0.cause, count: $0.count) }
    (healthChecks, recordsDropped) = (report.healthChecks, report.dropped)
    recordsSummedUp = report.folded
    journal = JournalJSON(report.journal)
  }
}
