import Log
import Testing

@testable import Ledger

/// The row of a device, record by record.
@Suite struct PeerRowTests {
  private static func row(_ records: JournalRecord...) -> PeerRow {
    var row = PeerRow(PeerRow.Key(title: "CT1", address: "192.0.2.7"))
    for record in records { row.add(record) }
    return row
  }

  private static let echo = Samples.released("CT1", "192.0.2.7")
  private static let noEcho = Samples.released("CT1", "192.0.2.7", echoes: 0)
  private static let failure = Samples.failed(.calledAETitle, "CT1", "192.0.2.7")
  private static let check = Samples.healthCheck("192.0.2.7")
  private static let passed = Samples.healthCheck("192.0.2.7", "DICOM_CALLING_AE=CT1")
  private static let step = Samples.record(["PRIORITY=7", "DICOM_PEER_ADDRESS=192.0.2.7"])

  @Test(
    "The state is that of the last attempt; a health check counts only with an echo, or if there is nothing else"
  )
  func states() {
    let table: [([JournalRecord], PeerRow.State)] = [
      ([], .absent), ([Self.step], .noEcho), ([Self.echo], .ok), ([Self.noEcho], .noEcho),
      ([Self.failure], .failing), ([Self.check], .healthCheck),
      ([Self.failure, Self.echo], .ok), ([Self.echo, Self.failure], .failing),
      ([Self.failure, Self.noEcho], .noEcho), ([Self.failure, Self.check], .failing),
      ([Self.check, Self.echo, Self.check], .ok), ([Self.check, Self.failure], .failing),
      ([Self.failure, Self.passed], .healthCheck), ([Self.passed, Self.failure], .failing),
      ([Self.failure, Self.passed, Self.check], .healthCheck),
      ([Self.failure, Self.step], .failing), ([Self.check, Self.step], .healthCheck),
    ]
    for (records, state) in table {
      var row = PeerRow(PeerRow.Key(title: nil, address: "192.0.2.7"))
      for record in records { row.add(record) }
      #expect(row.state == state, "\(records.map(\.message))")
    }
  }

  @Test("States are in order, the worst first, and each has its word")
  func order() {
    let states: [PeerRow.State] = [.ok, .healthCheck, .noEcho, .absent, .failing]
    #expect(states.sorted().map(\.word) == ["failing", "absent", "no-echo", "check", "ok"])
  }

  @Test("Records that stand for several count as several, and no counter overflows")
  func sums() {
    let row = Self.row(
      Self.failure, Samples.failed(.calledAETitle, "CT1", "192.0.2.7", "ECHOSCP_REPEATED=41"),
      Self.check, Samples.healthCheck("192.0.2.7", "ECHOSCP_REPEATED=7"),
      Samples.released("CT1", "192.0.2.7", echoes: 30, "ECHOSCP_REPEATED=10"), Self.echo)
    #expect(row.failures == 42 && row.healthChecks == 8 && row.echoes == 31)
    #expect(row.lastFailure?.count == 41)
    let most = "ECHOSCP_REPEATED=\(UInt64.max)"
    let full = Self.row(
      Samples.failed(.calledAETitle, "CT1", "192.0.2.7", most), Self.failure,
      Samples.healthCheck("192.0.2.7", most), Self.check,
      Samples.released("CT1", "192.0.2.7", echoes: .max), Self.echo)
    #expect(full.failures == .max && full.healthChecks == .max && full.echoes == .max)
  }

  @Test("Times are those of the first and last record, and of the last echo")
  func times() {
    let row = Self.row(
      Samples.healthCheck("192.0.2.7", ago: 50), Samples.released("CT1", "192.0.2.7", ago: 40),
      Samples.failed(.calledAETitle, "CT1", "192.0.2.7", ago: 30),
      Samples.healthCheck("192.0.2.7", ago: 20))
    #expect(row.firstSeen == Samples.now - 50 && row.lastSeen == Samples.now - 20)
    #expect(row.lastEcho == Samples.now - 40 && row.lastFailure?.time == Samples.now - 30)
    // Echoes count even if the association failed after them.
    let later = Self.row(
      Samples.failed(.stalledMessage, "CT1", "192.0.2.7", ago: 3, "DICOM_ECHOES=2"))
    #expect(later.echoes == 2 && later.lastEcho == Samples.now - 3 && later.state == .failing)
  }

  @Test("The product is that of the last record with one, or else the implementation")
  func product() {
    let name = "DICOM_PEER_IMPLEMENTATION=1.2.3 V1"
    #expect(Self.row(Self.echo).product == nil)
    #expect(Self.row(Samples.released("CT1", "192.0.2.7", name), Self.echo).product == "1.2.3 V1")
    let both = Samples.released("CT1", "192.0.2.7", name, "DICOM_PEER_PRODUCT=DCMTK")
    #expect(Self.row(both).product == "DCMTK")
  }

  @Test("Notes are those of the last attempt with an echo")
  func notes() {
    let noted = Samples.released("CT1", "192.0.2.7", "ECHOSCP_NOTES=uid-padding")
    #expect(Self.row(noted, Self.failure).notes == ["uid-padding"])
    #expect(Self.row(noted, Self.echo).notes == [])
  }
}
