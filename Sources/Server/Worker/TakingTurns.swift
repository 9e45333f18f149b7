import Linux

/// The turns of connections that would keep the others waiting: each is served for a while, and goes on after them.
extension Worker {
  /// Serves a connection that is ready and has TLS, a PROXY header, unsent bytes or another turn.
  @inline(never)
  mutating func serveIndirectly(_ index: Int, _ entry: SlotReference) {
    if entry.peer.hasFacts { attendFacts(index, entry) }
    if entry.slot.awaitsHeader { return receiveHeader(index, entry) }
    if !entry.slot.unsent.isEmpty { return resumeSending(index, entry) }
    if entry.slot.turn != .none { return serveOutOfTurn(index, entry) }
    if entry.slot.channel == .plain { return serveDirectly(index, entry) }
    serveSecurely(index, entry)
  }

  /// Closes a connection that waits only to be closed, and has failed; one that waits for its
  /// turn is served later.
  mutating func serveOutOfTurn(_ index: Int, _ entry: SlotReference) {
    switch entry.slot.turn {
    case .none, .paused, .lengthy: break
    case .closing: close(index, entry)
    case .opening: breakOff(index, entry)
    }
  }

  /// Queues a connection in the middle of a long PDU or a handshake for its turn. If that is not possible, the poller
  /// reports it again.
  mutating func awaitTurn(_ index: Int, _ entry: SlotReference) {
    guard lengthy.count < 2 * table.capacity else { return }
    if lengthy.append(table.token(index)) { entry.slot.turn = .lengthy }
  }

  /// Serves one connection in the middle of a long PDU or a handshake: either takes as long as hundreds of echoes,
  /// which should wait for at most one of them.
  mutating func serveLengthy() {
    while let token = lengthy.takeFirst() {
      guard let index = table.index(of: token) else { continue }
      let entry = table.entry(index)
      guard entry.slot.turn == .lengthy else { continue }
      entry.slot.turn = .none
      // Meanwhile it may have given up its buffer, or stopped reading.
      if !entry.slot.unsent.isEmpty { continue }
      attend(index, entry)
      if entry.slot.channel != .plain { return receiveSecurely(index, entry) }
      if entry.slot.overflow.isEmpty { continue }
      return handle(receiveIntoOverflow(index, entry), index, entry)
    }
  }

  /// Leaves the rest of the received bytes until the other connections have had their turn.
  mutating func pause(_ index: Int, _ entry: SlotReference) {
    if entry.slot.turn == .paused { return }
    if paused.append(table.token(index)) {
      entry.slot.turn = .paused
    } else {
      entry.slot.loss = .memory
    }
  }

  /// Serves the connections that had received bytes left for this round.
  mutating func servePaused() {
    swap(&paused, &resumed)
    while resumed.count > 0 {
      guard let index = table.index(of: resumed.removeLast()) else { continue }
      let entry = table.entry(index)
      attend(index, entry)
      guard entry.slot.turn == .paused else { continue }
      entry.slot.turn = .none
      consumeKept(index, entry)
      conclude(index, entry)
    }
  }

  /// Handles bytes that were kept only because the peer did not accept a reply, or others had their turn.
  mutating func consumeKept(_ index: Int, _ entry: SlotReference) {
    if !entry.slot.overflow.isEmpty { return consumeOverflow(index, entry) }
    // Safe because the kept bytes have room in the inbox.
    let count = Int(entry.slot.keptCount)
    for offset in 0..<count { unsafe inbox[offset] = entry.slot.kept[offset] }
    let left = unsafe consume(
      UnsafeMutableBufferPointer(rebasing: inbox[..<count]), index, entry)
    unsafe keep(UnsafeMutableBufferPointer(rebasing: inbox[left]), index, entry)
  }
}
