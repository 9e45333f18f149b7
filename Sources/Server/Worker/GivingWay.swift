import Linux
import Log
import UpperLayer

/// Chooses the association to end when all are taken: one of the network with most.
extension Worker {
  /// A rank bit that puts associations in the middle of a message after idle ones.
  private static let insideMessage: UInt64 = 1 << 63

  /// Ends one association for each that was admitted on credit: the one idle longest of the network with most.
  ///
  /// - Parameter asking: Whether to ask other workers if this one has no suitable association.
  mutating func payDebts(asking: Bool) {
    host.owesAssociation = false
    while shared.isOwed {
      guard let index = associationToGiveWay() else {
        if asking { shared.wake(allBut: link) }
        return
      }
      guard shared.payOne() else { return }
      endAssociation(index)
    }
  }

  private mutating func endAssociation(_ index: Int) {
    let before = host.attention
    let entry = table.entry(index)
    attend(index, entry)
    let own = shared.shares.count(table.ticket(index), of: .association)
    abort(
      index, entry,
      because: .madeRoom(
        associations: UInt32(clamping: limits.associations), ofAddress: UInt32(clamping: own)))
    conclude(index, entry)
    host.attention = before
  }

  private mutating func associationToGiveWay() -> Int? {
    for crowd in shared.shares.crowds(of: .association) {
      if let index = longestIdle(of: crowd.ticket) { return index }
    }
    return nil
  }

  /// The association of a network at this worker that has been idle longest, if any.
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

  /// The rank of an association: when it last received something, with those in the middle of a message after
  /// all idle ones. Returns `nil` if the connection has no association, or that must not end.
  private func rank(_ index: Int) -> UInt64? {
    let entry = table.entry(index)
    guard entry.slot.share == .association, host.mayGiveWay(entry.peer.subject.peer) else {
      return nil
    }
    switch entry.slot.waiting {
    case .message: return entry.slot.heard.milliseconds
    case .restOfMessage: return entry.slot.heard.milliseconds | Self.insideMessage
    case .request, .close, .foreignClose, .nothing: return nil
    }
  }
}
