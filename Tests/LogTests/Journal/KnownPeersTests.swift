import Log
import Testing
import UpperLayer

@testable import Log

/// Whom the journal owes a record.
@Suite struct KnownPeersTests {
  private static func echo(
    _ title: String, from address: String = "192.0.2.7", at time: UInt64 = 0
  ) -> Record {
    Occurrence.record(
      Occurrence.released, at: time, from: address, calling: title, echoes: 1)
  }

  private static func isKnown(
    _ acquaintances: inout KnownPeers, _ title: String?, from address: String = "192.0.2.7"
  ) -> Bool {
    acquaintances.standing(
      of: Occurrence.record(.healthCheck, at: 0, from: address, calling: title), isDevice: false)
      != .stranger
  }

  @Test("Who had an echo is owed its first failure, and the next one after five minutes")
  func owed() {
    var acquaintances = KnownPeers()
    func standing(at time: UInt64) -> KnownPeers.Standing {
      let record = Occurrence.record(at: time)
      let standing = acquaintances.standing(of: record, isDevice: false)
      if standing == .owed { acquaintances.noteTold(record) }
      return standing
    }
    let before = standing(at: 0)
    acquaintances.meet(Self.echo("CT1", at: 1))
    let after = [2, 3, 300_001, 300_002, 300_003].map { standing(at: $0) }
    #expect(before == .stranger)
    #expect(after == [.owed, .acquaintance, .acquaintance, .owed, .acquaintance])
  }

  @Test("An association without an echo makes none, and what has no title goes by its address")
  func echoes() {
    var acquaintances = KnownPeers()
    acquaintances.meet(Occurrence.record(Occurrence.released, at: 0, echoes: 0))
    acquaintances.meet(Occurrence.record(at: 0, echoes: 1))
    let before = Self.isKnown(&acquaintances, "CT1")
    acquaintances.meet(Self.echo("CT1"))
    let after = [
      Self.isKnown(&acquaintances, "CT1"), Self.isKnown(&acquaintances, nil),
      Self.isKnown(&acquaintances, "CT2"), Self.isKnown(&acquaintances, "CT1", from: "192.0.2.8"),
      Self.isKnown(&acquaintances, nil, from: "192.0.2.8"),
    ]
    #expect(!before && after == [true, true, false, false, false])
  }

  @Test("A device of the configuration is one before its first echo")
  func devices() {
    var acquaintances = KnownPeers()
    let record = Occurrence.record(at: 0)
    let first = acquaintances.standing(of: record, isDevice: true)
    acquaintances.noteTold(record)
    let second = acquaintances.standing(of: record, isDevice: true)
    #expect(first == .owed && second == .acquaintance)
  }

  @Test("One network that makes acquaintances cannot push out those of others")
  func bound() {
    var acquaintances = KnownPeers()
    acquaintances.meet(Self.echo("CT1"))
    for number in 0..<3 * KnownPeers.capacity {
      acquaintances.meet(Self.echo("X\(number)", from: "10.0.0.1"))
      acquaintances.meet(
        Self.echo("X\(number)", from: "2001:db8:0:\(String(number % 65536, radix: 16))::1"))
    }
    let isKept = Self.isKnown(&acquaintances, "CT1")
    #expect(isKept)
    let latest = Self.isKnown(
      &acquaintances, "X\(3 * KnownPeers.capacity - 1)", from: "10.0.0.1")
    let first = Self.isKnown(&acquaintances, "X0", from: "10.0.0.1")
    #expect(latest && !first)
  }

  @Test("When all places are taken, a new network takes one of the network that has most")
  func full() {
    var acquaintances = KnownPeers()
    // Each has one place for its title, and one for its address.
    for network in 0..<16 {
      for title in 0..<KnownPeers.mostOfNetwork {
        acquaintances.meet(Self.echo("X\(title)", from: "10.0.0.\(network)"))
      }
    }
    acquaintances.meet(Self.echo("CT1"))
    let isKnown = Self.isKnown(&acquaintances, "CT1")
    #expect(isKnown)
  }

  @Test("A pair that comes back keeps its place when others of its network do not")
  func returning() {
    var acquaintances = KnownPeers()
    for number in 0..<20 * KnownPeers.mostOfNetwork {
      if number % 50 == 0 { acquaintances.meet(Self.echo("CT1")) }
      acquaintances.meet(Self.echo("X\(number)"))
    }
    let isKnown = Self.isKnown(&acquaintances, "CT1")
    #expect(isKnown)
  }
}
