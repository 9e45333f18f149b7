import Linux
import Log
import Synchronization
import TestKit
import Testing

@testable import Server

/// The number of connections of each network, and the networks with more than their share.
@Suite struct AddressSharesTests {
  private static func network(_ text: String) -> Network {
    Network(Listener.place(text, port: 104)!)
  }
  private static func network(_ number: Int) -> Network {
    network("10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)")
  }

  @Test(
    "An IPv4 address is one network, and so is an IPv6 /48",
    arguments: [
      ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
      ("192.0.2.1", "::ffff:192.0.2.1", true), ("2001:db8::1", "2001:db8:0:1::1", true),
      ("2001:db8::1", "2001:db8:0:ffff:ffff::1", true), ("2001:db8::1", "2001:db8:1::1", false),
      ("::1", "::2", false), ("::1", "0.0.0.1", false), ("fe80::1", "fe80::2", false),
      ("64:ff9b::c000:201", "64:ff9b::c000:202", false),
    ])
  func networks(first: String, second: String, isSame: Bool) {
    #expect((Self.network(first) == Self.network(second)) == isSame)
    #expect(Self.network(first).value != 0)
  }

  @Test("A network of IPv4 gives its address")
  func addressOfIPv4() throws {
    for text in ["192.0.2.1", "0.0.0.0", "255.255.255.255"] {
      let place = try #require(Listener.place(text, port: 104))
      let bytes = try #require(Network(place).addressOfIPv4)
      #expect(NetworkAddress(bytes: bytes, port: 104).text == place.text)
    }
    for text in ["::1", "2001:db8::1", "64:ff9b::c000:201", "fe80::1"] {
      #expect(Self.network(text).addressOfIPv4 == nil, "\(text)")
    }
  }

  @Test("Networks with more than their share are known at once, the largest first")
  func crowds() throws {
    let shares = try AddressShares(connections: 1000)
    shares.limitShares(pending: 3, associations: 2)
    var tickets: [[AddressShares.Ticket]] = []
    for (number, count) in [3, 5, 4, 1].enumerated() {
      tickets.append((0..<count).map { _ in shares.enter(Self.network(number), as: .pending) })
      #expect(Set(tickets[number]).count == 1)
      #expect(shares.count(tickets[number][0], of: .pending) == count)
      #expect(shares.count(of: Self.network(number), as: .pending) == count)
    }
    #expect(shares.crowds(of: .pending).map(\.count) == [5, 4])
    #expect(shares.crowds(of: .pending).map(\.network) == [Self.network(1), Self.network(2)])
    #expect(shares.crowds(of: .pending).map(\.ticket) == [tickets[1][0], tickets[2][0]])
    #expect(shares.crowds(of: .association).isEmpty)
    for _ in 0..<3 { shares.move(tickets[1][0], from: .pending, to: .association) }
    #expect(shares.crowds(of: .pending).map(\.count) == [4])
    #expect(shares.crowds(of: .association).map(\.count) == [3])
    shares.move(tickets[1][0], from: .association, to: nil)
    #expect(shares.crowds(of: .association).isEmpty)
    #expect(shares.count(of: Self.network(1), as: .association) == 2)
    // A new limit takes effect at once.
    shares.limitShares(pending: 0, associations: 1)
    #expect(shares.crowds(of: .pending).map(\.count) == [4, 3, 2, 1])
    #expect(shares.crowds(of: .association).map(\.count) == [2])
  }

  @Test("A flood of networks does not displace those that have connections")
  func forgetsNobody() throws {
    let shares = try AddressShares(connections: 1000)
    let tickets = (0..<1000).map { shares.enter(Self.network($0), as: .association) }
    #expect(!tickets.contains(AddressShares.uncounted))
    #expect(Set(tickets).count == 1000)
    for number in 10_000..<100_000 {
      shares.move(shares.enter(Self.network(number), as: .pending), from: .pending, to: nil)
    }
    for number in 0..<1000 {
      #expect(shares.count(of: Self.network(number), as: .association) == 1)
      #expect(shares.enter(Self.network(number), as: .pending) == tickets[number])
    }
  }

  @Test("There is a place for every network, and an uncounted one does no harm")
  func manyNetworks() throws {
    let shares = try AddressShares(connections: 1)
    let tickets = (0..<10_000).map { shares.enter(Self.network($0), as: .pending) }
    #expect(Set(tickets).count == 10_000)
    for ticket in tickets { shares.move(ticket, from: .pending, to: .association) }
    for number in 0..<10_000 {
      #expect(shares.count(of: Self.network(number), as: .association) == 1)
    }
    for ticket in tickets { shares.move(ticket, from: .association, to: nil) }
    for number in 0..<10_000 {
      #expect(shares.count(of: Self.network(number), as: .association) == 0)
    }
    #expect(shares.count(AddressShares.uncounted, of: .pending) == 0)
    shares.move(AddressShares.uncounted, from: .pending, to: nil)
  }

  @Test("After any sequence of changes, the shares agree with plain dictionaries")
  func randomSequence() throws {
    var random = Random(seed: 14)
    let shares = try AddressShares(connections: 300)
    shares.limitShares(pending: 20, associations: 25)
    var held: [(network: Int, ticket: AddressShares.Ticket, kind: AddressShares.Kind)] = []
    for step in 0..<20_000 {
      if held.count < 300, held.isEmpty || random.next(below: 100) < 52 {
        let number = random.next(below: random.next(below: 20) + 1)
        held.append((number, shares.enter(Self.network(number), as: .pending), .pending))
      } else {
        let index = random.next(below: held.count)
        let one = held[index]
        if one.kind == .pending, random.next(below: 2) == 0 {
          shares.move(one.ticket, from: .pending, to: .association)
          held[index].kind = .association
        } else {
          shares.move(one.ticket, from: one.kind, to: nil)
          held.swapAt(index, held.count - 1)
          held.removeLast()
        }
      }
      guard step % 100 == 0 else { continue }
      for (kind, share) in [(AddressShares.Kind.pending, 20), (.association, 25)] {
        var counts: [Int: Int] = [:]
        for one in held where one.kind == kind { counts[one.network, default: 0] += 1 }
        for (number, count) in counts {
          #expect(shares.count(of: Self.network(number), as: kind) == count)
        }
        let crowds = shares.crowds(of: kind)
        #expect(crowds.map(\.count) == counts.values.filter { $0 > share }.sorted(by: >))
      }
    }
  }

  @Test("Two threads count at the same time, and no count is lost")
  func threads() throws {
    let shares = try AddressShares(connections: 100)
    let haveEnded = try onTwoThreads { thread in
      for _ in 0..<50_000 {
        let ticket = shares.enter(Self.network(1), as: .pending)
        shares.move(ticket, from: .pending, to: .association)
        if thread == 0 { shares.move(ticket, from: .association, to: .pending) }
        shares.move(ticket, from: thread == 0 ? .pending : .association, to: nil)
      }
    }
    #expect(haveEnded)
    #expect(shares.count(of: Self.network(1), as: .pending) == 0)
    #expect(shares.count(of: Self.network(1), as: .association) == 0)
  }
}
