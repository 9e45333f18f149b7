import Log
import Systemd
import Testing

@testable import Ledger

/// What the journal has of the service and its period.
@Suite struct ServiceReportTests {
  static func report(
    _ units: [ServiceReport.Unit] = [], _ records: JournalRecord...
  ) -> ServiceReport {
    var report = ServiceReport(units: units, journal: JournalFacts(source: .persistent))
    for record in records { report.add(record) }
    return report
  }

  @Test("Failures of devices are counted by cause, the most frequent first")
  func causes() {
    let report = Self.report(
      [], Samples.failed(.silentPeer, nil, "192.0.2.7"),
      Samples.failed(.calledAETitle, "CT1", "192.0.2.7", "ECHOSCP_REPEATED=41"),
      Samples.failed(.calledAETitle, "CT1", "192.0.2.7"),
      Samples.failed(.malformedPDU, nil, nil, "ECHOSCP_ADDRESSES=3", "ECHOSCP_REPEATED=7"),
      Samples.failed(.addressDenied, nil, "192.0.2.9"),
      Samples.healthCheck("192.0.2.9", "ECHOSCP_REPEATED=9"), Samples.healthCheck("192.0.2.9"),
      Samples.released("CT1", "192.0.2.7"))
    let causes = report.causes
    #expect(
      causes.map(\.cause) == ["called-ae-title", "malformed-pdu", "address-denied", "silent-peer"])
    #expect(causes.map(\.count) == [42, 7, 1, 1])
    #expect(report.failures == 51 && report.healthChecks == 10 && report.ownProblems.isEmpty)
  }

  @Test("No number of causes or of failures exceeds its bound")
  func bounds() {
    var report = Self.report()
    for number in 0..<1000 {
      report.add(
        Samples.record([
          "PRIORITY=4", "ECHOSCP_CAUSE=cause-\(number)", "DICOM_PEER_ADDRESS=192.0.2.7",
          "ECHOSCP_REPEATED=\(UInt64.max)",
        ]))
      report.add(
        Samples.record(["PRIORITY=4", "ECHOSCP_CAUSE=own-\(number)"], ago: UInt64(2000 - number)))
    }
    #expect(report.causes.count == 257 && report.causes.contains { $0.cause == "other" })
    #expect(report.causes.allSatisfy { $0.count == .max } && report.failures == .max)
    #expect(report.ownProblems.map(\.cause) == (984..<1000).reversed().map { "own-\($0)" })
  }

  @Test("Of each problem of the service itself, the last record stays, the latest problem first")
  func ownProblems() {
    let report = Self.report(
      [], Samples.failed(.reloadFailed, ago: 9), Samples.failed(.acceptFailed, ago: 8),
      Samples.failed(.recordsDropped, ago: 7, "ECHOSCP_REPEATED=41"),
      Samples.failed(.recordsDropped, ago: 6, "ECHOSCP_REPEATED=2"),
      Samples.failed(.reloadFailed, ago: 5))
    #expect(
      report.ownProblems.map(\.cause) == ["reload-failed", "records-dropped", "accept-failed"])
    #expect(report.dropped == 43 && report.failures == 0)
  }

  @Test("Descriptors run out for the service, although the record names the last device")
  func descriptors() {
    let report = Self.report(
      [], Samples.failed(.outOfDescriptors, nil, "192.0.2.7", "ECHOSCP_REPEATED=41"))
    #expect(report.ownProblems.map(\.cause) == ["out-of-descriptors"] && report.failures == 41)
  }

  @Test("A start or a reload settles what it shows to be right")
  func settled() {
    let before = Samples.minute
    let table: [(CatalogID, atStart: Bool, atReload: Bool, atReloadWithTLS: Bool)] = [
      (.configInvalid, true, true, true), (.reloadFailed, true, true, true),
      (.listenFailed, true, false, false), (.tlsUnavailable, true, false, true),
      (.certificateExpires, true, true, true), (.recordsDropped, false, false, false),
      (.acceptFailed, false, false, false), (.stoppedAtOnce, false, false, false),
    ]
    for (id, atStart, atReload, atReloadWithTLS) in table {
      func isSettled(by record: JournalRecord) -> Bool {
        Self.report([], Samples.failed(id, ago: before + 1), record).ownProblems.isEmpty
      }
      #expect(isSettled(by: Samples.service(.started)) == atStart, "\(id)")
      #expect(isSettled(by: Samples.service(.reloaded)) == atReload, "\(id)")
      #expect(
        isSettled(by: Samples.service(.reloaded, "ECHOSCP_TLS_DAYS=312")) == atReloadWithTLS,
        "\(id)")
      #expect(!isSettled(by: Samples.service(.stopped)), "\(id)")
    }
    // A reload records what is wrong with the certificate just before it is done.
    let fresh = Samples.failed(.certificateExpires, ago: 5)
    #expect(!Self.report([], fresh, Samples.service(.reloaded)).ownProblems.isEmpty)
  }

  @Test("The last start or reload describes the service, also one from before the period")
  func start() {
    var report = Self.report([], Samples.record(Samples.facts, ago: 5))
    #expect(report.start == nil)
    report.addStart(Samples.service(.started, ago: 100, "ECHOSCP_AE_TITLE=OLD"))
    #expect(report.start?.service.aeTitle == "OLD")
    report.add(Samples.service(.reloaded, ago: 50, "ECHOSCP_AE_TITLE=NEW"))
    report.addStart(Samples.service(.started, ago: 100, "ECHOSCP_AE_TITLE=OLD"))
    #expect(report.start?.service.aeTitle == "NEW")
  }

  @Test("Without a service manager, the journal tells whether the service has ended")
  func ended() {
    let start = Samples.service(.started, ago: 100)
    #expect(!Self.report([], start).hasEnded)
    let stopped = Self.report([], start, Samples.service(.stopped, ago: 50))
    #expect(stopped.hasEnded && stopped.endTime == Samples.now - 50)
    #expect(Self.report([], start, Samples.failed(.stoppedAtOnce, ago: 50)).hasEnded)
    let again = Self.report(
      [], start, Samples.service(.stopped, ago: 50), Samples.service(.started, ago: 40))
    #expect(!again.hasEnded && again.endTime == nil)
  }

  @Test("The days of a certificate are counted from now")
  func certificateDays() {
    let table: [(recorded: Int, ago: UInt64, left: Int)] = [
      (312, 0, 312), (312, Samples.day - 1, 312), (312, Samples.day, 311),
      (5, 10 * Samples.day, -5),
      (-3, 0, -3), (Int(Int32.min), Samples.now, -2_147_504_435),
      (Int(Int32.max), 0, 2_147_483_647),
    ]
    for (recorded, ago, left) in table {
      let report = Self.report(
        [], Samples.service(.started, ago: ago, "ECHOSCP_TLS_DAYS=\(recorded)"))
      #expect(report.certificateDays(by: Samples.clock()) == left)
    }
    #expect(Self.report([], Samples.service(.started)).certificateDays(by: Samples.clock()) == nil)
  }

  @Test("A reader is told what a journal cannot show")
  func limits() {
    let table: [(JournalFacts.Source, String?, [String])] = [
      (.persistent, nil, []), (.persistent, "info", []), (.persistent, "debug", []),
      (.elsewhere, "info", []), (.volatile, "info", ["volatile"]),
      (.persistent, "warning", ["warning"]), (.persistent, "error", ["error"]),
      (.elsewhere, "critical", ["critical"]), (.volatile, "warning", ["warning", "volatile"]),
    ]
    for (source, level, words) in table {
      let facts = JournalFacts(source: source, logLevel: level)
      let limits = facts.limits
      #expect(limits.count == words.count)
      for (limit, word) in zip(limits, words) {
        #expect(limit.contains(word) && !limit.hasSuffix("."))
      }
    }
  }
}
