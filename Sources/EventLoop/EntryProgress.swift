import Journal
import UpperLayer

/// How far an A-ASSOCIATE-RQ has come that is not complete.
extension Worker {
  /// Notes it for the record of its end, while the protocol machine can be looked at.
  mutating func noteRequestProgress(_ entry: Entry) {
    if entry.slot.connection.state == .awaitingRequest {
      host.requestProgress = entry.requestProgress
    }
  }
}

extension Entry {
  /// What has come of it, of how much, and on which way.
  var requestProgress: RequestProgress {
    var progress = RequestProgress()
    // Once it was read, the header is not kept.
    progress.received = UInt32(
      clamping: slot.overflow.isEmpty ? Int(slot.pendingCount) : slot.overflow.count)
    if let length = slot.connection.incompleteLength {
      progress.received += UInt32(PDUType.headerSize)
      progress.expected = length + UInt32(PDUType.headerSize)
    }
    slot.socket.describePath(in: &progress)
    return progress
  }
}
