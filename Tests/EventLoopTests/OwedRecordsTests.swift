import Journal
import Settings
import Synchronization
import TestKit
import Testing

@testable import EventLoop

/// Records that find their queue full, and that the journal owes to their peers.
@Suite struct OwedRecordsTests {
  /// What is owed where a section names CT1.
  static func owedToDevice() throws -> OwedRecords {
    var configuration = Configuration()
    configuration.read(
      ConfigurationFile(path: "a", bytes: Array("[device CT1]\naddress = 192.0.2.7\n".utf8)))
    let owed = OwedRecords()
    owed.takeDevices(of: DeviceRules(configuration.settings))
    return owed
  }

  private static let echo = Occurrence.record(Occurrence.released, at: 1, echoes: 1)
  private static let failure = Occurrence.record(at: 2)

  @Test("Strangers are owed nothing, whoever had an echo the first failure, once")
  func once() {
    let owed = OwedRecords()
    let kept = [
      owed.keep(Self.failure), owed.keep(Self.echo), owed.keep(Self.failure),
      owed.keep(Self.failure), owed.keep(Occurrence.record(at: 3, calling: nil)),
      owed.keep(Occurrence.record(at: 4, calling: "CT2")),
    ]
    #expect(kept == [false, false, true, false, true, false] && !owed.isEmpty)
    let numbers = owed.take().map(\.number)
    #expect(numbers == [2, 3] && owed.isEmpty)
    owed.noteTold(Self.failure)
    let later = [3, 300_001, 300_002].map { owed.keep(Occurrence.record(at: $0)) }
    #expect(later == [false, false, true])
  }

  @Test("A device of the configuration is owed it before its first echo")
  func device() throws {
    let owed = try Self.owedToDevice()
    let kept = [
      owed.keep(Self.failure), owed.keep(Occurrence.record(at: 2, from: "192.0.2.8")),
      owed.keep(Record(.acceptingAgain, about: nil)),
    ]
    #expect(kept == [true, false, false])
  }

  @Test("No more wait than there are acquaintances, however they change")
  func bound() {
    let owed = OwedRecords()
    for number in 0..<Acquaintances.capacity + 200 {
      let address = "10.\(number >> 16).\(number >> 8 & 255).\(number & 255)"
      _ = owed.keep(Occurrence.record(Occurrence.released, at: 1, from: address, echoes: 1))
      _ = owed.keep(Occurrence.record(at: 2, from: address))
    }
    let count = owed.take().count
    #expect(count == Acquaintances.capacity)
  }

  @Test("A flood that is faster than the writer takes no record from an acquaintance, or its count")
  func flood() throws {
    let journal = FakeJournal()
    let isHeld = Atomic<Bool>(false)
    let isThere = Atomic<Bool>(false)
    let writer = try Writer(queueCount: 1, level: .info) { entries, start, ends in
      isThere.store(true, ordering: .sequentiallyConsistent)
      while isHeld.load(ordering: .sequentiallyConsistent) { pause(milliseconds: 1) }
      return journal.send(entries, start, ends)
    }
    try writer.start()
    writer.put(Self.echo, into: 0)
    #expect(eventually { !journal.entries.isEmpty })
    isHeld.store(true, ordering: .sequentiallyConsistent)
    isThere.store(false, ordering: .sequentiallyConsistent)
    writer.put(Occurrence.record(at: 2, calling: "EVIL"), into: 0)
    #expect(eventually { isThere.load(ordering: .sequentiallyConsistent) })
    let count = 2 * RecordQueue.capacity
    for number in 0..<count {
      writer.put(Occurrence.record(at: 2, from: "10.0.\(number / 250).\(number % 250)"), into: 0)
    }
    for _ in 0..<3 { writer.put(Self.failure, into: 0) }
    isHeld.store(false, ordering: .sequentiallyConsistent)
    #expect(
      eventually { journal.entries.contains { $0.contains("DICOM_PEER_ADDRESS=192.0.2.7") } })
    writer.stop()
    let cause = "MESSAGE_ID=\(Occurrence.rejected.messageID.rawValue)"
    let own = journal.entries.filter {
      $0.contains("DICOM_CALLING_AE=CT1") && $0.contains("DICOM_PEER_ADDRESS=192.0.2.7")
        && $0.contains(cause)
    }
    #expect(own.map(FakeJournal.count) == [1])
    #expect(journal.sum(of: cause) == UInt64(count + 4))
  }
}
