import Linux
import Log
import TLS
import UpperLayer

/// Settles a connection that was served: chooses its timer, what the poller watches for, and whether it ends.
///
/// Functions called for every message are `mutating` even if they change nothing: the worker is then passed
/// by reference instead of being copied.
extension Worker {
  /// What to do with a connection that has just been served.
  private enum Settlement {
    /// It goes on, and waits for this event, new or not.
    case goesOn(Connection.Waiting)
    /// It has ended; close it.
    case close
    /// Close it, and report that a reply was lost.
    case closeForLoss
    /// Its peer has broken the connection.
    case breakOff
  }

  /// Decides what to do with a connection that has just been served.
  private mutating func settle(_ entry: SlotReference) -> Settlement {
    switch entry.slot.loss {
    case .connection: return .breakOff
    case .memory: return .closeForLoss
    case nil: break
    }
    let waiting = entry.slot.connection.waiting
    return waiting == .nothing ? .close : .goesOn(waiting)
  }

  /// Concludes serving a connection: closes it, or counts it by its present kind and re-arms its timer and poller.
  mutating func conclude(_ index: Int, _ entry: SlotReference) {
    switch settle(entry) {
    case .goesOn(let waiting):
      if entry.slot.channel != .plain { return concludeSecurely(index, entry, waiting) }
      rearm(index, entry, waiting)
    case .close: close(index, entry)
    case .closeForLoss:
      host.report(.replyLost(host.stage(of: entry.slot.connection.state)))
      close(index, entry)
    case .breakOff: breakOff(index, entry)
    }
  }

  /// Concludes serving a connection with TLS: ends its session if only the close is due.
  @inline(never)
  private mutating func concludeSecurely(
    _ index: Int, _ entry: SlotReference, _ waiting: Connection.Waiting
  ) {
    switch waiting {
    case .close, .foreignClose: if entry.slot.unsent.isEmpty { hangUp(index, entry) }
    case .request, .message, .restOfMessage, .nothing: break
    }
    rearm(index, entry, waiting)
    let deadline = min(table.deadlines[index], buffersDeadline(index, entry))
    table.setDeadline(index, deadline)
    noteDeadline(deadline)
  }

  @inline(__always)
  private mutating func rearm(_ index: Int, _ entry: SlotReference, _ waiting: Connection.Waiting) {
    if waiting == .foreignClose || entry.slot.watchesOutput != !entry.slot.unsent.isEmpty {
      watch(index, entry)
    }
    startTimers(entry, waiting)
    countShare(index, entry)
    if entry.slot.behindSince != .never { noteReading(index, entry) }
    let deadline = deadline(of: entry)
    table.setDeadline(index, deadline)
    noteDeadline(deadline)
  }

  /// Has the poller watch for input, or, while the peer does not accept a reply, for room to send: a peer
  /// that does not read is not served.
  private mutating func watch(_ index: Int, _ entry: SlotReference) {
    let isStalled = !entry.slot.unsent.isEmpty
    if entry.slot.connection.waiting == .foreignClose && !isStalled
      && !entry.slot.isWriteShut
    {
      entry.slot.isWriteShut = true
      entry.slot.socket.shutDownWriting()
    }
    guard isStalled != entry.slot.watchesOutput else { return }
    entry.slot.watchesOutput = isStalled
    do throws(SystemError) {
      try poller.modify(
        entry.slot.socket.number, isStalled ? .output : .input, token: table.token(index))
    } catch {
      host.reportService(.acceptFailed(error.number))
    }
  }

  /// Starts the timers of a state just entered.
  @inline(__always)
  private mutating func startTimers(_ entry: SlotReference, _ waiting: Connection.Waiting) {
    // The message timer does not run while the worker does not receive from the peer.
    if waiting != .restOfMessage || !entry.slot.unsent.isEmpty {
      entry.slot.messageBegan = .never
    } else if entry.slot.messageBegan == .never {
      entry.slot.messageBegan = now
    }
    guard waiting != entry.slot.waiting else { return }
    entry.slot.waiting = waiting
    switch waiting {
    case .close: entry.slot.artim = now.after(timeout: entry.slot.timeouts.acse)
    case .foreignClose: entry.slot.artim = now + Self.shortened
    case .request, .message, .restOfMessage, .nothing: break
    }
    if phase == .draining { shortenClose(entry) }
  }

  /// Shortens the wait for the close of a peer whose association has ended, as the service is stopping.
  private mutating func shortenClose(_ entry: SlotReference) {
    switch entry.slot.waiting {
    case .close, .foreignClose:
      entry.slot.artim = min(entry.slot.artim, now + Self.shortened)
    case .request, .message, .restOfMessage, .nothing:
      break
    }
  }

  /// When the first of the running timers expires.
  private mutating func deadline(of entry: SlotReference) -> Instant {
    let deadline = deadlineOfState(of: entry)
    if entry.slot.behindSince == .never { return deadline }
    // Only checking shows whether it has caught up.
    return min(deadline, lagLimit(of: entry), now + Self.shortened)
  }

  private mutating func deadlineOfState(of entry: SlotReference) -> Instant {
    let timeouts = entry.slot.timeouts
    let heard = entry.slot.heard
    var deadline: Instant
    switch entry.slot.waiting {
    case .request, .close, .foreignClose, .nothing:
      deadline = entry.slot.artim
    case .message:
      deadline = heard.after(timeout: timeouts.network)
    case .restOfMessage:
      let began = entry.slot.messageBegan
      deadline = min(began.after(timeout: timeouts.dimse), heard.after(timeout: timeouts.network))
    }
    // A stalled peer can make progress only by accepting the bytes sent to it.
    if entry.slot.stalled != .never {
      let limit = stallLimit(of: entry)
      // Its progress is checked from time to time.
      let look = now.after(timeout: timeouts.network / 8)
      deadline =
        entry.slot.connection.state == .established ? min(limit, look) : min(deadline, limit)
    }
    guard phase == .draining else { return deadline }
    switch entry.slot.waiting {
    case .request:
      let isQuiet = !entry.peer.hasSpoken
      return min(deadline, isQuiet ? min(heard + Self.shortened, drainEnd) : drainEnd)
    case .message: return min(deadline, heard + Self.shortened, drainEnd)
    case .restOfMessage: return min(deadline, drainEnd)
    case .close, .foreignClose, .nothing: return deadline
    }
  }

  /// When to give up on a peer that does not accept anything sent to it.
  private mutating func stallLimit(of entry: SlotReference) -> Instant {
    entry.slot.stalled.after(timeout: entry.slot.timeouts.network)
  }

  /// Makes sure that deadlines are checked when this one has passed.
  mutating func noteDeadline(_ deadline: Instant) {
    if deadline < nextExpiry { nextExpiry = max(deadline, lastExpiry + Self.tick) }
  }

  /// Ends the connections whose deadlines have passed.
  mutating func expireDeadlines() {
    lastExpiry = now
    for index in 0..<table.capacity where table.deadlines[index] <= now { expire(index) }
    var earliest = Instant.never
    for index in 0..<table.capacity { earliest = min(earliest, table.deadlines[index]) }
    nextExpiry = earliest == .never ? .never : max(earliest, now + Self.tick)
  }

  private mutating func expire(_ index: Int) {
    let entry = table.entry(index)
    attend(index, entry)
    switch entry.slot.turn {
    case .closing: return lookForAcknowledgement(index, entry)
    case .opening where entry.slot.artim <= now:
      return evict(index, because: .openings(Openings.most))
    case .none, .paused, .lengthy, .opening: break
    }
    if entry.slot.behindSince != .never {
      noteReading(index, entry)
      if hasLaggedTooLong(entry) {
        host.report(.receiverStalled(.tooSlow, host.stage(of: entry.slot.connection.state)))
        return close(index, entry)
      }
    }
    if entry.slot.stalled == .never {
      // The peer may have sent something since.
      let deadline = deadlineOfState(of: entry)
      if deadline > now {
        if entry.slot.channel == .plain {
          return table.setDeadline(index, self.deadline(of: entry))
        }
        freeIdleBuffers(index, entry)
        return table.setDeadline(
          index, min(self.deadline(of: entry), buffersDeadline(index, entry)))
      }
    }
    if !entry.slot.unsent.isEmpty {
      noteProgress(entry)
      let isBound = entry.slot.connection.state != .established || now >= drainEnd
      if now < stallLimit(of: entry), !isBound || now < deadlineOfState(of: entry) {
        return conclude(index, entry)
      }
      host.report(.receiverStalled(.silent, host.stage(of: entry.slot.connection.state)))
      if entry.slot.connection.state == .awaitingClose { entry.slot.socket.stopWaiting() }
      return close(index, entry)
    }
    let isDraining = phase == .draining
    if isDraining, now < drainEnd, hasComeMeanwhile(index, entry) { return }
    if entry.slot.awaitsHeader { return expireHeader(index, entry) }
    switch entry.slot.waiting {
    case .request where isDraining && entry.slot.channel == .opening:
      // Nothing can be sent yet.
      host.reportStep(.disconnected)
      return close(index, entry)
    case .request where isDraining && entry.slot.artim > now:
      abort(index, entry, because: .draining)
    case .message:
      let time = entry.slot.timeouts.network
      abort(
        index, entry, because: isDraining ? .draining : .idleAssociation(milliseconds: time))
    case .restOfMessage: abort(index, entry, because: stall(of: entry.slot))
    case .request where entry.slot.channel == .opening && entry.peer.hasSpoken:
      report(.timedOut, index, entry)
      return close(index, entry)
    case .request, .close, .foreignClose, .nothing:
      entry.slot.socket.stopWaiting()
      noteIncomplete(entry)
      happen(index, entry) { $0.artimExpired(for: $1, host: &$2, reply: &$3) }
    }
    conclude(index, entry)
  }

  /// Closes a connection whose PROXY header is late; while the service is stopping, nothing can be sent yet.
  private mutating func expireHeader(_ index: Int, _ entry: SlotReference) {
    if entry.slot.artim <= now { return endHeader(.timedOut, index, entry) }
    host.reportStep(.disconnected)
    close(index, entry)
  }

  /// Serves a peer whose deadline has passed, and returns whether it has sent something in time. With many
  /// connections, input may wait as long as a quiet peer is given while the service is stopping.
  private mutating func hasComeMeanwhile(_ index: Int, _ entry: SlotReference) -> Bool {
    guard entry.slot.turn == .none else { return true }
    let token = table.token(index)
    serve(index)
    guard table.index(of: token) != nil else { return true }
    attend(index, entry)
    return entry.slot.turn != .none || deadlineOfState(of: entry) > now
  }

  /// The reason to end an incomplete message, from the timer that has expired.
  private func stall(of slot: borrowing Slot) -> AbortReason {
    let timeouts = slot.timeouts
    if slot.messageBegan.after(timeout: timeouts.dimse) <= now {
      return .stalledMessage(milliseconds: timeouts.dimse)
    }
    if slot.heard.after(timeout: timeouts.network) <= now {
      return .idleAssociation(milliseconds: timeouts.network)
    }
    return .draining
  }

  /// Begins to stop: shortens the timers of every connection.
  mutating func shortenEverything() {
    for index in 0..<table.capacity where table.isInUse(index) {
      let entry = table.entry(index)
      attend(index, entry)
      shortenClose(entry)
      conclude(index, entry)
    }
  }
}
