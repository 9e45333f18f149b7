import Log
import Testing
import UpperLayer

@testable import Log
@testable import TLS

/// Repeated records.
@Suite struct RepeatFilterTests {
  private static let aeTitle = AETitle("ECHOSCP")!

  @Test(
    "The first record is reported at once, the others of a burst once a minute, with their number")
  func counts() {
    var folding = RepeatFilter()
    let first = folding.add(Occurrence.record(at: 1000), isOwed: false)
    #expect(first == .told && folding.next == 61_000)
    for number: UInt64 in 1...59 {
      let next = folding.add(Occurrence.record(at: 1000 + number * 30), isOwed: true)
      #expect(next == .folded)
    }
    let early = folding.removeDue(at: 60_999, isLast: false)
    #expect(early.isEmpty)
    let due = folding.removeDue(at: 61_000, isLast: false)
    #expect(due.map(\.1.repetitions) == [59] && due.map(\.1.seconds) == [60])
    #expect(due.map(\.0.time) == [2770] && due.map(\.1.scope) == [.title])
    let rest = folding.removeDue(at: 121_000, isLast: false)
    #expect(rest.isEmpty && folding.next == nil)
    let later = folding.add(Occurrence.record(at: 200_000), isOwed: false)
    #expect(later == .told)
  }

  @Test("A health check is reported again once one with the same title has failed")
  func checks() {
    var folding = RepeatFilter()
    func add(_ event: Event, at time: UInt64) -> RepeatFilter.Outcome {
      folding.add(Occurrence.record(event, at: time), isOwed: false)
    }
    let before = [add(.proxyHealthCheck, at: 1000), add(.proxyHealthCheck, at: 6000)]
    let failed = add(Occurrence.rejected, at: 11_000)
    let after = [add(.proxyHealthCheck, at: 16_000), add(.proxyHealthCheck, at: 21_000)]
    #expect(before == [.told, .folded] && failed == .told && after == [.told, .folded])
  }

  @Test("Someone who tries again sees each of ten attempts; one who never stops, their number")
  func pace() {
    var folding = RepeatFilter()
    let seconds: [UInt64] = [0, 2, 3, 4, 30, 90, 100, 110, 115, 117, 119, 121, 123]
    var outcomes: [RepeatFilter.Outcome] = []
    var sums: [UInt64] = []
    for second in seconds {
      sums += folding.removeDue(at: second * 1000, isLast: false).map(\.1.repetitions)
      outcomes.append(folding.add(Occurrence.record(at: second * 1000), isOwed: false))
    }
    // The one after 3 s comes too soon, and the last two are the eleventh and twelfth.
    let folded = seconds.indices.filter { outcomes[$0] == .folded }.map { seconds[$0] }
    #expect(folded == [3, 121, 123] && sums == [1])
    // The failures go on: one record a minute.
    for second in stride(from: 130 as UInt64, through: 1000, by: 10) {
      sums += folding.removeDue(at: second * 1000, isLast: false).map(\.1.repetitions)
      let next = folding.add(Occurrence.record(at: second * 1000), isOwed: false)
      #expect(next == .folded)
    }
    #expect(sums.count == 16)
    let rest = folding.removeDue(at: 1_060_000, isLast: false)
    let none = folding.removeDue(at: 1_130_000, isLast: false)
    #expect(rest.count == 1 && none.isEmpty && folding.next == nil)
    let later = folding.add(Occurrence.record(at: 1_200_000), isOwed: false)
    #expect(later == .told)
  }

  @Test("A count keeps the session of its last record, unless the peer made it large")
  func sessions() {
    let long = SessionExamples.certificate(String(repeating: "x", count: 30_000))
    for (certificate, isKept) in [(SessionExamples.certificate(), true), (long, false)] {
      for number: UInt64 in 1...2 {
        var folding = RepeatFilter()
        for time in 0...number {
          var record = Occurrence.record(.handshakeFailed(.closed), at: time)
          record.security = SessionExamples.session([certificate])
          _ = folding.add(record, isOwed: false)
        }
        let due = folding.removeDue(at: 3000, isLast: true)
        #expect(due.map { $0.0.security != nil } == [isKept])
      }
    }
  }

  @Test("At the end of the program all counts are reported")
  func end() {
    var folding = RepeatFilter()
    for time: UInt64 in [0, 10, 20] { _ = folding.add(Occurrence.record(at: time), isOwed: false) }
    for time: UInt64 in [5, 15] {
      _ = folding.add(Occurrence.record(at: time, calling: "CT2"), isOwed: false)
    }
    _ = folding.add(Occurrence.record(at: 30, calling: "CT3"), isOwed: false)
    let due = folding.removeDue(at: 3000, isLast: true)
    #expect(due.map(\.1.repetitions) == [1, 2])
    #expect(due.map(\.1.seconds) == [3, 3])
  }

  @Test("Another address, title, cause or priority is another kind; a step is never folded")
  func kinds() {
    var folding = RepeatFilter()
    for record in [
      Occurrence.record(at: 1), Occurrence.record(at: 2, from: "192.0.2.8"),
      Occurrence.record(at: 3, calling: "CT2"), Occurrence.record(at: 3, calling: nil),
      Occurrence.record(.associationRejected(.calledAETitle, by: Self.aeTitle), at: 4),
      Occurrence.record(.peerVanished(.established), at: 5),
      Occurrence.record(.peerVanished(.echoed), at: 5),
      Occurrence.record(.connected, at: 6), Occurrence.record(.connected, at: 6),
    ] {
      let outcome = folding.add(record, isOwed: false)
      #expect(outcome == .told)
    }
    // A /64 IPv6 network counts as one host.
    let outcomes = ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"].map {
      folding.add(Occurrence.record(at: 7, from: $0), isOwed: false)
    }
    #expect(outcomes == [.told, .folded, .told])
  }

  @Test(
    "Devices behind one address have a kind for each certificate that is refused, up to a limit")
  func certificates() {
    var folding = RepeatFilter()
    func refuse(_ number: Int) -> RepeatFilter.Outcome {
      var certificate = SessionExamples.certificate()
      certificate.fingerprint[7] = UInt8(number)
      var record = Occurrence.record(.handshakeFailed(.closed), at: 1, calling: nil)
      record.security = SessionExamples.session([certificate])
      return folding.add(record, isOwed: false)
    }
    let few = [1, 2, 1, 2].map(refuse)
    #expect(few == [.told, .told, .folded, .folded])
    let many = (0..<200).map(refuse)
    #expect(many.count { $0 == .told } == RepeatFilter.mostOfAddress - 2 + 1)
    let due = folding.removeDue(at: 60_001, isLast: false)
    let rest = due.filter { $0.1.scope == .address }
    #expect(rest.count == 1)
    #expect(rest.allSatisfy { $0.1.text(for: $0.0).hasSuffix("with any certificate)") })
  }

  @Test("Ten successes of a device are reported in a minute, then their sum")
  func successes() {
    var folding = RepeatFilter()
    var told = 0
    for number: UInt64 in 0..<100 {
      let record = Occurrence.record(Occurrence.released, at: number * 600, echoes: 3)
      if folding.add(record, isOwed: false) == .told { told += 1 }
    }
    #expect(told == 10)
    let due = folding.removeDue(at: 60_000, isLast: false)
    #expect(due.map(\.1.repetitions) == [90] && due.map(\.1.echoes) == [270])
    // In the next minute, successes are reported individually again.
    let next = folding.add(Occurrence.record(Occurrence.released, at: 60_100), isOwed: false)
    #expect(next == .told)
  }

  @Test("The first health check of an address is reported, then their number once an hour")
  func healthChecks() {
    var folding = RepeatFilter()
    let outcomes = (0..<720).map {
      folding.add(
        Occurrence.record(.healthCheck, at: UInt64($0) * 5000, calling: nil), isOwed: false)
    }
    #expect(outcomes.count { $0 == .told } == 1 && outcomes.first == .told)
    #expect(folding.next == 3_600_000)
    let due = folding.removeDue(at: 3_600_000, isLast: false)
    #expect(due.map(\.1.repetitions) == [719] && due.map(\.1.seconds) == [3600])
  }

  @Test("An address that changes its title has a few kinds, and one for all other titles")
  func changingTitles() {
    var folding = RepeatFilter()
    let outcomes = (0..<2000).map {
      folding.add(Occurrence.record(at: 1, calling: "CT\($0)"), isOwed: false)
    }
    #expect(outcomes.count { $0 == .told } == RepeatFilter.mostOfAddress + 1)
    #expect(outcomes.allSatisfy { $0 != .beyond })
    // A record of another address is reported, and so is one that is owed.
    let other = folding.add(Occurrence.record(at: 2, from: "192.0.2.8"), isOwed: false)
    let owed = folding.add(Occurrence.record(at: 2, calling: "CT9999"), isOwed: true)
    #expect(other == .told && owed == .told)
    let due = folding.removeDue(at: 60_001, isLast: false)
    #expect(due.map(\.1.repetitions) == [UInt64(2000 - RepeatFilter.mostOfAddress - 1)])
    #expect(due.map(\.1.scope) == [.address])
    // The address has room for new kinds again.
    let emptied = folding.removeDue(at: 120_002, isLast: false)
    #expect(emptied.isEmpty && folding.next == nil)
    let again = (0..<RepeatFilter.mostOfAddress).map {
      folding.add(Occurrence.record(at: 130_000, calling: "MR\($0)"), isOwed: false)
    }
    #expect(again.allSatisfy { $0 == .told })
  }

  @Test("A flood of kinds stays within the memory limit")
  func bound() {
    var folding = RepeatFilter()
    let outcomes = (0..<RepeatFilter.capacity + 10).map {
      folding.add(
        Occurrence.record(at: 1, from: "10.0.\($0 / 256).\($0 % 256)"), isOwed: false)
    }
    #expect(outcomes.count { $0 == .told } == RepeatFilter.capacity)
    #expect(outcomes.suffix(10).allSatisfy { $0 == .beyond })
    let within = folding.add(Occurrence.record(at: 2, from: "10.0.0.5"), isOwed: false)
    let owed = folding.add(Occurrence.record(at: 2), isOwed: true)
    #expect(within == .folded && owed == .told)
  }

  @Test("Events that all peers cause together are reported once a minute, with their sum")
  func ofAllPeers() {
    var folding = RepeatFilter()
    func take(_ event: Event, _ address: String) -> RepeatFilter.Outcome {
      folding.add(Occurrence.record(event, at: 1, from: address, calling: nil), isOwed: false)
    }
    let outcomes = [
      take(.connectionsEvicted(3, .pending(2)), "192.0.2.1"),
      take(.connectionsEvicted(4, .pending(2)), "192.0.2.2"),
      take(.connectionsEvicted(5, .pending(2)), "192.0.2.3"),
      take(.outOfDescriptors(isSystems: false), "192.0.2.3"), take(.acceptingAgain, "192.0.2.3"),
      take(.acceptingAgain, "192.0.2.3"), take(.started, "192.0.2.3"), take(.started, "192.0.2.3"),
    ]
    #expect(outcomes == [.told, .folded, .folded, .told, .told, .folded, .told, .told])
    let due = folding.removeDue(at: 60_001, isLast: false)
    let events = due.map { "\($0.0.event) \($0.1.repetitions)" }
    #expect(
      Set(events) == ["connectionsEvicted(9, Log.Limit.pending(2)) 9", "acceptingAgain 1"])
  }
}
