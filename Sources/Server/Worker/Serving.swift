import Linux
import Log
import UpperLayer
import Verification

/// The path of a byte through a worker: receive, present to the connection, send, conclude.
extension Worker {
  /// The room to provide for each receive of a long partial PDU, in bytes.
  private static let overflowRoom = 4 << 10

  /// Serves a connection that is ready with one receive and one send, however much was pipelined. One in the
  /// middle of a long PDU waits for the others.
  @inline(__always)
  mutating func serve(_ index: Int) {
    // Safe because slots and peers stay where they are, and this one is in use until `close`.
    let entry = table.entry(index)
    host.served = entry.peerReference
    if !entry.slot.isDirect { return serveIndirectly(index, entry) }
    serveDirectly(index, entry)
  }

  /// Serves a connection that is ready, without TLS.
  @inline(__always)
  mutating func serveDirectly(_ index: Int, _ entry: SlotReference) {
    if !entry.slot.overflow.isEmpty { return awaitTurn(index, entry) }
    handle(receiveIntoInbox(index, entry), index, entry)
  }

  /// Handles the result of a receive.
  @inline(__always)
  mutating func handle(_ received: TCPSocket.Received, _ index: Int, _ entry: SlotReference) {
    if case .bytes = received, isUnchanged(entry) { return }
    handleChange(received, index, entry)
  }

  @inline(never)
  mutating func handleChange(
    _ received: TCPSocket.Received, _ index: Int, _ entry: SlotReference
  ) {
    switch received {
    case .bytes:
      if entry.slot.connection.awaitsRest { entry.slot.socket.acknowledge() }
    case .nothing: break
    case .end:
      noteIncomplete(entry, hasClosed: true)
      happen(index, entry) { $0.transportClosed(for: $1, host: &$2, reply: &$3) }
      if entry.slot.connection.waiting == .nothing, awaitAcknowledgement(index, entry) { return }
    case .failed: return breakOff(index, entry)
    }
    conclude(index, entry)
  }

  /// Whether a connection waits for its next message as before. Then there is nothing to settle: its deadline
  /// has only moved later, which is checked when the old one passes.
  private mutating func isUnchanged(_ entry: SlotReference) -> Bool {
    entry.slot.waiting == .message && entry.slot.connection.waiting == .message
      && entry.slot.behindSince == .never
      && entry.slot.loss == nil && phase == .serving
  }

  /// Receives into the inbox after the few bytes kept in the slot, and handles what it can.
  @inline(__always)
  private mutating func receiveIntoInbox(_ index: Int, _ entry: SlotReference) -> TCPSocket.Received
  {
    // Safe because all spans are parts of the inbox, which holds at least the kept bytes. No sum of sizes overflows.
    let kept = Int(entry.slot.keptCount)
    let room = unsafe UnsafeMutableBufferPointer(
      rebasing: inbox[kept..<min(inbox.count, kept &+ limits.bytesPerWakeup)])
    var free = unsafe room.mutableSpan
    let received = entry.slot.socket.receive(into: &free)
    guard case .bytes(let size) = received else { return received }
    for offset in 0..<kept { unsafe inbox[offset] = entry.slot.kept[offset] }
    noteBytes(entry)
    consumeInbox(kept &+ size, index, entry)
    return received
  }

  /// Handles what it can of the first `size` bytes of the inbox, and keeps the rest.
  @inline(__always)
  mutating func consumeInbox(_ size: Int, _ index: Int, _ entry: SlotReference) {
    // Safe because the inbox holds at least that many bytes.
    let left = unsafe consume(UnsafeMutableBufferPointer(rebasing: inbox[..<size]), index, entry)
    if left.isEmpty {
      entry.slot.keptCount = 0
    } else {
      unsafe keep(UnsafeMutableBufferPointer(rebasing: inbox[left]), index, entry)
    }
  }

  /// Receives into the buffer of a connection whose partial PDU is long.
  mutating func receiveIntoOverflow(_ index: Int, _ entry: SlotReference)
    -> TCPSocket.Received
  {
    // Safe because the buffer's own room and bytes are lent for the length of a call.
    guard makeRoom(for: Self.overflowRoom, index, entry) || !entry.slot.overflow.isFull else {
      abort(index, entry, because: .outOfMemory)
      return .nothing
    }
    var received = TCPSocket.Received.nothing
    // The slot is being changed while the buffer is filled, so the closure must not read it.
    let number = entry.slot.socket.number
    entry.slot.overflow.fill(atMost: limits.bytesPerWakeup) { free in
      received = TCPSocket.receive(from: number, into: &free)
      guard case .bytes(let size) = received else { return 0 }
      return size
    }
    guard case .bytes = received else { return received }
    noteBytes(entry)
    consumeOverflow(index, entry)
    return received
  }

  /// Handles what it can of the bytes in the slot's buffer.
  mutating func consumeOverflow(_ index: Int, _ entry: SlotReference) {
    // Safe because `consume` only lends the bytes to the connection, and nothing grows meanwhile.
    let left = unsafe consume(entry.slot.overflow.bytes, index, entry)
    entry.slot.overflow.keep(left)
    let count = entry.slot.overflow.count
    if count > 0, count <= Slot.keptCapacity {
      unsafe keepInline(entry.slot.overflow.bytes, of: entry)
      entry.slot.overflow.free()
    }
    if !entry.slot.overflow.isEmpty, !chargeOverflow(index, entry) {
      return abort(index, entry, because: .outOfMemory)
    }
    noteHolding(index, entry)
  }

  /// Presents `bytes` to the connection and sends its replies, until the bytes or the PDUs of this turn are
  /// used up, or the peer accepts no more.
  ///
  /// - Returns: The part of `bytes` to keep.
  mutating func consume(
    _ bytes: UnsafeMutableBufferPointer<UInt8>, _ index: Int, _ entry: SlotReference
  ) -> Range<Int> {
    var left = 0..<bytes.count
    var pdus = limits.pdusPerWakeup
    while true {
      // Safe because both spans are made of buffers that outlive the call, and do not overlap.
      var input = unsafe UnsafeMutableBufferPointer(rebasing: bytes[..<left.upperBound]).mutableSpan
      var reply = unsafe OutputSpan(buffer: outbox, initializedCount: 0)
      let progress = entry.slot.connection.receive(
        &input, from: left.lowerBound, atMost: pdus, for: policy.scp, host: &host, reply: &reply)
      let size = unsafe reply.finalize(for: outbox)
      if progress.completedMessage { entry.slot.messageBegan = .never }
      left = progress.kept
      let isSent = send(size, index, entry)
      if !isSent || !progress.isInterrupted { return left }
      pdus -= progress.pdus
      if pdus == 0 {
        pause(index, entry)
        return left
      }
    }
  }

  /// Keeps `bytes` for the next time: in the slot if they are few, otherwise in a buffer.
  mutating func keep(
    _ bytes: UnsafeMutableBufferPointer<UInt8>, _ index: Int, _ entry: SlotReference
  ) {
    entry.slot.keptCount = 0
    // Safe because the bytes are copied, and the slot is in use.
    if bytes.count <= Slot.keptCapacity { return unsafe keepInline(bytes, of: entry) }
    guard makeRoom(for: bytes.count, index, entry) else {
      unsafe noteIncomplete(entry, UnsafeBufferPointer(bytes).span)
      return abortAsNoted(index, entry, because: .outOfMemory)
    }
    unsafe entry.slot.overflow.append(UnsafeBufferPointer(bytes).span)
    noteHolding(index, entry)
  }

  private mutating func keepInline(
    _ bytes: UnsafeMutableBufferPointer<UInt8>, of entry: SlotReference
  ) {
    // Safe because the caller has checked that they fit.
    for offset in 0..<bytes.count { entry.slot.kept[offset] = unsafe bytes[offset] }
    entry.slot.keptCount = UInt8(bytes.count)
  }

  mutating func noteBytes(_ entry: SlotReference) {
    // Safe because the slot is in use, and its peer with it.
    entry.slot.heard = now
    entry.peer.hasSpoken = true
  }

  /// Ends the association of a slot for `reason`, in the way its state requires.
  mutating func abort(_ index: Int, _ entry: SlotReference, because reason: AbortReason) {
    noteIncomplete(entry)
    abortAsNoted(index, entry, because: reason)
  }

  /// Ends the association of a slot whose incomplete PDU has been noted already.
  private mutating func abortAsNoted(
    _ index: Int, _ entry: SlotReference, because reason: AbortReason
  ) {
    happen(index, entry) { $0.abort(because: reason, for: $1, host: &$2, reply: &$3) }
    // The kept bytes are not needed any more.
    entry.slot.keptCount = 0
    entry.slot.overflow.free()
    noteHolding(index, entry)
  }

  /// Passes an event other than received bytes to a connection, and sends its reply.
  mutating func happen(
    _ index: Int, _ entry: SlotReference,
    _ event: (
      inout Connection, borrowing EchoSCP<WorkerHost>, inout WorkerHost, inout OutputSpan<UInt8>
    ) -> Void
  ) {
    // Safe because the outbox outlives the call, and the slot is in use.
    var reply = unsafe OutputSpan(buffer: outbox, initializedCount: 0)
    event(&entry.slot.connection, policy.scp, &host, &reply)
    let size = unsafe reply.finalize(for: outbox)
    _ = send(size, index, entry)
  }

  /// Closes a connection that the peer has reset. If it had sent no byte, it was a health check.
  mutating func breakOff(_ index: Int, _ entry: SlotReference) {
    let stage = host.stage(of: entry.slot.connection.state)
    noteIncomplete(entry)
    host.report(entry.peer.hasSpoken ? .peerReset(stage) : .healthCheck)
    close(index, entry)
  }

  /// Closes a connection.
  mutating func close(_ index: Int, _ entry: SlotReference) {
    host.endAssociation()
    if entry.slot.channel != .plain {
      sayCloseNotify(index, entry)
      leavePlace(index)
    }
    endLag(index, entry)
    leavePending(index, entry)
    if let share = entry.slot.share {
      shared.shares.move(table.ticket(index), from: share, to: nil)
    }
    table.remove(index)
    shared.endConnection()
    // A descriptor is free now.
    if acceptRetry != .never { resumeAccepting() }
  }
}

/// Notes how much of an incomplete PDU or message has come.
extension Worker {
  /// Notes the incomplete PDU of a connection for the record of its end: how much of it has come, and the
  /// titles in an A-ASSOCIATE-RQ. Must be called before the protocol machine ends.
  ///
  /// - Parameter hasClosed: Whether the peer has closed. Its close comes in order, so nothing sent before it
  ///   was lost on the way.
  mutating func noteIncomplete(_ entry: SlotReference, hasClosed: Bool = false) {
    entry.withKept { noteIncomplete(entry, $0, hasClosed: hasClosed) }
  }

  /// Notes the incomplete PDU of a connection whose kept bytes are `kept`.
  mutating func noteIncomplete(_ entry: SlotReference, _ kept: Span<UInt8>, hasClosed: Bool = false)
  {
    host.note(progress: nil)
    guard let pdu = entry.slot.connection.incomplete(kept) else { return }
    var progress = PDUProgress(pdu)
    if !hasClosed { progress.path = entry.slot.socket.path }
    host.note(progress: progress)
    guard entry.slot.connection.state == .awaitingRequest else { return }
    if pdu.expected == 0 {
      host.refuses(kept, .foreign(.other))
    } else if pdu.type == .associateRequest {
      host.refuses(kept, .brokenRequest(length: pdu.expected - UInt32(PDUType.headerSize)))
    }
  }
}

extension SlotReference {
  /// Lends the received bytes that are kept to `body`.
  fileprivate func withKept(_ body: (Span<UInt8>) -> Void) {
    if slot.overflow.isEmpty {
      let kept = slot.kept
      body(kept.span.extracting(first: Int(slot.keptCount)))
    } else {
      // Safe because the buffer belongs to the slot, and is not changed meanwhile.
      unsafe body(UnsafeBufferPointer(slot.overflow.bytes).span)
    }
  }
}
