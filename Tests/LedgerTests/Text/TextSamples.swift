import Log
import Systemd
import Testing

@testable import Ledger

/// The reports of a small hospital, from which the golden texts are made.
enum TextSamples {
  static let records = [
    Samples.service(.started, ago: 9 * Samples.day).with(Samples.facts),
    Samples.released("MR1", "192.0.2.21", ago: 20 * Samples.hour, "DICOM_PEER_PRODUCT=DCMTK"),
    Samples.released(
      "CT2", "192.0.2.8", echoes: 1440, ago: 3 * Samples.minute, "ECHOSCP_REPEATED=1440",
      "DICOM_PEER_PRODUCT=A product with a name that no table has room for"),
    Samples.failed(.silentPeer, nil, "192.0.2.99", ago: 2 * Samples.hour),
    Samples.failed(
      .calledAETitle, "CT10", "192.0.2.10", ago: 40 * Samples.minute, "ECHOSCP_REPEATED=41",
      "DICOM_REASON=A-ASSOCIATE-RJ 1/1/7"),
    Samples.failed(.malformedPDU, nil, nil, "ECHOSCP_ADDRESSES=12", "ECHOSCP_REPEATED=1990"),
    Samples.failed(
      .certificateUntrusted, nil, "2001:db8::7", ago: 90 * Clock.second,
      "MESSAGE=2001:db8::7: the TLS handshake failed: its certificate, "
        + "CN=a-device-with-a-rather-long-name.radiology.hospital.example, is untrusted"),
    Samples.released("US1", "192.0.2.30", echoes: 0, ago: 5 * Samples.minute),
    Samples.healthCheck("192.0.2.3", ago: Samples.minute, "ECHOSCP_REPEATED=60"),
    // Titles that could be taken for other cells, or for none.
    Samples.released("CT1 at 192.0.2.1", "192.0.2.66", ago: 9 * Clock.second),
    Samples.released("X  192.0.2.1  ok", "192.0.2.66", ago: 8 * Clock.second),
    Samples.released("-", "192.0.2.66", ago: 7 * Clock.second),
    Samples.released(
      "ODD", "192.0.2.66", ago: 6 * Clock.second, "DICOM_PEER_IMPLEMENTATION=1.2.3 V  never  0  0"),
    Samples.released("\u{1B}[2J", "192.0.2.66", ago: 5 * Clock.second),
  ]

  static let journal = JournalFacts(
    source: .persistent, keptSince: Samples.now - 30 * Samples.day, logLevel: "info")
  /// A journal that shows less.
  static let poor = JournalFacts(
    source: .volatile, keptSince: Samples.now - Samples.hour, logLevel: "warning")

  static func layout(_ width: Int = 80, isColored: Bool = false) -> Layout {
    Layout(width: width, isColored: isColored, clock: Samples.clock(offset: 3600))
  }

  static let table: PeerTable = {
    var table = PeerTable(configured: ["CT2", "CT9", "MR9"])
    for record in records.sorted(by: { $0.time < $1.time }) { table.add(record) }
    table.addAbsent("CT9", earlier: Samples.released("CT9", "192.0.2.9", ago: 3 * Samples.day))
    table.addAbsent("MR9", earlier: nil)
    return table
  }()

  static func peers(_ layout: Layout) -> [String] {
    PeersText(layout).lines(
      table.sorted(by: .state), of: table, journal: journal, period: "the last 24 h")
  }

  static func noPeers(_ layout: Layout) -> [String] {
    PeersText(layout).lines([], of: PeerTable(), journal: poor, period: "the last 24 h")
  }

  static func watch(_ layout: Layout) -> [String] {
    let more = [
      Samples.service(.reloaded), Samples.service(.stopping), Samples.service(.listening),
      Samples.failed(.recordsDropped), Samples.record(["PRIORITY=7", "MESSAGE=connected"]),
    ]
    return (records + more).flatMap { WatchText(layout).lines(of: $0) }
  }

  /// The story of `title`, with its failures.
  static func story(_ title: String, _ layout: Layout, _ journal: JournalFacts = journal)
    -> [String]
  {
    var story = PeerStory(of: title, by: layout.clock)
    for record in records + [again] where record.callingAE == title { story.add(record) }
    if title == "CT9" {
      story.addEarlier(Samples.released("CT9", "192.0.2.9", ago: 3 * Samples.day))
    }
    if title == "CT10" {
      story.firstSeen = Samples.now - 20 * Samples.day
      story.addEarlierEcho(at: Samples.now - 2 * Samples.day)
    }
    for record in records + [again] where record.callingAE == title {
      if let failure = record.failure { story.addFailure(failure) }
    }
    return StoryText(layout).lines(
      story, journal: journal, period: "the last 24 h",
      command: "journalctl -u echoscpd -x DICOM_CALLING_AE=\(title)")
  }

  private static let again = Samples.failed(
    .calledAETitle, "CT10", "192.0.2.11", ago: 30 * Samples.minute,
    "DICOM_PEER_IMPLEMENTATION=1.2.3.4 V1", "DICOM_PEER_PRODUCT=DCMTK",
    "DICOM_REASON=A-ASSOCIATE-RJ 1/1/7")

  static func status(_ layout: Layout) -> [String] {
    var report = ServiceReport(
      units: [
        unit("echoscpd.service", "active", "running", "serving, 3 associations\u{1B}[2J"),
        unit("echoscpd-tls.socket", "active", "running"),
        unit("echoscpd.socket", "active", "running"),
      ], journal: journal)
    for record in records { report.add(record) }
    report.add(Samples.failed(.reloadFailed, ago: 20 * Samples.minute))
    report.add(Samples.failed(.recordsDropped, ago: 10 * Samples.minute, "ECHOSCP_REPEATED=2"))
    (report.echoes, report.folded) = (1446, 3535)
    return StatusText(layout).lines(report, period: "24 h")
  }

  static func poorStatus(_ layout: Layout) -> [String] {
    var report = ServiceReport(
      units: [unit("echoscpd.service", "failed", "failed")], journal: poor)
    report.add(
      Samples.service(
        .started, ago: 2 * Samples.day, "ECHOSCP_TLS_DAYS=-1",
        "ECHOSCP_TLS_SUBJECT=CN=my pacs"))
    return StatusText(layout).lines(report, period: "24 h")
  }

  private static func unit(
    _ name: String, _ active: String, _ detail: String, _ status: String = ""
  ) -> ServiceReport.Unit {
    ServiceReport.Unit(
      name: name,
      state: UnitState(
        active: active, detail: detail, since: Samples.now - 9 * Samples.day, status: status))
  }

  /// Each golden text by its name.
  static let all: [(name: String, lines: @Sendable (Layout) -> [String])] = [
    ("peers", { peers($0) }), ("no-peers", { noPeers($0) }), ("watch", { watch($0) }),
    ("story-failing", { story("CT10", $0) }), ("story-ok", { story("MR1", $0) }),
    ("story-absent", { story("CT9", $0) }), ("story-unknown", { story("NO SUCH", $0, poor) }),
    ("status", { status($0) }), ("status-failed", { poorStatus($0) }),
  ]
}

extension JournalRecord {
  /// The record with more fields.
  func with(_ fields: [String]) -> JournalRecord {
    var record = self
    for field in fields { record.add(field) }
    return record
  }
}
