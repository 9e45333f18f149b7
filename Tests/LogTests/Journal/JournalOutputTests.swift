import Linux
import Systemd
import TestKit
import Testing
import UpperLayer

@testable import Log

/// The records that reach the journal in a flood: the first failures of known peers, a bounded number of others,
/// and exact sums.
@Suite struct JournalOutputTests {
  /// Floods of one minute, with a record per millisecond.
  enum Flood: CaseIterable {
    case oneAddress
    case changingTitles
    case manyAddresses
    case manyKinds
    case successes
    case healthChecks

    static let count = 60_000

    func record(_ number: Int) -> Record {
      let time = UInt64(number)
      let address = "10.\(number / 65536 + 1).\(number / 256 % 256).\(number % 256)"
      switch self {
      case .oneAddress: return Occurrence.record(at: time, from: "10.9.9.9", calling: "EVIL")
      case .changingTitles:
        return Occurrence.record(at: time, from: "10.9.9.9", calling: "E\(number)")
      case .manyAddresses: return Occurrence.record(at: time, from: address, calling: "EVIL")
      case .manyKinds:
        let events: [Event] = [
          Occurrence.rejected, .peerVanished(.established), .peerReset(.awaitingRequest),
        ]
        return Occurrence.record(
          events[number % 3], at: time, from: address, calling: "E\(number)")
      case .successes:
        return Occurrence.record(
          Occurrence.released, at: time, from: "10.9.9.\(number % 200)", calling: "E\(number)",
          echoes: 1)
      case .healthChecks:
        return Occurrence.record(.healthCheck, at: time, from: address, calling: nil)
      }
    }
  }

  /// The most entries in the first minute, given that each is smaller than one KiB: the budget, and those owed
  /// in addition.
  private static let most =
    RecordBudget.common.burst + RecordBudget.reserve.burst + 60
    * (RecordBudget.common.rate + RecordBudget.reserve.rate)

  private static func cause(_ record: Record) -> String {
    "MESSAGE_ID=\(record.event.catalogID.number)"
  }

  @Test(
    "A flood is bounded, its sums are exact, and a known peer still gets its record",
    arguments: Flood.allCases)
  func flood(_ flood: Flood) {
    let journal = FakeJournal()
    var output = JournalOutput(now: 0, send: journal.send)
    _ = output.put(Occurrence.record(Occurrence.released, at: 0, echoes: 1), level: .info)
    var expected: [String: UInt64] = [Self.cause(Occurrence.record(Occurrence.released, at: 0)): 1]
    for number in 0..<Flood.count {
      let record = flood.record(number)
      expected[Self.cause(record), default: 0] += 1
      _ = output.put(record, level: .info)
      if let next = output.next, next <= record.time {
        output.putDue(at: record.time, isLast: false, level: .info)
      }
    }
    #expect(journal.entries.count <= Self.most)
    // A known peer fails while the budget is used up.
    let before = journal.entries.count
    let failure = Occurrence.record(.peerReset(.established), at: UInt64(Flood.count))
    expected[Self.cause(failure), default: 0] += 1
    _ = output.put(failure, level: .info)
    _ = output.flush(at: UInt64(Flood.count))
    let new = journal.entries.dropFirst(before)
    #expect(
      new.contains { $0.contains("DICOM_CALLING_AE=CT1") && $0.contains(Self.cause(failure)) })
    output.putDue(at: UInt64(Flood.count) + 60_000, isLast: true, level: .info)
    _ = output.flush(at: UInt64(Flood.count) + 60_000)
    for (cause, count) in expected { #expect(journal.sum(of: cause) == count) }
    #expect(journal.entries.count <= Self.most + RecordBudget.common.rate * 60 + 100)
  }

  @Test("A stranger gets its record during the flood of another address")
  func stranger() {
    for flood in [Flood.oneAddress, .changingTitles] {
      let journal = FakeJournal()
      var output = JournalOutput(now: 0, send: journal.send)
      for number in 0..<Flood.count { _ = output.put(flood.record(number), level: .info) }
      _ = output.put(Occurrence.record(at: UInt64(Flood.count)), level: .info)
      _ = output.flush(at: UInt64(Flood.count))
      #expect(journal.entries.contains { $0.contains("DICOM_CALLING_AE=CT1") })
    }
  }

  @Test("A device in the configuration gets its record before its first echo")
  func device() throws {
    let journal = FakeJournal()
    var output = JournalOutput(
      now: 0, owed: OwedRecordsTests.owedToDevice(), send: journal.send)
    for number in 0..<Flood.count {
      _ = output.put(Flood.manyKinds.record(number), level: .info)
    }
    _ = output.put(Occurrence.record(at: UInt64(Flood.count)), level: .info)
    _ = output.flush(at: UInt64(Flood.count))
    #expect(journal.entries.contains { $0.contains("DICOM_CALLING_AE=CT1") })
  }

  @Test("At debug nothing is folded, but the budget applies and the sums are exact")
  func debug() {
    let journal = FakeJournal()
    var output = JournalOutput(now: 0, send: journal.send)
    for number in 0..<2000 {
      _ = output.put(Occurrence.record(.connected, at: UInt64(number)), level: .debug)
    }
    _ = output.flush(at: 2000)
    #expect(journal.entries.count == RecordBudget.address.burst + 1)
    output.putDue(at: 62_000, isLast: false, level: .debug)
    _ = output.flush(at: 62_000)
    #expect(journal.sum(of: Self.cause(Occurrence.record(.connected, at: 0))) == 2000)
  }

  @Test("While the journal takes nothing, everything is still folded and counted")
  func busy() {
    let journal = FakeJournal()
    var output = JournalOutput(now: 0, send: journal.send)
    _ = output.put(Occurrence.record(Occurrence.released, at: 0, echoes: 1), level: .info)
    _ = output.flush(at: 0)
    journal.answers(.busy)
    for number in 0..<Flood.count {
      _ = output.put(Flood.manyKinds.record(number), level: .info)
      if number % 100 == 0 {
        output.putDue(at: UInt64(number), isLast: false, level: .info)
        _ = output.flush(at: UInt64(number))
      }
    }
    _ = output.put(Occurrence.record(.peerReset(.established), at: 60_000), level: .info)
    #expect(journal.entries.count == 1)
    journal.answers(nil)
    output.putDue(at: 120_000, isLast: true, level: .info)
    _ = output.flush(at: 120_000)
    let sum = journal.entries.indices.reduce(UInt64(0)) { sum, index in
      sum + FakeJournal.count(of: journal.entries[index])
    }
    #expect(sum == UInt64(Flood.count) + 2)
    #expect(
      journal.entries.contains { $0.contains("DICOM_CALLING_AE=CT1") && $0.contains("PRIORITY=4") })
  }
}

/// The last address of each title.
@Suite struct LastAddressesTests {
  @Test("A title that comes from another address is reported once per move")
  func moves() {
    var addresses = LastAddresses()
    func meet(_ address: String, echoes: UInt32 = 1) -> String? {
      addresses.meet(
        Occurrence.record(Occurrence.released, at: 1, from: address, echoes: echoes))?.address
    }
    let seen = [
      meet("192.0.2.7"), meet("192.0.2.7"), meet("192.0.2.9", echoes: 0), meet("192.0.2.8"),
      meet("192.0.2.8"), meet("192.0.2.7"),
    ]
    #expect(seen == [nil, nil, nil, "192.0.2.7", nil, "192.0.2.8"])
  }
}
