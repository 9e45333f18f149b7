import Journal
import Synchronization
import UpperLayer

/// What becomes of connections without an association when there are too many of them: the oldest
/// one is closed, so that who does send its A-ASSOCIATE-RQ gets in.
extension Worker {
  /// How many connections are looked at to find one of a given address.
  private static let longestSearch = 256

  /// Sees to it that a connection which waits for a request or for its close counts as one without an
  /// association, and no other does; the oldest one makes room for it.
  mutating func countPending(_ index: Int, _ entry: Entry) {
    switch entry.slot.waiting {
    case .message, .restOfMessage, .nothing: leavePending(index, entry)
    case .request, .close, .foreignClose:
      if !table.pending.contains(index) { joinPending(index, entry) }
    }
  }

  private mutating func joinPending(_ index: Int, _ entry: Entry) {
    table.join(index)
    let count = shared.pending.add(1, ordering: .relaxed).newValue
    if limits.pendingPerAddress > 0, !countAtAddress(index, entry) { return }
    if count > limits.pending { makeRoom() }
  }

  /// Takes a connection out of those without an association, if it is one.
  mutating func leavePending(_ index: Int, _ entry: Entry) {
    guard table.leave(index) else { return }
    shared.pending.subtract(1, ordering: .relaxed)
    leaveAddress(entry)
  }

  private mutating func leaveAddress(_ entry: Entry) {
    guard entry.requestor.isPendingAtAddress else { return }
    entry.requestor.isPendingAtAddress = false
    shared.addresses.remove(.pending, of: entry.requestor.subject.peer)
  }

  /// How many a worker has when all of them have the same. One that has no more is not where room is
  /// to be made: its oldest one may be the newest of all.
  private var fairShare: Int { max(1, limits.pending / workerCount) }

  /// Closes the oldest connection here, or has another worker do so.
  private mutating func makeRoom() {
    if table.pending.count <= fairShare { return shared.wakeEverybody() }
    relievePressure()
  }

  /// Closes the oldest ones here while there are too many in all.
  mutating func relievePressure() {
    while table.pending.count > fairShare, let oldest = table.pending.oldest,
      shared.takePending(above: limits.pending)
    {
      // It is subtracted already, and so no other worker closes one for the same reason.
      _ = table.leave(oldest)
      leaveAddress(table.entry(oldest))
      evict(oldest, because: .pending(limits.pending))
    }
  }

  /// Closes the oldest connection without an association for the sake of its descriptor; false when
  /// there is none here, or only one, which may be the newest of all.
  mutating func freeDescriptor() -> Bool {
    guard table.pending.count > 1, let oldest = table.pending.oldest else { return false }
    evict(oldest, because: .descriptors)
    return true
  }

  /// Counts a connection for its address. When there are too many of it, its oldest one here is
  /// closed, or else this one.
  ///
  /// - Returns: whether this one is still there.
  private mutating func countAtAddress(_ index: Int, _ entry: Entry) -> Bool {
    let limit = Limit.pendingPerAddress(limits.pendingPerAddress)
    let peer = entry.requestor.subject.peer
    for attempt in 0..<2 {
      let count = shared.addresses.add(
        .pending, of: peer, at: now, most: limits.pendingPerAddress)
      if count != .full {
        entry.requestor.isPendingAtAddress = count == .counted
        return true
      }
      guard attempt == 0, let older = oldest(of: AddressKey(peer)) else { break }
      evict(older, because: limit)
    }
    evict(index, because: limit)
    return false
  }

  /// The oldest connection without an association that is counted for the address.
  private mutating func oldest(of key: AddressKey) -> Int? {
    var next = table.pending.oldest
    for _ in 0..<Self.longestSearch {
      guard let index = next else { return nil }
      let requestor = table.entry(index).requestor
      if requestor.isPendingAtAddress, AddressKey(requestor.subject.peer) == key { return index }
      next = table.pending.successor(of: index)
    }
    return nil
  }

  /// Closes a connection to make room. It has no association, so nothing is lost but a place.
  private mutating func evict(_ index: Int, because limit: Limit) {
    let served = host.entry
    let entry = table.entry(index)
    let peer = entry.requestor.subject.peer
    host.entry = entry
    host.report(.connectionEvicted(limit))
    close(index, entry)
    host.entry = served
    evictions.add(limit, peer)
  }

  /// Tells what was closed to make room.
  mutating func tellEvictions() {
    let (event, peer) = evictions.take(at: now)
    host.report(event, about: peer)
  }
}
