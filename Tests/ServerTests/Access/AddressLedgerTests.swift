import Linux
import Log
import TestKit
import Testing

@testable import Server

/// The counts for each address, in a table that withstands floods.
@Suite struct AddressLedgerTests {
  private static func key(_ text: String) -> AddressKey {
    AddressKey(Listener.place(text, port: 104)!)
  }
  private static func key(_ number: Int) -> AddressKey {
    key("10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)")
  }
  private static func second(_ number: UInt64) -> Instant { Instant(milliseconds: number * 1000) }

  @Test("Counting stops at the limit, separately for each kind and address")
  func counts() throws {
    let ledger = try AddressLedger(connections: 100)
    let (first, second) = (Self.key(1), Self.key(2))
    for _ in 1...3 {
      #expect(ledger.add(.association, of: first, most: 3) == .counted)
    }
    #expect(ledger.add(.association, of: first, most: 3) == .full)
    #expect(ledger.add(.pending, of: first, most: 1) == .counted)
    #expect(ledger.add(.pending, of: first, most: 1) == .full)
    #expect(ledger.add(.association, of: second, most: 3) == .counted)
    ledger.remove(.association, of: first)
    #expect(ledger.add(.association, of: first, most: 3) == .counted)
    #expect(ledger.add(.association, of: first, most: 3) == .full)
  }

  @Test("Each connection over the limit is uncounted once, and no others")
  func takes() throws {
    let ledger = try AddressLedger(connections: 100)
    let key = Self.key(1)
    #expect(!ledger.uncountPending(of: key, above: 0))
    for _ in 1...4 {
      #expect(ledger.add(.pending, of: key, most: .max) == .counted)
    }
    #expect(
      (1...4).map { _ in ledger.uncountPending(of: key, above: 2) } == [true, true, false, false])
    #expect(ledger.add(.pending, of: key, most: 2) == .full)
  }

  @Test("An address may make only so many connections in a second; the first refusal is marked")
  func rate() throws {
    let ledger = try AddressLedger(connections: 100)
    let key = Self.key(1)
    for time: UInt64 in [7000, 8200, 10_000] {
      let now = Instant(milliseconds: time)
      var verdicts: [AddressTable.Verdict] = []
      for _ in 0..<4 { verdicts.append(ledger.connect(key, at: now, most: 2)) }
      #expect(verdicts == [.admitted, .admitted, .firstRefused, .refused])
      #expect(ledger.connect(Self.key(2), at: now, most: 2) == .admitted)
    }
  }

  @Test("The boundary between two seconds does not allow twice as many")
  func rateAtABorder() throws {
    let ledger = try AddressLedger(connections: 100)
    let key = Self.key(1)
    for time: UInt64 in [7999, 7999, 8000, 8000, 8998] {
      let verdict = ledger.connect(key, at: Instant(milliseconds: time), most: 2)
      #expect((verdict == .admitted) == (time == 7999))
    }
    #expect(ledger.connect(key, at: Instant(milliseconds: 9199), most: 2) == .admitted)
  }

  @Test("A worker whose clock is behind does not change the limit")
  func rateWithAClockBehind() throws {
    let ledger = try AddressLedger(connections: 100)
    let key = Self.key(1)
    for step in 0..<40 as Range<UInt64> {
      let time = step % 2 == 0 ? 8000 + step : 6900 - step
      let verdict = ledger.connect(key, at: Instant(milliseconds: time), most: 3)
      #expect((verdict == .admitted) == (step < 3))
    }
  }

  @Test("No second exceeds the limit, and no connection is refused without need")
  func rateInAnySecond() throws {
    var random = Random(seed: 9)
    for most in [1, 2, 7, 50] {
      let ledger = try AddressLedger(connections: 100)
      let key = Self.key(1)
      var now: UInt64 = 5000
      var admitted: [UInt64] = []
      for _ in 0..<5000 {
        now += UInt64(random.next(below: 4) == 0 ? random.next(below: 300) : random.next(below: 9))
        let instant = Instant(milliseconds: now)
        let isAdmitted = ledger.connect(key, at: instant, most: most) == .admitted
        if isAdmitted { admitted.append(now) }
        let inASecond = admitted.reversed().prefix { $0 + 1000 > now }.count
        let inTheTolerance = admitted.reversed().prefix { $0 + 1200 > now }.count
        #expect(inASecond <= most)
        #expect(isAdmitted || inTheTolerance >= most)
      }
    }
  }

  @Test("A connection counted beyond the limit is counted at once, or not tracked at all")
  func countsAnyway() throws {
    let ledger = try AddressLedger(connections: 1)
    let counts = (0..<4096).flatMap { number in
      (0..<3).map { _ in
        (number, ledger.addAnyway(.pending, of: Self.key(number), most: 2))
      }
    }
    for (number, count) in counts where count != .untracked {
      ledger.remove(.pending, of: Self.key(number))
    }
    for number in 0..<4096 {
      let own = counts.filter { $0.0 == number }.map(\.1)
      #expect([[.counted, .counted, .full], [.untracked, .untracked, .untracked]].contains(own))
      #expect(!ledger.hasPending(of: Self.key(number), above: 0))
    }
  }

  @Test("A flood of addresses does not displace connected ones")
  func forgetsNobody() throws {
    let ledger = try AddressLedger(connections: 1000)
    for number in 0..<1000 {
      #expect(
        ledger.add(.association, of: Self.key(number), most: 1) == .counted)
    }
    for number in 10_000..<200_000 {
      _ = ledger.connect(Self.key(number), at: Self.second(1), most: 1)
    }
    for number in 0..<1000 {
      #expect(ledger.add(.association, of: Self.key(number), most: 1) == .full)
      ledger.remove(.association, of: Self.key(number))
    }
  }

  @Test("If its places are taken, an address is not counted, and not refused either")
  func failsOpen() throws {
    let ledger = try AddressLedger(connections: 1)
    var untracked = 0
    for number in 0..<4096 {
      let count = ledger.add(.pending, of: Self.key(number), most: 1)
      #expect(count != .full)
      if count == .untracked { untracked += 1 }
    }
    #expect(untracked >= 4096 - 1024)
    var admitted = 0
    for number in 8192..<12_288 {
      let verdict = ledger.connect(Self.key(number), at: Self.second(0), most: 0)
      if verdict == .admitted { admitted += 1 }
    }
    #expect(admitted > 0)
  }

  @Test("An address with only past connections gives its place to a newer one, the oldest first")
  func recycles() throws {
    let ledger = try AddressLedger(connections: 1)
    for second: UInt64 in 1...20 {
      for number in 0..<1024 {
        let key = Self.key(Int(second) << 12 | number)
        #expect(ledger.connect(key, at: Self.second(second), most: 0) == .firstRefused)
      }
    }
  }

  @Test(
    "Addresses of one IPv6 network count as one, except in networks that strangers share",
    arguments: [
      ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
      ("192.0.2.1", "::ffff:192.0.2.1", true), ("2001:db8::1", "2001:db8::2", true),
      ("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff", true),
      ("2001:db8::1", "2001:db8:0:1::1", false), ("::1", "::2", false), ("::1", "127.0.0.1", false),
      ("fe80::1", "fe80::2", false), ("64:ff9b::c000:201", "64:ff9b::c000:202", false),
    ])
  func networks(first: String, second: String, isSame: Bool) {
    #expect((Self.key(first) == Self.key(second)) == isSame)
  }
}
