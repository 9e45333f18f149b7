import Linux

/// How much the journal is written by all peers together, and by each of them: nobody can push the
/// records of others out of it.
///
/// A token is one KiB begun of an entry.
struct RecordBudget {
  /// Tokens that anybody may use: so many at once, then so many a second.
  static let common = (burst: 3000, rate: 6)
  /// Tokens that only acquaintances may use, when the common ones are used up.
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

  /// Takes the tokens for an entry of `size` bytes about the address `key`.
  mutating func charge(_ size: Int, to payer: Payer, for key: AddressKey) {
    let tokens = (size + Self.unit - 1) / Self.unit
    switch payer {
    case .common:
      common.take(tokens)
      if let index = buckets.index(forKey: key.value) { buckets.values[index].take(tokens) }
    case .reserve: reserve.take(tokens)
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
