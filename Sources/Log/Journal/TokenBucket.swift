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

  /// Takes `tokens`, more than there are if need be: what comes later pays for that.
  mutating func take(_ tokens: Int) { level -= tokens * 1000 }

  /// A clock that is behind, as another thread's may be, refills nothing.
  private mutating func refill(at now: UInt64) {
    guard now > time else { return }
    let missing = burst * 1000 - level
    let passed = Int(clamping: now - time)
    level += passed > missing / rate ? missing : passed * rate
    time = now
  }
}
