import Linux
import Log

/// The TLS connections of a worker without an association, which have sent something: each holds a session, whose
/// handshake costs more than hundreds of echoes. They are limited in number; further ones wait for a place without a
/// session.
///
/// A place is made by closing one that is stalled: of the address that holds more than its share, the one that has
/// been silent longest, if for more than a moment; otherwise the oldest, if it has had time for its handshake. Places
/// are made one after another, so that a flood does not push out those whose handshakes are under way. Of those that
/// wait, the one that came last is first: in a flood, the earlier ones have often given up, and a queue would delay
/// everybody.
struct Openings: ~Copyable {
  /// The maximum number in the whole process, which the workers share equally.
  static let most = 64
  /// The part of the places that one network may have before it gives way.
  private static let shares = 8
  /// After how much silence one of a crowded network gives way, in milliseconds.
  private static let silence: UInt32 = 50
  /// After which time the oldest gives way in any case, in milliseconds.
  private static let patience: UInt32 = 1000
  /// How often to look for one that gives way while others wait, in milliseconds.
  static let look: UInt32 = 25
  /// The pause between two that give way, in milliseconds.
  static let pause: UInt32 = 5

  private struct Opening {
    let token: UInt64
    let network: Network
    let began: Instant
  }

  /// The maximum number at this worker.
  let limit: Int
  /// Those with a place, the oldest first.
  private var all: [Opening] = []
  /// Those that wait for a place, in the order in which they came; some may be gone.
  private var waiting: MappedArray<UInt64>

  /// No connections, at one of `workers` workers.
  init(workers: Int) throws(SystemError) {
    waiting = try MappedArray()
    limit = max(1, Self.most / workers)
    all.reserveCapacity(limit)
  }

  /// Whether no place is left.
  var isFull: Bool { all.count >= limit }
  /// Whether a connection waits for a place.
  var hasWaiting: Bool { waiting.count > 0 }

  /// Gives a place to a connection of `peer`, unless it has one, if there is one left. Returns whether it has one.
  mutating func enter(_ token: UInt64, of peer: NetworkAddress, at now: Instant) -> Bool {
    if all.contains(where: { $0.token == token }) { return true }
    if isFull { return false }
    all.append(Opening(token: token, network: Network(peer), began: now))
    return true
  }

  /// Frees the place of a connection, if it has one.
  mutating func leave(_ token: UInt64) {
    if let place = all.firstIndex(where: { $0.token == token }) { all.remove(at: place) }
  }

  /// Appends a connection of `table` to those that wait. Returns `false` if there is no memory for it.
  mutating func wait(_ token: UInt64, in table: borrowing SlotTable) -> Bool {
    if waiting.count > 2 * table.count { removeStale(in: table) }
    return waiting.append(token)
  }

  /// Takes the connection that came last of those that wait, if a place is left.
  mutating func takeWaiting() -> UInt64? { isFull || !hasWaiting ? nil : waiting.removeLast() }

  /// Removes those that are gone from those that wait, so that there are never more than twice as many as there are
  /// connections.
  private mutating func removeStale(in table: borrowing SlotTable) {
    let all = (0..<waiting.count).map { waiting[$0] }
    waiting.removeAll()
    for token in all where table.index(of: token) != nil { _ = waiting.append(token) }
  }

  /// The connection of `table` that gives way at `now`, or `nil` if none is stalled.
  func victim(at now: Instant, in table: borrowing SlotTable) -> Int? {
    guard let crowd = largest() else { return nil }
    let isCrowded = crowd.count > max(1, limit / Self.shares)
    var silent: (index: Int, since: Instant)?
    for opening in all where isCrowded && opening.network == crowd.network {
      guard let index = table.index(of: opening.token) else { continue }
      if opening.began + Self.patience <= now { return index }
      let entry = table.entry(index)
      // Bytes that came while it waited for its place or its turn are not received yet.
      let since = entry.slot.turn == .none ? max(entry.slot.heard, opening.began) : now
      if since + Self.silence <= now, silent.map({ since < $0.since }) ?? true {
        silent = (index, since)
      }
    }
    if let silent { return silent.index }
    guard let oldest = all.first, oldest.began + Self.patience <= now else { return nil }
    return table.index(of: oldest.token)
  }

  /// The network with the most places, and their number.
  private func largest() -> (network: Network, count: Int)? {
    var counts: [Network: Int] = [:]
    for opening in all { counts[opening.network, default: 0] += 1 }
    return counts.max { $0.value < $1.value }.map { ($0.key, $0.value) }
  }
}
