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
    let turn = shared.pendingTurns.add(1, ordering: .relaxed).newValue
    table.pending.append(index, turn: turn)
    if table.pending.oldest == index { colleague.oldestPending = turn }
    let count = shared.pending.add(1, ordering: .relaxed).newValue
    if limits.pendingPerAddress > 0 { countAtAddress(index, entry) }
    if count > limits.pending { relievePressure() }
  }

  /// Takes a connection out of those without an association, if it is one.
  mutating func leavePending(_ index: Int, _ entry: Entry) {
    guard takeOut(index, entry) else { return }
    shared.pending.subtract(1, ordering: .relaxed)
  }

  /// The same for one that is no longer counted, or is yet to be counted less.
  private mutating func takeOut(_ index: Int, _ entry: Entry) -> Bool {
    let wasOldest = table.pending.oldest == index
    guard table.pending.remove(index) else { return false }
    if wasOldest { colleague.oldestPending = table.pending.oldestTurn }
    if entry.requestor.isPendingAtAddress { leaveAddress(entry) }
    return true
  }

  private mutating func leaveAddress(_ entry: Entry) {
    entry.requestor.isPendingAtAddress = false
    shared.addresses.remove(.pending, of: AddressKey(entry.requestor.subject.peer))
  }

  /// Does what another worker has woken this one for.
  mutating func answerColleagues() {
    relievePressure()
    while let address = colleague.takeCrowdedAddress() { relieve(address) }
    if colleague.takeDescriptorRequest() { acceptForColleague() }
  }

  /// Closes the oldest one of all while there are too many, or has the worker do so that has it.
  mutating func relievePressure() {
    while shared.pending.load(ordering: .relaxed) > limits.pending {
      guard let holder = shared.holderOfOldest() else { return }
      guard holder === colleague else { return holder.wakeup.signal() }
      guard let oldest = table.pending.oldest, shared.takePending(above: limits.pending) else {
        return
      }
      // It is subtracted already, and so no other worker closes one for the same reason.
      _ = takeOut(oldest, table.entry(oldest))
      evict(oldest, because: .pending(limits.pending))
    }
  }

  /// What became of the wish for a descriptor.
  enum Relief {
    case here
    /// Another worker has the oldest connection, and was asked to close it and to accept the next one.
    case elsewhere
    /// There is no connection without an association.
    case none
  }

  /// Closes the oldest connection without an association for the sake of its descriptor, or asks the
  /// worker that has it.
  mutating func freeDescriptor() -> Relief {
    guard let holder = shared.holderOfOldest() else { return .none }
    guard holder === colleague, let oldest = table.pending.oldest else {
      holder.askForDescriptor()
      return .elsewhere
    }
    evict(oldest, because: .descriptors)
    return .here
  }

  /// Counts a connection for its address. When there are too many of it, its oldest one here is
  /// closed, or one that another worker has, or else this one.
  private mutating func countAtAddress(_ index: Int, _ entry: Entry) {
    let key = AddressKey(entry.requestor.subject.peer)
    let ledger = shared.addresses
    let count = ledger.add(.pending, of: key, at: now, most: limits.pendingPerAddress)
    if count == .full { _ = ledger.add(.pending, of: key, at: now, most: .max) }
    entry.requestor.isPendingAtAddress = count != .untracked
    guard count == .full else { return }
    let address = CrowdedAddress(key: key, newest: table.pending.turn(of: index))
    guard oldest(of: key) != nil else {
      return evict(index, because: .pendingPerAddress(limits.pendingPerAddress))
    }
    relieve(address)
    if ledger.hasPending(of: key, above: limits.pendingPerAddress) {
      shared.ask(allBut: colleague, toRelieve: address)
    }
  }

  /// Closes the oldest connections of an address here while it has too many in all.
  private mutating func relieve(_ address: CrowdedAddress) {
    let most = limits.pendingPerAddress
    while most > 0, let oldest = oldest(of: address.key),
      table.pending.turn(of: oldest) < address.newest,
      shared.addresses.takePending(of: address.key, above: most)
    {
      // It is subtracted already.
      table.entry(oldest).requestor.isPendingAtAddress = false
      evict(oldest, because: .pendingPerAddress(most))
    }
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
