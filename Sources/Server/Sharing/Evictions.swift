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

/// Connections of one network, among those of one worker, that may have to give way: found in one search,
/// taken one by one, so that a flood does not have the worker search for each of its connections.
struct Candidates: ~Copyable {
  /// How many one search finds at most.
  static let most = 64
  /// How many connections a search may look at in vain that is repeated at once.
  private static let fewLookedAt = 16 << 10
  /// For how long a longer one is not, in milliseconds.
  private static let pause: UInt32 = 100

  /// One of them: the lower its rank, the sooner it goes.
  struct Candidate: BitwiseCopyable {
    var token: UInt64
    var rank: UInt64
  }

  private var ticket = AddressShares.uncounted
  private var found = InlineArray<64, Candidate>(repeating: Candidate(token: 0, rank: 0))
  private var count = 0
  private var next = 0
  private var nextSearch = Instant(milliseconds: 0)

  /// Whether a search for those of `ticket` is to be made now.
  func isSearchDue(for ticket: AddressShares.Ticket, at now: Instant) -> Bool {
    if ticket != self.ticket { return true }
    return next == count && now >= nextSearch
  }

  /// Begins a search.
  mutating func begin(_ ticket: AddressShares.Ticket) {
    self.ticket = ticket
    count = 0
    next = 0
  }

  /// Whether as many were found as are kept, each with a lower rank than any that comes later would have
  /// when it is searched in the order of ranks.
  var isFull: Bool { count == Self.most }

  /// Adds one that was found, in the order of ranks; the one with the highest rank goes when there are too
  /// many.
  mutating func add(_ candidate: Candidate) {
    if isFull {
      guard candidate.rank < found[count - 1].rank else { return }
    } else {
      count += 1
    }
    var index = count - 1
    while index > 0, found[index - 1].rank > candidate.rank {
      found[index] = found[index - 1]
      index -= 1
    }
    found[index] = candidate
  }

  /// Ends a search at `now`, which has looked at so many connections.
  mutating func end(at now: Instant, lookedAt: Int) {
    nextSearch = count == 0 && lookedAt > Self.fewLookedAt ? now + Self.pause : now
  }

  /// The next one of those that were found for `ticket`.
  mutating func take(_ ticket: AddressShares.Ticket) -> Candidate? {
    guard ticket == self.ticket, next < count else { return nil }
    defer { next += 1 }
    return found[next]
  }
}
