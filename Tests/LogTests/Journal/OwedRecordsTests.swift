import Linux
import Synchronization
import TestKit
import Testing
import UpperLayer

@testable import Log

/// Records that the journal owes to their peers, although their queue is full.
@Suite struct OwedRecordsTests {
  /// The owed records if a `[device]` section names CT1.
  static func owedToDevice() -> OwedRecords {
    let owed = OwedRecords()
    owed.know {
      $0.peer.address == "192.0.2.7" && [AETitle("CT1"), nil].contains($0.callingAETitle)
    }
    return owed
  }

  private static let echo = Occurrence.record(Occurrence.released, at: 1, echoes: 1)
  private static let failure = Occurrence.record(at: 2)

  @Test("Strangers are owed nothing; a peer that had an echo is owed its first failure, once")
  func once() {
    let owed = OwedRecords()
    let kept = [
      owed.keep(Self.failure), owed.keep(Self.echo), owed.keep(Self.failure),
      owed.keep(Self.failure), owed.keep(Occurrence.record(at: 3, calling: nil)),
      owed.keep(Occurrence.record(at: 4, calling: "CT2")),
    ]
    #expect(kept == [false, false, true, false, true, false] && !owed.isEmpty)
    let numbers = owed.drain().map(\.number)
    #expect(numbers == [2, 3] && owed.isEmpty)
    owed.noteTold(Self.failure)
    let later = [3, 300_001, 300_002].map { owed.keep(Occurrence.record(at: $0)) }
    #expect(later == [false, false, true])
  }

  @Test("A device in the configuration is owed its first failure even before an echo")
  func device() throws {
    let owed = Self.owedToDevice()
    let kept = [
      owed.keep(Self.failure), owed.keep(Occurrence.record(at: 2, from: "192.0.2.8")),
      owed.keep(Record(.acceptingAgain, about: nil)),
    ]
    #expect(kept == [true, false, false])
  }

  @Test("No more records wait than there are known peers, however these change")
  func bound() {
    let owed = OwedRecords()
    for number in 0..<KnownPeers.capacity + 200 {
      let address = "10.\(number >> 16).\(number >> 8 & 255).\(number & 255)"
      _ = owed.keep(Occurrence.record(Occurrence.released, at: 1, from: address, echoes: 1))
      _ = owed.keep(Occurrence.record(at: 2, from: address))
    }
    let count = owed.drain().count
    #expect(count == KnownPeers.capacity)
  }

  @Test("A flood faster than the writer costs a known peer neither its record nor its count")
  func flood() throws {
    let journal = FakeJournal()
    let isHeld = Atomic<Bool>(false)
    let isThere = Atomic<Bool>(false)
    let writer = try LogWriter(queueCount: 1, level: .info) { entries, start, ends in
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
    let cause = "MESSAGE_ID=\(Occurrence.rejected.catalogID.number)"
    let own = journal.entries.filter {
      $0.contains("DICOM_CALLING_AE=CT1") && $0.contains("DICOM_PEER_ADDRESS=192.0.2.7")
        && $0.contains(cause)
    }
    #expect(own.map(FakeJournal.count) == [1])
    #expect(journal.sum(of: cause) == UInt64(count + 4))
  }
}

/// The peers to whom the journal owes a record.
@Suite struct KnownPeersTests {
  private static func echo(
    _ title: String, from address: String = "192.0.2.7", at time: UInt64 = 0
  ) -> Record {
    Occurrence.record(
      Occurrence.released, at: time, from: address, calling: title, echoes: 1)
  }

  private static func isKnown(
    _ knownPeers: inout KnownPeers, _ title: String?, from address: String = "192.0.2.7"
  ) -> Bool {
    knownPeers.standing(
      of: Occurrence.record(.healthCheck, at: 0, from: address, calling: title), isDevice: false)
      != .stranger
  }

  @Test("A peer that had an echo is owed its first failure, and the next after five minutes")
  func owed() {
    var knownPeers = KnownPeers()
    func standing(at time: UInt64) -> KnownPeers.Standing {
      let record = Occurrence.record(at: time)
      let standing = knownPeers.standing(of: record, isDevice: false)
      if standing == .owed { knownPeers.noteTold(record) }
      return standing
    }
    let before = standing(at: 0)
    knownPeers.meet(Self.echo("CT1", at: 1))
    let after = [2, 3, 300_001, 300_002, 300_003].map { standing(at: $0) }
    #expect(before == .stranger)
    #expect(after == [.owed, .acquaintance, .acquaintance, .owed, .acquaintance])
  }

  @Test("Only an echo makes a peer known, and one without a title is known by its address")
  func echoes() {
    var knownPeers = KnownPeers()
    knownPeers.meet(Occurrence.record(Occurrence.released, at: 0, echoes: 0))
    knownPeers.meet(Occurrence.record(at: 0, echoes: 1))
    let before = Self.isKnown(&knownPeers, "CT1")
    knownPeers.meet(Self.echo("CT1"))
    let after = [
      Self.isKnown(&knownPeers, "CT1"), Self.isKnown(&knownPeers, nil),
      Self.isKnown(&knownPeers, "CT2"), Self.isKnown(&knownPeers, "CT1", from: "192.0.2.8"),
      Self.isKnown(&knownPeers, nil, from: "192.0.2.8"),
    ]
    #expect(!before && after == [true, true, false, false, false])
  }

  @Test("A device in the configuration is known before its first echo")
  func devices() {
    var knownPeers = KnownPeers()
    let record = Occurrence.record(at: 0)
    let first = knownPeers.standing(of: record, isDevice: true)
    knownPeers.noteTold(record)
    let second = knownPeers.standing(of: record, isDevice: true)
    #expect(first == .owed && second == .acquaintance)
  }

  @Test("A network with many known peers cannot displace those of others")
  func bound() {
    var knownPeers = KnownPeers()
    knownPeers.meet(Self.echo("CT1"))
    for number in 0..<3 * KnownPeers.capacity {
      knownPeers.meet(Self.echo("X\(number)", from: "10.0.0.1"))
      knownPeers.meet(
        Self.echo("X\(number)", from: "2001:db8:0:\(String(number % 65536, radix: 16))::1"))
    }
    let isKept = Self.isKnown(&knownPeers, "CT1")
    #expect(isKept)
    let latest = Self.isKnown(
      &knownPeers, "X\(3 * KnownPeers.capacity - 1)", from: "10.0.0.1")
    let first = Self.isKnown(&knownPeers, "X0", from: "10.0.0.1")
    #expect(latest && !first)
  }

  @Test("If all places are taken, a new network gets one from the network with the most")
  func full() {
    var knownPeers = KnownPeers()
    // Each network has a place for each title, and one for its address.
    for network in 0..<16 {
      for title in 0..<KnownPeers.mostOfNetwork {
        knownPeers.meet(Self.echo("X\(title)", from: "10.0.0.\(network)"))
      }
    }
    knownPeers.meet(Self.echo("CT1"))
    let isKnown = Self.isKnown(&knownPeers, "CT1")
    #expect(isKnown)
  }

  @Test("A pair that comes back keeps its place when others of its network do not")
  func returning() {
    var knownPeers = KnownPeers()
    for number in 0..<20 * KnownPeers.mostOfNetwork {
      if number % 50 == 0 { knownPeers.meet(Self.echo("CT1")) }
      knownPeers.meet(Self.echo("X\(number)"))
    }
    let isKnown = Self.isKnown(&knownPeers, "CT1")
    #expect(isKnown)
  }
}
