import Linux

/// How much the journal is written by all peers together, and by each of them: nobody can push the
/// records of others out of it.
///
/// A token is one KiB begun of an entry.
struct RecordBudget {
  /// Tokens that anybody may use: so many at once, then so many a second.
  static let common = (burst: 3000, rate: 6)
  /// Tokens that only knownPeers may use, when the common ones are used up.
  static let reserve = (burst: 1000, rate: 2)
  /// Tokens of one address, or one IPv6 network of 64 bits.
  static let address = (burst: 600, rate: 1)
  /// How many addresses are counted one by one. What is beyond has only the common tokens.
  static let addresses = 4096

  /// How many bytes of an entry a token is for.
  private static let unit = 1024
  /// How often addresses that have all their tokens are looked for, in milliseconds.
  private static let sweepInterval: UInt64 = 1000

  /// What an entry is paid from.
  enum Payer {
    case common
    case reserve
  }

  private var common: TokenBucket
  private var reserve: TokenBucket
  private var buckets: [UInt64: TokenBucket] = [:]
  private var nextSweep: UInt64 = 0

  /// Nothing has been used at `now`.
  init(at now: UInt64) {
    common = TokenBucket(burst: Self.common.burst, rate: Self.common.rate, at: now)
    reserve = TokenBucket(burst: Self.reserve.burst, rate: Self.reserve.rate, at: now)
  }

  /// What an entry about the address `key` is paid from; nil when its budget is used up.
  mutating func payer(for key: AddressKey, isAcquaintance: Bool, at now: UInt64) -> Payer? {
    if hasToken(key, at: now), common.hasToken(at: now) { return .common }
    return isAcquaintance && reserve.hasToken(at: now) ? .reserve : nil
  }

  /// Charges for an entry of `size` bytes about the address `key`.
  mutating func charge(_ size: Int, to payer: Payer, for key: AddressKey) {
    let tokens = (size + Self.unit - 1) / Self.unit
    switch payer {
    case .common:
      common.spend(tokens)
      if let index = buckets.index(forKey: key.value) { buckets.values[index].spend(tokens) }
    case .reserve: reserve.spend(tokens)
    }
  }

  private mutating func hasToken(_ key: AddressKey, at now: UInt64) -> Bool {
    if let index = buckets.index(forKey: key.value) {
      return buckets.values[index].hasToken(at: now)
    }
    if buckets.count >= Self.addresses { sweep(at: now) }
    if buckets.count < Self.addresses {
      buckets[key.value] = TokenBucket(
        burst: Self.address.burst, rate: Self.address.rate, at: now)
    }
    return true
  }

  /// Forgets the addresses that have all their tokens: they are as good as new.
  private mutating func sweep(at now: UInt64) {
    guard now >= nextSweep else { return }
    nextSweep = now + Self.sweepInterval
    buckets = buckets.filter { _, bucket in
      var bucket = bucket
      return !bucket.isFull(at: now)
    }
  }
}

/// An allowance that refills with time: so many tokens at once, then so many a second.
struct TokenBucket {
  /// How many tokens it holds at most.
  let burst: Int
  /// How many it gets back in a second.
  let rate: Int
  /// How many it holds, in thousandths; below zero when more was taken than there was.
  private var level: Int
  /// The moment for which `level` holds, in milliseconds of the monotonic clock.
  private var time: UInt64

  /// A full one.
  init(burst: Int, rate: Int, at now: UInt64) {
    self.burst = burst
    self.rate = rate
    level = burst * 1000
    time = now
  }

  /// Whether it holds at least one token at `now`.
  mutating func hasToken(at now: UInt64) -> Bool {
    refill(at: now)
    return level >= 1000
  }

  /// Whether nothing is missing at `now`.
  mutating func isFull(at now: UInt64) -> Bool {
    refill(at: now)
    return level >= burst * 1000
  }

  /// Spends `tokens`, more than there are if need be: what comes later pays for that.
  mutating func spend(_ tokens: Int) { level -= tokens * 1000 }

  /// A clock that is behind, as another thread's may be, refills nothing.
  private mutating func refill(at now: UInt64) {
    guard now > time else { return }
    let missing = burst * 1000 - level
    let passed = Int(clamping: now - time)
    level += passed > missing / rate ? missing : passed * rate
    time = now
  }
}
