import Linux
import Log
import Synchronization
import UpperLayer

/// How replies leave a worker, and what is kept of those that a peer does not take.
extension Worker {
  /// Sends the first `size` bytes of the outbox, behind what the peer has not taken yet.
  ///
  /// - Returns: false when the peer does not take them all; they are kept, and nothing is received
  ///   from it until it does.
  @inline(__always)
  mutating func send(_ size: Int, of entry: SlotReference) -> Bool {
    if size == 0 { return true }
    var sent = 0
    if entry.slot.unsent.isEmpty {
      // Safe because the first `size` bytes of the outbox were just written.
      let reply = unsafe UnsafeBufferPointer(rebasing: outbox[..<size]).span
      guard let taken = entry.slot.socket.send(reply) else {
        entry.slot.loss = .connection
        return false
      }
      if entry.slot.behindSince != .never { noteTaken(taken, entry) }
      if taken == size { return true }
      sent = taken
      noteStall(entry)
    }
    return keepUnsent(sent..<size, of: entry)
  }

  /// Keeps that part of the outbox until the peer takes it.
  @inline(never)
  private mutating func keepUnsent(_ range: Range<Int>, of entry: SlotReference) -> Bool {
    // Safe because the bytes of this range were just written.
    let rest = unsafe UnsafeBufferPointer(rebasing: outbox[range]).span
    do throws(OverflowBuffer.Shortage) {
      // Bounded already: few may lag behind, and each is not listened to meanwhile.
      try entry.slot.unsent.makeRoom(for: rest.count, within: nil)
      entry.slot.unsent.append(rest)
    } catch {
      entry.slot.loss = .memory
    }
    return false
  }

  /// Goes on with a reply that the peer did not take, then with the bytes kept meanwhile.
  mutating func resumeSending(_ index: Int, _ entry: SlotReference) {
    // Safe because the buffer's bytes are lent for the length of a call.
    let size = entry.slot.unsent.count
    let bytes = unsafe UnsafeBufferPointer(entry.slot.unsent.bytes).span
    guard let sent = entry.slot.socket.send(bytes) else { return breakOff(index, entry) }
    guard sent > 0 else { return }
    entry.slot.unsent.keep(sent..<size)
    noteTaken(sent, entry)
    // It could not be listened to meanwhile.
    entry.slot.heard = now
    if sent < size {
      noteStall(entry)
    } else {
      entry.slot.stalled = .never
      consumeKept(index, entry)
    }
    settle(index, entry)
  }

  /// Notes that a peer which lags behind has taken so many bytes.
  private func noteTaken(_ size: Int, _ entry: SlotReference) {
    let (taken, isBeyond) = entry.slot.takenBehind.addingReportingOverflow(UInt32(clamping: size))
    entry.slot.takenBehind = isBeyond ? .max : taken
  }

  func noteStall(_ entry: SlotReference) {
    entry.slot.stalled = now
    if entry.slot.behindSince == .never { entry.slot.behindSince = now }
    entry.slot.unacknowledged = entry.slot.socket.unacknowledged
  }

  /// Looks whether a peer takes something, though too little for us to go on: the poller tells of
  /// room only when there is much of it.
  func noteProgress(_ entry: SlotReference) {
    if entry.slot.socket.unacknowledged < entry.slot.unacknowledged { noteStall(entry) }
  }

  /// How long a worker that ends at once sends A-ABORTs, in milliseconds.
  private static let farewell: UInt32 = 100

  /// Says an A-ABORT on every association that is left, as far as there is time, and counts them.
  @inline(never)  // for the same reason as what calls it
  mutating func abortEverything() {
    let end = Instant.now + Self.farewell
    var count = 0
    for index in 0..<table.capacity where table.isInUse(index) {
      let entry = table.entry(index)
      guard entry.slot.connection.state == .established else { continue }
      count += 1
      if Instant.now < end { sayAbort(entry) }
    }
    if count > 0 { shared.abortedAtOnce.add(count, ordering: .relaxed) }
  }

  /// Sends the A-ABORT of the service user (PS3.8 §9.3.8) before a connection is closed, unless that would
  /// cost what was sent before: behind a reply that the peer has taken a part of it would be no PDU, and of
  /// more than is left to the system everything is lost at the close.
  private mutating func sayAbort(_ entry: SlotReference) {
    // Safe because the outbox outlives the span that is made of it.
    var reply = unsafe OutputSpan(buffer: outbox, initializedCount: 0)
    reply.append(Abort.serviceUser)
    let size = unsafe reply.finalize(for: outbox)
    let most = TCPSocket.mostUnacknowledged - Int32(size)
    guard entry.slot.unsent.isEmpty, entry.slot.socket.unacknowledged <= most else { return }
    _ = send(size, of: entry)
  }
}
