import Linux
import Log

/// The connections that a worker has closed to make room: reported at once, then at most once a second.
struct Evictions {
  /// The minimum time between two reports, in milliseconds.
  static let interval: UInt32 = 1000

  /// How many have not been reported yet.
  private var count: UInt64 = 0
  /// The limit because of which the latest one was closed.
  private var limit = Limit.descriptors
  /// The address of its peer.
  private var latest = NetworkAddress(bytes: InlineArray(repeating: 0), port: 0)
  private var lastReport = Instant(milliseconds: 0)

  /// When the next report is due; never while there is nothing to report.
  var nextReport: Instant { count == 0 ? .never : lastReport + Self.interval }

  /// Adds a connection of `peer`, closed because of `limit`.
  mutating func add(_ limit: Limit, _ peer: NetworkAddress) {
    count &+= 1
    self.limit = limit
    latest = peer
  }

  /// Takes the report that is due, and starts a new one.
  mutating func take(at now: Instant) -> (Event, NetworkAddress) {
    defer {
      count = 0
      lastReport = now
    }
    return (.connectionsEvicted(count, limit), latest)
  }
}

/// Connections of one network, at one worker, that may have to give way. They are found in one search and
/// taken one by one, so that a flood does not cause a search for each of its connections.
struct Candidates: ~Copyable {
  /// The maximum number found by one search.
  static let most = 64
  /// The number of connections up to which a search in vain may be repeated at once.
  private static let fewLookedAt = 16 << 10
  /// The pause after a longer search in vain, in milliseconds.
  private static let pause: UInt32 = 100

  /// A candidate: the lower its rank, the sooner it is closed.
  struct Candidate: BitwiseCopyable {
    var token: UInt64
    var rank: UInt64
  }

  private var ticket = AddressShares.uncounted
  private var found = InlineArray<64, Candidate>(repeating: Candidate(token: 0, rank: 0))
  private var count = 0
  private var next = 0
  private var nextSearch = Instant(milliseconds: 0)

  /// Whether to search for connections of `ticket` now.
  func isSearchDue(for ticket: AddressShares.Ticket, at now: Instant) -> Bool {
    if ticket != self.ticket { return true }
    return next == count && now >= nextSearch
  }

  /// Begins a search for connections of `ticket`.
  mutating func begin(_ ticket: AddressShares.Ticket) {
    self.ticket = ticket
    count = 0
    next = 0
  }

  /// Whether the maximum number has been found. A search in order of rank can stop then.
  var isFull: Bool { count == Self.most }

  /// Inserts a candidate in order of rank, and drops the one with the highest rank if there are too many.
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

  /// Ends a search at `now` that has looked at `lookedAt` connections.
  mutating func end(at now: Instant, lookedAt: Int) {
    nextSearch = count == 0 && lookedAt > Self.fewLookedAt ? now + Self.pause : now
  }

  /// Takes the next of the candidates found for `ticket`.
  mutating func take(_ ticket: AddressShares.Ticket) -> Candidate? {
    guard ticket == self.ticket, next < count else { return nil }
    defer { next += 1 }
    return found[next]
  }
}
