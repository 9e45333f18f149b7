import Linux
import Log

/// Which connections a worker has closed to make room: told at once, then once a second at most.
struct Evictions {
  /// How long one report holds, in milliseconds.
  static let interval: UInt32 = 1000

  /// How many are not told yet.
  private var count: UInt64 = 0
  /// The limit that the last of them was closed for.
  private var limit = Limit.descriptors
  /// Whose it was.
  private var latest = NetworkAddress(bytes: InlineArray(repeating: 0), port: 0)
  private var lastReport = Instant(milliseconds: 0)

  /// When they are to be told; never while there are none.
  var nextReport: Instant { count == 0 ? .never : lastReport + Self.interval }

  /// Adds one of `peer`, because of `limit`.
  mutating func add(_ limit: Limit, _ peer: NetworkAddress) {
    count &+= 1
    self.limit = limit
    latest = peer
  }

  /// What there is to tell, once.
  mutating func take(at now: Instant) -> (Event, NetworkAddress) {
    defer {
      count = 0
      lastReport = now
    }
    return (.connectionsEvicted(count, limit), latest)
  }
}
