import Linux
import Log
import Synchronization
import UpperLayer

/// Counts the connections without an association. When there are too many, a worker closes one, so that a
/// requestor that does send its A-ASSOCIATE-RQ gets in.
///
/// It closes the oldest one of the network that has most, if that is more than its share; otherwise the
/// oldest of all, if that has had time to send its request; otherwise the newcomer. If it always closed the
/// oldest, a burst of newcomers would push every honest peer out within a round trip.
extension Worker {
  /// The maximum number of connections to search for one of a given address.
  private static let longestSearch = 256
  /// How long a connection without an association is safe if no network has more than its share, in milliseconds.
  private static let grace: UInt32 = 1000

  /// Counts a connection by its present kind: with an association, or waiting for a request or for its close.
  mutating func countShare(_ index: Int, _ entry: SlotReference) {
    let kind: AddressShares.Kind
    switch entry.slot.waiting {
    case .message, .restOfMessage: kind = .association
    case .request, .close, .foreignClose: kind = .pending
    case .nothing: return
    }
    if entry.slot.share != kind { count(index, entry, as: kind) }
  }

  private mutating func count(_ index: Int, _ entry: SlotReference, as kind: AddressShares.Kind) {
    if let old = entry.slot.share {
      shared.shares.move(table.ticket(index), from: old, to: kind)
    } else if !entry.slot.awaitsHeader {
      enterShares(index, entry, as: kind)
    }
    entry.slot.share = kind
    switch kind {
    case .association:
      leavePending(index, entry)
      if entry.slot.channel != .plain { leavePlace(index) }
    case .pending: joinPending(index, entry)
    }
  }

  /// Counts a connection toward the share of its network.
  private mutating func enterShares(
    _ index: Int, _ entry: SlotReference, as kind: AddressShares.Kind
  ) {
    let network = Network(entry.peer.subject.peer)
    table.setTicket(index, shared.shares.enter(network, as: kind))
  }

  /// Counts a connection without an association for the address that its PROXY header tells. Before, it counted only
  /// among all: whoever is behind a proxy shares that one's address.
  mutating func countAsClient(_ index: Int, _ entry: SlotReference) {
    enterShares(index, entry, as: .pending)
    if limits.pendingPerAddress > 0, countAtAddress(entry) {
      firstNewcomer = min(firstNewcomer, table.pending.turn(of: index))
    }
  }

  /// Adds a connection to those without an association. ``makeRoomForNewcomers()`` makes room for it later,
  /// once the connection being served is settled.
  private mutating func joinPending(_ index: Int, _ entry: SlotReference) {
    let turn = shared.nextTurn(at: now)
    table.pending.append(index, turn: turn)
    if table.pending.oldest == index { link.oldestPending = turn }
    let count = shared.pending.add(1, ordering: .relaxed).newValue
    let isCrowd =
      limits.pendingPerAddress > 0 && !entry.slot.awaitsHeader && countAtAddress(entry)
    if isCrowd || count > limits.pending { firstNewcomer = min(firstNewcomer, turn) }
  }

  /// Counts a connection for its address, and returns whether that has too many now.
  private mutating func countAtAddress(_ entry: SlotReference) -> Bool {
    let key = AddressKey(entry.peer.subject.peer)
    let count = shared.addresses.addAnyway(.pending, of: key, most: limits.pendingPerAddress)
    entry.peer.isPendingAtAddress = count != .untracked
    return count == .full
  }

  /// Makes room for newcomers beyond the limits on connections without an association: per address, and in all.
  mutating func makeRoomForNewcomers() {
    let first = firstNewcomer
    firstNewcomer = .never
    if limits.pendingPerAddress > 0 { makeRoomAtAddresses(since: first) }
    makeRoomAmongAll(since: first)
  }

  private mutating func makeRoomAtAddresses(since first: PendingList.Turn) {
    var next = table.pending.newest
    while let index = next, table.pending.turn(of: index) >= first {
      let isCrowd = table.entry(index).peer.isPendingAtAddress && !makeRoom(atAddressOf: index)
      next = table.pending.predecessor(of: index)
      if isCrowd { evict(index, because: .pendingPerAddress(limits.pendingPerAddress)) }
    }
  }

  /// Closes the oldest connections of an address to make room for the one at `index`. Returns `false` if that
  /// must go itself, since a limited search found no connection of its address.
  private mutating func makeRoom(atAddressOf index: Int) -> Bool {
    let key = AddressKey(table.entry(index).peer.subject.peer)
    let most = limits.pendingPerAddress
    guard shared.addresses.hasPending(of: key, above: most) else { return true }
    guard oldest(of: key) != nil else { return false }
    let address = CrowdedAddress(key: key, newest: table.pending.turn(of: index))
    evictOldest(of: address)
    if shared.addresses.hasPending(of: key, above: most) {
      shared.ask(allBut: link, toRelieve: address)
    }
    return true
  }

  /// Removes a connection from those without an association, if it is one.
  mutating func leavePending(_ index: Int, _ entry: SlotReference) {
    guard removePending(index, entry) else { return }
    shared.pending.subtract(1, ordering: .relaxed)
  }

  /// Removes a connection from the list of those without an association, but leaves the common
  /// count to the caller.
  private mutating func removePending(_ index: Int, _ entry: SlotReference) -> Bool {
    let wasOldest = table.pending.oldest == index
    guard table.pending.remove(index) else { return false }
    if wasOldest { link.oldestPending = table.pending.oldestTurn }
    if entry.peer.isPendingAtAddress { leaveAddress(entry) }
    return true
  }

  private mutating func leaveAddress(_ entry: SlotReference) {
    entry.peer.isPendingAtAddress = false
    shared.addresses.remove(.pending, of: AddressKey(entry.peer.subject.peer))
  }

  /// Handles the requests with which other workers have woken this one.
  mutating func answerOtherWorkers() {
    makeRoomAmongAll()
    while let address = link.takeCrowdedAddress() { evictOldest(of: address) }
    while let (token, limit) = link.takeSurplus() { letGo(token, limit) }
    payDebts(asking: false)
    if link.takeDescriptorRequest() { acceptForOtherWorker() }
  }

  /// Makes room while there are too many connections without an association, or asks another worker to.
  ///
  /// - Parameter first: The turn of this worker's first newcomer over the limit; newcomers from it on may be
  ///   closed themselves, and other workers are asked, too. Never if there is none.
  mutating func makeRoomAmongAll(since first: PendingList.Turn = .never) {
    let limit = Limit.pending(limits.pending)
    while shared.pending.load(ordering: .relaxed) > limits.pending {
      let newcomer = table.pending.newestTurn >= first ? table.pending.newest : nil
      if let crowd = shared.shares.crowds(of: .pending).first {
        guard let oldest = oldestPending(of: crowd.ticket, besides: newcomer) else {
          if first != .never { shared.wake(allBut: link) }
          return
        }
        guard evictPending(oldest, because: limit) else { return }
        continue
      }
      guard let holder = shared.holderOfOldest() else { return }
      if holder.oldestPending.isOlder(than: Self.grace, at: now) {
        guard holder === link else { return holder.wakeup.signal() }
        guard let oldest = table.pending.oldest, evictPending(oldest, because: limit) else {
          return
        }
      } else {
        guard let newcomer, evictPending(newcomer, because: limit) else { return }
      }
    }
  }

  /// Closes a connection over the limit, unless another worker has brought the count down already. Returns
  /// whether it closed one.
  private mutating func evictPending(_ index: Int, because limit: Limit) -> Bool {
    guard table.pending.contains(index), shared.uncountPending(above: limits.pending) else {
      return false
    }
    // The count is reduced already, so that no other worker closes one for the same reason.
    _ = removePending(index, table.entry(index))
    evict(index, because: limit)
    return true
  }

  /// The oldest pending connection of a network at this worker, if any.
  private mutating func oldestPending(
    of ticket: AddressShares.Ticket, besides newcomer: Int? = nil
  ) -> Int? {
    if let found = pendingCandidate(ticket, besides: newcomer) { return found }
    guard pendingCandidates.isSearchDue(for: ticket, at: now) else { return nil }
    searchPending(ticket, besides: newcomer)
    return pendingCandidate(ticket, besides: newcomer)
  }

  private mutating func pendingCandidate(
    _ ticket: AddressShares.Ticket, besides newcomer: Int?
  ) -> Int? {
    while let candidate = pendingCandidates.take(ticket) {
      guard let index = table.index(of: candidate.token), index != newcomer,
        table.pending.contains(index), table.pending.turn(of: index).value == candidate.rank
      else { continue }
      return index
    }
    return nil
  }

  private mutating func searchPending(_ ticket: AddressShares.Ticket, besides newcomer: Int?) {
    pendingCandidates.begin(ticket)
    var lookedAt = 0
    var next = table.pending.oldest
    while let index = next, !pendingCandidates.isFull {
      lookedAt += 1
      if table.ticket(index) == ticket, index != newcomer {
        let rank = table.pending.turn(of: index).value
        pendingCandidates.add(Candidates.Candidate(token: table.token(index), rank: rank))
      }
      next = table.pending.successor(of: index)
    }
    pendingCandidates.end(at: now, lookedAt: lookedAt)
  }

  /// Makes a place for one more connection by closing one of this worker's without an association.
  ///
  /// - Returns: Whether it has closed one.
  mutating func makePlace() -> Bool {
    let isOld = table.pending.oldestTurn.isOlder(than: Self.grace, at: now)
    guard let index = oldestOfCrowd() ?? (isOld ? table.pending.oldest : nil) else { return false }
    evict(index, because: .pending(limits.pending))
    return true
  }

  /// The oldest pending connection at this worker of the network with most, if that has more than its share.
  private mutating func oldestOfCrowd() -> Int? {
    guard let crowd = shared.shares.crowds(of: .pending).first else { return nil }
    return oldestPending(of: crowd.ticket)
  }

  /// The result of the search for a descriptor.
  enum DescriptorSearch {
    case here
    /// Another worker has the oldest connection, and was asked to close it and accept the next one.
    case elsewhere
    /// There is no connection without an association.
    case none
  }

  /// Closes a connection without an association to free its descriptor: the oldest of the network with most,
  /// if that has more than its share, or else the oldest of all. Asks another worker if that has it.
  mutating func freeDescriptor() -> DescriptorSearch {
    if let oldest = oldestOfCrowd() {
      evict(oldest, because: .descriptors)
      return .here
    }
    guard let holder = shared.holderOfOldest() else { return .none }
    guard holder === link else {
      holder.askForDescriptor()
      return .elsewhere
    }
    guard let oldest = table.pending.oldest else { return .none }
    evict(oldest, because: .descriptors)
    return .here
  }

  /// Closes the oldest connections of an address at this worker while it has too many over all workers.
  private mutating func evictOldest(of address: CrowdedAddress) {
    let most = limits.pendingPerAddress
    while most > 0, let oldest = oldest(of: address.key),
      table.pending.turn(of: oldest) < address.newest,
      shared.addresses.uncountPending(of: address.key, above: most)
    {
      // The count for the address is reduced already.
      table.entry(oldest).peer.isPendingAtAddress = false
      evict(oldest, because: .pendingPerAddress(most))
    }
  }

  /// The oldest connection without an association that is counted for the address, found by a limited search.
  private mutating func oldest(of key: AddressKey) -> Int? {
    var next = table.pending.oldest
    for _ in 0..<Self.longestSearch {
      guard let index = next else { return nil }
      let peer = table.entry(index).peer
      if peer.isPendingAtAddress, AddressKey(peer.subject.peer) == key { return index }
      next = table.pending.successor(of: index)
    }
    return nil
  }

  /// Closes a connection without an association to make room.
  mutating func evict(_ index: Int, because limit: Limit) {
    let before = host.attention
    let entry = table.entry(index)
    let peer = entry.peer.subject.peer
    attend(index, entry)
    host.report(.connectionEvicted(limit))
    entry.slot.socket.discardInput()
    close(index, entry)
    host.attention = before
    evictions.add(limit, peer)
  }

  /// Reports the connections closed to make room.
  mutating func tellEvictions() {
    let (event, peer) = evictions.take(at: now)
    host.report(event, about: peer)
  }
}
