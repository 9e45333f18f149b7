import Linux
import Log
import UpperLayer

/// How much has come of a PDU or message that is not complete.
extension Worker {
  /// Notes it for the record of the end of its connection, while the protocol machine can be looked at: how
  /// much it is, and whose A-ASSOCIATE-RQ.
  ///
  /// - Parameter hasClosed: Whether the peer has closed: its close comes in order, so that nothing in front
  ///   of it was lost on the way.
  mutating func noteIncomplete(_ entry: SlotReference, hasClosed: Bool = false) {
    entry.withKept { noteIncomplete(entry, $0, hasClosed: hasClosed) }
  }

  /// The same, with `kept` as what had to be kept.
  mutating func noteIncomplete(_ entry: SlotReference, _ kept: Span<UInt8>, hasClosed: Bool = false)
  {
    host.take(progress: nil)
    guard let pdu = entry.slot.connection.incomplete(kept) else { return }
    var progress = PDUProgress(pdu)
    if !hasClosed { progress.path = entry.slot.socket.path }
    host.take(progress: progress)
    guard entry.slot.connection.state == .awaitingRequest else { return }
    if pdu.expected == 0 {
      host.refuses(kept, .foreign(.other))
    } else if pdu.type == .associateRequest {
      host.refuses(kept, .brokenRequest(length: pdu.expected - UInt32(PDUType.headerSize)))
    }
  }
}

extension SlotReference {
  /// Lends what had to be kept of what has come.
  fileprivate func withKept(_ body: (Span<UInt8>) -> Void) {
    if slot.overflow.isEmpty {
      let pending = slot.pending
      body(pending.span.extracting(first: Int(slot.pendingCount)))
    } else {
      // Safe because the buffer is the slot's, and is not changed meanwhile.
      unsafe body(UnsafeBufferPointer(slot.overflow.bytes).span)
    }
  }
}
