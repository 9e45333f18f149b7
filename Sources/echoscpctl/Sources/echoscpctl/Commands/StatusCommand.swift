import ArgumentParser
import Ledger
import Log
import Systemd

/// One screen about the service, problems first.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show whether the service answers, and the echoes and failures of 24 hours.",
    discussion: """
      The exit status is 0 if it answers, 1 if something about the service needs attention, 2 if it does not \
      answer, and 3 if that is unknown. Failures of devices do not change it: see peers.
      """)

  @OptionGroup var journal: JournalOptions
  @OptionGroup var time: PeriodOptions

  func run() throws {
    let session = try JournalSession(JournalPlace(journal))
    let (start, words) = try time.period(by: session.clock)
    let sums = try SumsOfRecords(JournalPlace(journal), from: start)
    let lastStart = try session.lastStart()
    var report = ServiceReport(
      units: session.isLocal ? Self.units(of: journal.unit) : [],
      journal: try session.facts(lastStart))
    if let lastStart { report.addStart(lastStart) }
    let problems = (0...Priority.warning.rawValue).map { "\($0)" }
    let alternatives: [JournalSession.Matches] = [
      [(.priority, problems)], [(.messageID, ServiceReport.kinds.map(\.number))],
    ]
    try session.forEach(from: start, anyOf: alternatives) { report.add($0) }
    (report.echoes, report.folded) = try sums.result()
    if journal.json {
      Output.print([try JSON.text(StatusJSON(report, since: start, by: session.clock))])
    } else {
      Output.print(StatusText(Output.layout(by: session.clock)).lines(report, period: words))
    }
    throw ExitCode(ServiceVerdict(report, by: session.clock).verdict.rawValue)
  }

  private static func units(of service: String) -> [ServiceReport.Unit] {
    guard let manager = UnitManager() else { return [] }
    let sockets = manager.triggers(of: service).sorted().filter { $0.hasSuffix(".socket") }
    return ([service] + sockets).compactMap { name in
      manager.state(of: name).map { ServiceReport.Unit(name: name, state: $0) }
    }
  }
}
