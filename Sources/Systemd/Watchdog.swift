public import Linux

/// Says when to feed the watchdog of the service manager: while every worker goes round its loop. When
/// one does not, the watchdog starves, and the service is started anew.
public struct Watchdog {
  /// How often it looks, in milliseconds: often enough that a worker may be late twice.
  private let interval: UInt32
  /// When it looks next.
  public private(set) var next: Instant
  /// How often each worker had gone round when it was nudged last.
  private var rounds: [UInt64]

  /// A watchdog that is fed from `now` on; nothing when the service manager has none.
  public init?(timeout: UInt32?, now: Instant, rounds: [UInt64]) {
    guard let timeout, timeout > 0 else { return nil }
    interval = max(1, timeout / 4)
    next = now
    self.rounds = rounds
  }

  /// Whether it is to be fed now: it is time, and every worker has gone round since it was nudged.
  /// All of them are nudged again.
  ///
  /// - Parameter latest: How often each worker has gone round.
  public mutating func isFed(
    at now: Instant, rounds latest: @autoclosure () -> [UInt64], nudge: () -> Void
  ) -> Bool {
    guard now >= next else { return false }
    next = now + interval
    // Before the nudge, so that the round that it leads to is counted the next time.
    let latest = latest()
    nudge()
    guard zip(latest, rounds).allSatisfy({ $0 != $1 }) else { return false }
    rounds = latest
    return true
  }
}
