import Linux

/// Limits how much all peers together, and each of them, can make the program write to the journal, so that no
/// peer displaces the records of others.
///
/// An entry costs one token per KiB, rounded up.
struct RecordBudget {
  /// Tokens for every peer: the burst, then the rate per second.
  static let common = (burst: 3000, rate: 6)
  /// Tokens that only known peers may use once the common ones are used up.
  static let reserve = (burst: 1000, rate: 2)
  /// Tokens of one address, or of one /64 IPv6 network.
  static let address = (burst: 600, rate: 1)
  /// The number of addresses counted individually. For others, only the common tokens count.
  static let addresses = 4096

  /// The size that one token pays for, in bytes.
  private static let unit = 1024
  /// The interval at which addresses with all their tokens are removed, in milliseconds.
  private static let sweepInterval: UInt64 = 1000

  /// The budget that pays for an entry.
  enum Payer {
    case common
    case reserve
  }

  private var common: TokenBucket
  private var reserve: TokenBucket
  private var buckets: [UInt64: TokenBucket] = [:]
  private var nextSweep: UInt64 = 0

  /// A budget of which nothing has been used at `now`.
  init(at now: UInt64) {
    common = TokenBucket(burst: Self.common.burst, rate: Self.common.rate, at: now)
    reserve = TokenBucket(burst: Self.reserve.burst, rate: Self.reserve.rate, at: now)
  }

  /// Returns the budget that pays for an entry about the address `key`, or `nil` if it is used up.
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

  /// Removes the addresses that have all their tokens: they do not differ from new ones.
  private mutating func sweep(at now: UInt64) {
    guard now >= nextSweep else { return }
    nextSweep = now + Self.sweepInterval
    buckets = buckets.filter { _, bucket in
      var bucket = bucket
      return !bucket.isFull(at: now)
    }
  }
}

/// An allowance that refills over time: a burst of tokens, then a rate per second.
struct TokenBucket {
  /// The number of tokens in a full bucket.
  let burst: Int
  /// The number of tokens added per second.
  let rate: Int
  /// The tokens left, in thousandths; negative if more were spent than there were.
  private var level: Int
  /// The time for which `level` is valid, in milliseconds of the monotonic clock.
  private var time: UInt64

  /// A full bucket.
  init(burst: Int, rate: Int, at now: UInt64) {
    self.burst = burst
    self.rate = rate
    level = burst * 1000
    time = now
  }

  /// Whether the bucket holds at least one token at `now`.
  mutating func hasToken(at now: UInt64) -> Bool {
    refill(at: now)
    return level >= 1000
  }

  /// Whether the bucket is full at `now`.
  mutating func isFull(at now: UInt64) -> Bool {
    refill(at: now)
    return level >= burst * 1000
  }

  /// Spends `tokens`, even if there are fewer: later entries have to wait for the difference.
  mutating func spend(_ tokens: Int) { level -= tokens * 1000 }

  /// Adds the tokens due at `now`, or none if `now` is in the past, as another thread's clock may be.
  private mutating func refill(at now: UInt64) {
    guard now > time else { return }
    let missing = burst * 1000 - level
    let passed = Int(clamping: now - time)
    level += passed > missing / rate ? missing : passed * rate
    time = now
  }
}
