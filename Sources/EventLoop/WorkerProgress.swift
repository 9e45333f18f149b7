import Journal
import UpperLayer

/// How much has come of a PDU or message that is not complete.
extension Worker {
  /// Notes it for the record of the end of its connection, while the protocol machine can be looked at: how
  /// much it is, and whose A-ASSOCIATE-RQ.
  mutating func noteIncomplete(_ entry: Entry) {
    entry.withKept { kept in
      guard let pdu = entry.slot.connection.incomplete(kept) else { return }
      host.progress = entry.progress(of: pdu)
      guard entry.slot.connection.state == .awaitingRequest else { return }
      if pdu.expected > 0 {
        let length = pdu.expected - UInt32(PDUType.headerSize)
        host.refuses(kept, .request(length: length))
      } else {
        host.refuses(kept, .foreign)
      }
    }
  }
}

extension Entry {
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

  /// What has come of `pdu`, and on which way.
  fileprivate func progress(of pdu: IncompletePDU) -> PDUProgress {
    var progress = PDUProgress(pdu)
    slot.socket.describePath(in: &progress)
    return progress
  }
}
