import Log
import Systemd
import Testing

@testable import Ledger

/// The verdict on the service, finding by finding.
@Suite struct ServiceVerdictTests {
  private static func unit(
    _ name: String, _ active: String, ago: UInt64 = Samples.hour
  ) -> ServiceReport.Unit {
    ServiceReport.Unit(
      name: name,
      state: UnitState(active: active, detail: "", since: Samples.now - ago, status: ""))
  }

  private static func verdict(
    _ units: [ServiceReport.Unit], _ records: JournalRecord...
  ) -> ServiceVerdict {
    verdict(units, from: .persistent, records)
  }

  private static func verdict(
    _ units: [ServiceReport.Unit], from source: JournalFacts.Source, _ records: [JournalRecord]
  ) -> ServiceVerdict {
    var report = ServiceReport(units: units, journal: JournalFacts(source: source))
    for record in records { report.add(record) }
    return ServiceVerdict(report, by: Samples.clock())
  }

  private static let running = unit("echoscpd.service", "active")

  @Test("Units tell whether the service answers, or starts at the next connection")
  func units() {
    let since = " since 2026-11-30 09:03:20 (60 min)"
    let table: [([ServiceReport.Unit], Verdict, String)] = [
      ([Self.running], .ok, "echoscpd answers as MYPACS\(since)"),
      ([Self.unit("echoscpd.service", "reloading")], .ok, "echoscpd answers as MYPACS\(since)"),
      (
        [Self.unit("echoscpd.service", "inactive"), Self.unit("echoscpd.socket", "active")], .ok,
        "echoscpd starts at the next connection: echoscpd.socket listens\(since)"
      ),
      (
        [
          Self.unit("echoscpd.service", "inactive"), Self.unit("echoscpd-tls.socket", "active"),
          Self.unit("echoscpd.socket", "active"),
        ], .ok,
        "echoscpd starts at the next connection: echoscpd-tls.socket, echoscpd.socket listen\(since)"
      ),
      (
        [Self.unit("echoscpd.service", "inactive"), Self.unit("echoscpd.socket", "inactive")],
        .critical,
        "echoscpd does not answer: echoscpd.service is inactive\(since), and no socket of it listens; "
          + "systemctl start echoscpd.socket"
      ),
      (
        [Self.unit("echoscpd.service", "failed")], .critical,
        "echoscpd does not answer: echoscpd.service is failed\(since), and no socket of it listens; "
          + "systemctl start echoscpd.socket"
      ),
      (
        [Self.unit("echoscpd.service", "failed"), Self.unit("echoscpd.socket", "active")],
        .critical,
        "echoscpd does not answer: echoscpd.service is failed\(since), although a socket of it "
          + "listens; systemctl restart echoscpd.service"
      ),
      (
        [Self.unit("echoscpd.service", "inactive", ago: Samples.now)], .critical,
        "echoscpd does not answer: echoscpd.service is inactive, and no socket of it listens; "
          + "systemctl start echoscpd.socket"
      ),
    ]
    for (units, verdict, text) in table {
      let found = Self.verdict(units, Samples.service(.started, "ECHOSCP_AE_TITLE=MYPACS"))
      #expect(found.verdict == verdict && found.findings.map(\.text) == [text])
    }
  }

  @Test("Without a service manager, the journal tells; on this host, that is not certain")
  func journalAlone() {
    let start = Samples.service(.started, ago: Samples.hour, "ECHOSCP_AE_TITLE=MY PACS")
    let table: [([JournalRecord], Verdict, String)] = [
      ([], .warning, "the journal has no start of echoscpd"),
      (
        [start], .ok,
        "according to the journal, echoscpd answers as \"MY PACS\" since 2026-11-30 09:03:20 (60 min)"
      ),
      (
        [start, Samples.service(.stopped, ago: Samples.minute)], .critical,
        "according to the journal, echoscpd has not run since 2026-11-30 10:02:20 (60 s)"
      ),
    ]
    for (records, verdict, text) in table {
      let elsewhere = Self.verdict([], from: .elsewhere, records)
      #expect(elsewhere.verdict == verdict && elsewhere.findings.map(\.text) == [text])
      let here = Self.verdict([], from: .volatile, records)
      let reason = "the service manager cannot be asked, or does not know the service; "
      #expect(here.verdict == .unknown && here.findings.map(\.text) == [reason + text])
    }
  }

  @Test(
    "A certificate needs attention in its last days, and is critical when it has expired",
    arguments: [
      (312, nil, nil), (31, nil, nil), (30, .warning, "expires in 30 days"),
      (1, .warning, "expires in 1 day"), (0, .warning, "expires within a day"),
      (-1, .critical, "expired 1 day ago"), (-900, .critical, "expired 900 days ago"),
    ] as [(Int, Verdict?, String?)])
  func certificate(days: Int, verdict: Verdict?, words: String?) {
    let found = Self.verdict(
      [Self.running],
      Samples.service(
        .started, "ECHOSCP_TLS_DAYS=\(days)", "ECHOSCP_TLS_SUBJECT=CN=mypacs.example"))
    #expect(found.verdict == verdict ?? .ok && found.findings.count == (verdict == nil ? 1 : 2))
    let expected = words.map {
      "the certificate CN=mypacs.example \($0); renew tls-certificate, and run systemctl reload echoscpd"
    }
    #expect(expected == nil || found.findings.map(\.text).contains(expected ?? ""))
  }

  @Test("A record about the days of a certificate says nothing new; one about another fault does")
  func certificateRemark() {
    let remark = Samples.failed(.certificateExpires, ago: 0)
    let soon = Self.verdict(
      [Self.running], Samples.service(.started, ago: 1, "ECHOSCP_TLS_DAYS=7"), remark)
    #expect(soon.findings.count == 2 && soon.findings.allSatisfy { $0.failure == nil })
    let other = Self.verdict(
      [Self.running], Samples.service(.started, ago: 1, "ECHOSCP_TLS_DAYS=300"), remark)
    #expect(other.findings.first?.failure?.cause == "certificate-expires")
    #expect(other.verdict == .warning)
  }

  @Test(
    "Each problem of the service itself is a warning, with its remedy; failures of devices are not")
  func ownProblems() throws {
    let found = Self.verdict(
      [Self.running], Samples.failed(.calledAETitle, "CT1", "192.0.2.7"),
      Samples.failed(.configInvalid, ago: 5 * Samples.minute),
      Samples.failed(.recordsDropped, ago: Samples.minute))
    #expect(found.findings.map(\.verdict) == [.warning, .warning, .ok])
    #expect(
      found.findings.first?.text
        == "60 s ago: records-dropped: this is what the service writes about records-dropped")
    for finding in found.findings.prefix(2) {
      let failure = try #require(finding.failure)
      #expect(failure.remedy?.steps.isEmpty == false)
    }
    let settled = Self.verdict(
      [Self.running], Samples.failed(.configInvalid, ago: 5), Samples.service(.reloaded))
    #expect(settled.verdict == .ok)
  }

  @Test("The worst finding comes first, and decides the verdict")
  func order() {
    let found = Self.verdict(
      [Self.unit("echoscpd.service", "failed")], Samples.failed(.acceptFailed),
      Samples.service(.started, "ECHOSCP_TLS_DAYS=-1"))
    #expect(found.findings.map(\.verdict) == [.critical, .critical, .warning])
    #expect(found.findings.first?.text.hasPrefix("echoscpd does not answer") == true)
    #expect(Verdict.ok < .warning && Verdict.warning < .critical)
    #expect([Verdict.ok, .warning, .critical].map(\.word) == ["OK", "WARNING", "CRITICAL"])
  }
}
