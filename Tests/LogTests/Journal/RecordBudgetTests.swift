import FoundationEssentials
import Linux
import Log
import Testing

@testable import Log

/// The share of the journal that peers may fill.
@Suite struct RecordBudgetTests {
  private static func key(_ address: String) -> AddressKey {
    AddressKey(Listener.place(address, port: 104)!)
  }

  @Test("A bucket gives its burst at once, then its rate, and never holds more than the burst")
  func bucket() {
    var bucket = TokenBucket(burst: 3, rate: 2, at: 1000)
    func take(at now: UInt64) -> Bool {
      guard bucket.hasToken(at: now) else { return false }
      bucket.spend(1)
      return true
    }
    let atOnce = (0..<5).map { _ in take(at: 1000) }
    #expect(atOnce == [true, true, true, false, false])
    let later = [1499, 1500, 1501, 900, 2000].map { take(at: $0) }
    #expect(later == [false, true, false, false, true])
    let isFull = bucket.isFull(at: 1_000_000)
    let full = (0..<4).map { _ in take(at: 1_000_000) }
    #expect(isFull && full == [true, true, true, false])
    // More than there are: later entries pay.
    bucket.spend(4)
    let paid = [1_002_000, 1_002_500].map { take(at: $0) }
    #expect(paid == [false, true])
  }

  /// The number of entries of `size` bytes that fit the budget of `addresses` at once.
  private static func entries(
    _ budget: inout RecordBudget, of addresses: [String], size: Int, isAcquaintance: Bool,
    at now: UInt64
  ) -> Int {
    var count = 0
    for address in addresses {
      let key = key(address)
      while let payer = budget.payer(for: key, isAcquaintance: isAcquaintance, at: now) {
        budget.charge(size, to: payer, for: key)
        count += 1
      }
    }
    return count
  }

  @Test("A token pays for up to one KiB; an address has 600, then one per second")
  func address() {
    var budget = RecordBudget(at: 0)
    func count(_ address: String, _ size: Int, at now: UInt64) -> Int {
      Self.entries(&budget, of: [address], size: size, isAcquaintance: false, at: now)
    }
    let counts = [
      count("192.0.2.1", 1024, at: 0), count("192.0.2.2", 1025, at: 0),
      count("192.0.2.1", 1, at: 10_000), count("2001:db8::1", 500, at: 10_000),
      count("2001:db8::2", 500, at: 10_000),
    ]
    #expect(counts == [600, 300, 10, 600, 0])
  }

  @Test("Strangers share 3,000 tokens, then six per second; a quarter more is for known peers")
  func together() {
    var budget = RecordBudget(at: 0)
    let many = (1...50).map { "10.0.0.\($0)" }
    let known = (1...50).map { "10.1.0.\($0)" }
    func count(_ addresses: [String], _ isAcquaintance: Bool, at now: UInt64) -> Int {
      Self.entries(&budget, of: addresses, size: 800, isAcquaintance: isAcquaintance, at: now)
    }
    let strangers = count(many, false, at: 0)
    let knownPeers = count(known, true, at: 0)
    let later = count(many, false, at: 10_000)
    let both = count(known, true, at: 20_000)
    #expect([strangers, knownPeers, later, both] == [3000, 1000, 60, 100])
  }

  @Test("Addresses with all tokens are removed first; beyond 4,096 only common tokens count")
  func manyAddresses() {
    var budget = RecordBudget(at: 0)
    func take(_ address: String, at now: UInt64) -> Bool {
      let key = Self.key(address)
      guard let payer = budget.payer(for: key, isAcquaintance: false, at: now) else { return false }
      budget.charge(1, to: payer, for: key)
      return true
    }
    for _ in 0..<600 { _ = take("192.0.2.1", at: 0) }
    for number in 0..<RecordBudget.addresses {
      // These addresses have not used any tokens of their own.
      _ = budget.payer(
        for: Self.key("10.0.\(number / 256).\(number % 256)"), isAcquaintance: false, at: 0)
    }
    let isExhausted = !take("192.0.2.1", at: 0)
    // A new address gets room, and the exhausted one is still known.
    let others = (0..<601).map { _ in take("192.0.2.2", at: 2000) }
    let isStillKnown = (0..<3).map { _ in take("192.0.2.1", at: 2000) }
    #expect(isExhausted && others.count { $0 } == 600)
    #expect(isStillKnown == [true, true, false])
  }

  @Test("The unit's rate limit allows as much as the daemon may write, and hardly more")
  func unit() throws {
    let path = "\(#filePath)".replacing(
      "Tests/LogTests/Journal/RecordBudgetTests.swift", with: "packaging/systemd/echoscpd.service")
    let unit = try String(contentsOfFile: path, encoding: .utf8)
    func value(_ key: String, _ end: String) throws -> Int {
      let lines = unit.split(separator: "\n").filter { $0.hasPrefix("\(key)=") }
      #expect(lines.count == 1)
      return try #require(Int(lines[0].dropFirst(key.count + 1).dropLast(end.count)))
    }
    let seconds = try value("LogRateLimitIntervalSec", "s")
    // Each record costs at least a token; those owed to known peers come on top.
    let most =
      RecordBudget.common.burst + RecordBudget.reserve.burst + KnownPeers.capacity
      + seconds * (RecordBudget.common.rate + RecordBudget.reserve.rate)
    // The rest is for the sums: one for each ID.
    let limit = try value("LogRateLimitBurst", "")
    #expect(most + CatalogID.allCases.count <= limit && limit <= most + most / 20)
  }
}
