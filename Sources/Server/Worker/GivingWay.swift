import Linux
import Log
import UpperLayer

/// Chooses the association that ends when all are taken, and the peer that goes when too many lag behind
/// with reading: one of the network that has most, and the one that has lagged behind longest.
extension Worker {
  /// How an association that is in the middle of a message is ranked: behind those that are idle.
  private static let insideMessage: UInt64 = 1 << 63

  /// Ends an association for each that was admitted on credit: of the network with most of them the one
  /// that has been idle for the longest time.
  ///
  /// - Parameter asking: Whether other workers are asked where this one has none that should end.
  mutating func payDebts(asking: Bool) {
    host.owesAssociation = false
    while shared.isOwed {
      guard let index = associationToGiveWay() else {
        if asking { shared.wake(allBut: colleague) }
        return
      }
      guard shared.payOne() else { return }
      endAssociation(index)
    }
  }

  private mutating func endAssociation(_ index: Int) {
    let served = host.entry
    let entry = table.entry(index)
    host.entry = entry.peer
    let own = shared.shares.count(table.ticket(index), of: .association)
    abort(
      index, entry,
      because: .madeRoom(
        associations: UInt32(clamping: limits.associations), ofAddress: UInt32(clamping: own)))
    settle(index, entry)
    host.entry = served
  }

  private mutating func associationToGiveWay() -> Int? {
    for crowd in shared.shares.crowds(of: .association) {
      if let index = longestIdle(of: crowd.ticket) { return index }
    }
    return nil
  }

  /// The association of a network that has been idle for the longest time, as far as this worker has it.
  private mutating func longestIdle(of ticket: AddressShares.Ticket) -> Int? {
    if let found = associationCandidate(ticket) { return found }
    guard associationCandidates.isSearchDue(for: ticket, at: now) else { return nil }
    associationCandidates.begin(ticket)
    for index in 0..<table.capacity where table.isInUse(index) && table.ticket(index) == ticket {
      guard let rank = rank(index) else { continue }
      associationCandidates.add(Candidates.Candidate(token: table.token(index), rank: rank))
    }
    associationCandidates.end(at: now, lookedAt: table.capacity)
    return associationCandidate(ticket)
  }

  private mutating func associationCandidate(_ ticket: AddressShares.Ticket) -> Int? {
    while let candidate = associationCandidates.take(ticket) {
      guard let index = table.index(of: candidate.token), rank(index) == candidate.rank else {
        continue
      }
      return index
    }
    return nil
  }

  /// When an association was heard of last, and after those that are idle the ones that are in the middle
  /// of a message; nil when it is none, or must not end.
  private func rank(_ index: Int) -> UInt64? {
    let entry = table.entry(index)
    guard entry.slot.share == .association, host.mayGiveWay(entry.requestor.subject.peer) else {
      return nil
    }
    switch entry.slot.waiting {
    case .message: return entry.slot.heard.milliseconds
    case .restOfMessage: return entry.slot.heard.milliseconds | Self.insideMessage
    case .request, .close, .foreignClose, .nothing: return nil
    }
  }

  // What follows is about peers that do not read.

  /// How much a peer has to take, while it lags behind, to be given the time again: bytes a millisecond.
  private static let leastRate: UInt32 = 16

  /// Looks whether a peer that lagged behind with reading still does: it has from the moment on at which it
  /// did not take all of a reply, until it has acknowledged everything.
  mutating func noteReading(_ index: Int, _ entry: SlotReference) {
    if entry.slot.unsent.isEmpty, entry.slot.socket.unacknowledged == 0 {
      return endLag(index, entry)
    }
    if entry.slot.isCountedBehind { return }
    entry.slot.isCountedBehind = true
    shared.stalled.add(
      StalledReceivers.Receiver(
        token: table.token(index), ticket: table.ticket(index), worker: colleague))
  }

  /// When a peer is given up that lags behind with reading, unless it has taken much.
  func lagLimit(of entry: SlotReference) -> Instant {
    let (limit, isBeyond) = entry.slot.timeouts.network.multipliedReportingOverflow(by: 2)
    return entry.slot.behindSince.after(timeout: isBeyond ? .max : limit)
  }

  /// Whether a peer has lagged behind for too long. One that has taken much meanwhile has the same time
  /// again.
  func hasLaggedTooLong(_ entry: SlotReference) -> Bool {
    if now < lagLimit(of: entry) { return false }
    if entry.slot.takenBehind / Self.leastRate / 2 < entry.slot.timeouts.network { return true }
    entry.slot.behindSince = now
    entry.slot.takenBehind = 0
    return false
  }

  /// Forgets that the peer lags behind, if it does.
  mutating func endLag(_ index: Int, _ entry: SlotReference) {
    entry.slot.behindSince = .never
    entry.slot.takenBehind = 0
    guard entry.slot.isCountedBehind else { return }
    entry.slot.isCountedBehind = false
    shared.stalled.remove(table.token(index), of: colleague)
  }

  /// Waits for a peer that has ended to take what was sent to it, if that is more than the system should be
  /// left with.
  ///
  /// - Returns: whether it is waited for. It is one of those that lag behind then, and is closed as soon as
  ///   it is none.
  mutating func awaitAcknowledgement(_ index: Int, _ entry: SlotReference) -> Bool {
    guard entry.slot.socket.unacknowledgedAtTheEnd() > TCPSocket.mostUnacknowledged,
      (try? poller.modify(entry.slot.socket.number, .errors, token: table.token(index))) != nil
    else { return false }
    entry.slot.turn = .closing
    entry.slot.waiting = .close
    noteStall(entry)
    guard countShare(index, entry) else { return true }
    noteReading(index, entry)
    lookAgain(index)
    return true
  }

  /// Looks whether a peer that has ended has taken what was sent to it, or will not.
  mutating func lookForAcknowledgement(_ index: Int, _ entry: SlotReference) {
    noteProgress(entry)
    if entry.slot.socket.unacknowledged <= TCPSocket.mostUnacknowledged {
      return close(index, entry)
    }
    let isSilent = now >= entry.slot.stalled.after(timeout: entry.slot.timeouts.network)
    if isSilent || now >= drainEnd || hasLaggedTooLong(entry) {
      host.report(
        .receiverStalled(
          isSilent ? .silent : .tooSlow, host.stage(of: entry.slot.connection.state)))
      return close(index, entry)
    }
    lookAgain(index)
  }

  private mutating func lookAgain(_ index: Int) {
    table.setDeadline(index, now + Self.tick)
    noteDeadline(now + Self.tick)
  }

  /// Lets a peer go that lags behind, since there is one too many of them; not if it has caught up.
  mutating func letGo(_ token: UInt64, _ limit: StalledReceivers.Limit) {
    guard let index = table.index(of: token) else { return }
    let entry = table.entry(index)
    host.entry = entry.peer
    // It may have caught up.
    if entry.slot.behindSince != .never { noteReading(index, entry) }
    if entry.slot.behindSince == .never { return }
    host.report(
      .receiverStalled(
        limit == .all ? .tooMany(limit.most) : .tooManyOfAddress(limit.most),
        host.stage(of: entry.slot.connection.state)))
    close(index, entry)
  }
}
