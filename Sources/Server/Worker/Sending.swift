import Linux
import Log
import Synchronization
import UpperLayer

/// Sends replies, and keeps those that a peer does not accept.
extension Worker {
  /// Sends the first `size` bytes of the outbox, after any unsent bytes.
  ///
  /// - Returns: `false` if the peer does not accept them all. Then the rest is kept, and the worker receives
  ///   nothing from the peer until it has accepted it.
  @inline(__always)
  mutating func send(_ size: Int, _ index: Int, _ entry: SlotReference) -> Bool {
    if size == 0 { return true }
    if entry.slot.channel != .plain { return sendSecurely(size, index, entry) }
    // Safe because the first `size` bytes of the outbox were just written.
    return unsafe sendBytes(UnsafeBufferPointer(rebasing: outbox[..<size]), of: entry)
  }

  /// Sends `bytes` as they are, after any unsent bytes.
  ///
  /// - Returns: `false` if the peer does not accept them all. Then the rest is kept.
  @inline(__always)
  func sendBytes(_ bytes: UnsafeBufferPointer<UInt8>, of entry: SlotReference) -> Bool {
    var sent = 0
    if entry.slot.unsent.isEmpty {
      // Safe because the caller lends the bytes for the length of the call.
      guard case .bytes(let taken) = unsafe entry.slot.socket.send(bytes.span) else {
        entry.slot.loss = .connection
        return false
      }
      if entry.slot.behindSince != .never { noteTaken(taken, entry) }
      if taken == bytes.count { return true }
      sent = taken
      noteStall(entry)
    }
    return unsafe keepUnsent(UnsafeBufferPointer(rebasing: bytes[sent...]), of: entry)
  }

  /// Keeps `bytes` until the peer accepts them.
  @inline(never)
  private func keepUnsent(
    _ bytes: UnsafeBufferPointer<UInt8>, of entry: SlotReference
  ) -> Bool {
    // Safe because the caller lends the bytes for the length of the call.
    let rest = unsafe bytes.span
    do throws(OverflowBuffer.Shortage) {
      // Limited already: few peers may lag behind, and the worker does not receive from them meanwhile.
      try entry.slot.unsent.makeRoom(for: rest.count, within: nil)
      entry.slot.unsent.append(rest)
    } catch {
      entry.slot.loss = .memory
    }
    return false
  }

  /// Resumes sending a reply, then handles the bytes kept meanwhile.
  mutating func resumeSending(_ index: Int, _ entry: SlotReference) {
    // Safe because the buffer's bytes are lent for the length of a call.
    let size = entry.slot.unsent.count
    let bytes = unsafe UnsafeBufferPointer(entry.slot.unsent.bytes).span
    guard case .bytes(let sent) = entry.slot.socket.send(bytes) else {
      return breakOff(index, entry)
    }
    guard sent > 0 else { return }
    entry.slot.unsent.keep(sent..<size)
    noteTaken(sent, entry)
    // The worker could not receive from the peer meanwhile.
    entry.slot.heard = now
    if sent < size {
      noteStall(entry)
    } else {
      entry.slot.stalled = .never
      consumeKept(index, entry)
    }
    conclude(index, entry)
  }

  /// Notes that a peer that lags behind has taken `size` bytes.
  private func noteTaken(_ size: Int, _ entry: SlotReference) {
    let (taken, isBeyond) = entry.slot.takenBehind.addingReportingOverflow(UInt32(clamping: size))
    entry.slot.takenBehind = isBeyond ? .max : taken
  }

  func noteStall(_ entry: SlotReference) {
    entry.slot.stalled = now
    if entry.slot.behindSince == .never { entry.slot.behindSince = now }
    entry.slot.unacknowledged = entry.slot.socket.unacknowledged
  }

  /// Checks whether a peer has acknowledged some bytes, though too few to resume: the poller reports room
  /// only when there is much of it.
  func noteProgress(_ entry: SlotReference) {
    if entry.slot.socket.unacknowledged < entry.slot.unacknowledged { noteStall(entry) }
  }

  /// How long a worker that ends at once keeps sending A-ABORTs, in milliseconds.
  private static let farewell: UInt32 = 100

  /// Sends an A-ABORT on each remaining association, as far as time permits, and counts these associations.
  @inline(never)  // for the same reason as its caller
  mutating func abortEverything() {
    let end = Instant.now + Self.farewell
    var count = 0
    for index in 0..<table.capacity where table.isInUse(index) {
      let entry = table.entry(index)
      guard entry.slot.connection.state == .established else { continue }
      count += 1
      if Instant.now < end { sayAbort(index, entry) }
    }
    if count > 0 { shared.abortedAtOnce.add(count, ordering: .relaxed) }
  }

  /// Sends the A-ABORT of the service user (PS3.8 §9.3.8) before a connection is closed, unless that would do
  /// harm: after a partly sent reply it would not be a valid PDU, and if too many bytes are unacknowledged,
  /// the close discards them all.
  private mutating func sayAbort(_ index: Int, _ entry: SlotReference) {
    // Safe because the outbox outlives the span made of it.
    var reply = unsafe OutputSpan(buffer: outbox, initializedCount: 0)
    reply.append(Abort.serviceUser)
    let size = unsafe reply.finalize(for: outbox)
    let most = TCPSocket.mostUnacknowledged - Int32(size)
    guard entry.slot.unsent.isEmpty, entry.slot.socket.unacknowledged <= most else { return }
    _ = send(size, index, entry)
  }
}

/// Tracks the peers that lag behind with reading, and closes the one that has lagged longest when there are
/// too many.
extension Worker {
  /// The rate at which a lagging peer must take bytes to be given more time, in bytes per millisecond.
  private static let leastRate: UInt32 = 16

  /// Checks whether a lagging peer still lags: it does from the moment when it does not accept all of a reply
  /// until it has acknowledged everything.
  mutating func noteReading(_ index: Int, _ entry: SlotReference) {
    if entry.slot.unsent.isEmpty, entry.slot.socket.unacknowledged == 0 {
      return endLag(index, entry)
    }
    if entry.slot.isCountedBehind { return }
    entry.slot.isCountedBehind = true
    shared.stalled.add(
      StalledReceivers.Receiver(
        token: table.token(index), ticket: table.ticket(index), worker: link))
  }

  /// When to close a peer that lags behind with reading, unless it has taken much.
  func lagLimit(of entry: SlotReference) -> Instant {
    let (limit, isBeyond) = entry.slot.timeouts.network.multipliedReportingOverflow(by: 2)
    return entry.slot.behindSince.after(timeout: isBeyond ? .max : limit)
  }

  /// Whether a peer has lagged behind for too long. One that has taken much meanwhile gets the same time again.
  func hasLaggedTooLong(_ entry: SlotReference) -> Bool {
    if now < lagLimit(of: entry) { return false }
    if entry.slot.takenBehind / Self.leastRate / 2 < entry.slot.timeouts.network { return true }
    entry.slot.behindSince = now
    entry.slot.takenBehind = 0
    return false
  }

  /// Notes that the peer no longer lags behind.
  mutating func endLag(_ index: Int, _ entry: SlotReference) {
    entry.slot.behindSince = .never
    entry.slot.takenBehind = 0
    guard entry.slot.isCountedBehind else { return }
    entry.slot.isCountedBehind = false
    shared.stalled.remove(table.token(index), of: link)
  }

  /// Waits for a peer that has ended to acknowledge what was sent to it, if too much is left to leave it to
  /// the kernel.
  ///
  /// - Returns: Whether it waits. Then the peer counts as lagging, and is closed as soon as it has caught up.
  mutating func awaitAcknowledgement(_ index: Int, _ entry: SlotReference) -> Bool {
    guard entry.slot.socket.unacknowledgedAtTheEnd() > TCPSocket.mostUnacknowledged,
      (try? poller.modify(entry.slot.socket.number, .errors, token: table.token(index))) != nil
    else { return false }
    entry.slot.turn = .closing
    entry.slot.waiting = .close
    noteStall(entry)
    countShare(index, entry)
    noteReading(index, entry)
    lookAgain(index)
    return true
  }

  /// Closes a peer that has ended if it has acknowledged what was sent to it, or has taken too long to.
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

  /// Closes a lagging peer, since there are too many of them, unless it has caught up.
  mutating func letGo(_ token: UInt64, _ limit: StalledReceivers.Limit) {
    guard let index = table.index(of: token) else { return }
    let entry = table.entry(index)
    attend(index, entry)
    // The peer may have caught up.
    if entry.slot.behindSince != .never { noteReading(index, entry) }
    if entry.slot.behindSince == .never { return }
    host.report(
      .receiverStalled(
        limit == .all ? .tooMany(limit.most) : .tooManyOfAddress(limit.most),
        host.stage(of: entry.slot.connection.state)))
    close(index, entry)
  }
}
