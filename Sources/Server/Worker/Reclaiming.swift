import Linux
import Log
import UpperLayer

/// Divides the memory for partial PDUs. When it is used up, the largest buffer gives way to a peer that needs
/// less, so that peers that send much and complete nothing cannot block the requests of others.
extension Worker {
  /// The age at which a buffer gives way whatever its size, in milliseconds.
  private static let patience: UInt32 = 5000
  /// The pause after a search that found nothing, in milliseconds.
  private static let pause: UInt32 = 100

  /// How much of its A-ASSOCIATE-RQ a requestor may send before it is charged to the memory for partial PDUs,
  /// in bytes: hardly any request is longer. Every connection without an association is guaranteed this much.
  private static let freeForRequest = 8 << 10

  private func free(of entry: SlotReference) -> Int {
    entry.slot.connection.state == .awaitingRequest ? Self.freeForRequest : 0
  }

  /// Makes room for `size` more bytes of a partial PDU.
  mutating func makeRoom(for size: Int, _ index: Int, _ entry: SlotReference) -> Bool {
    let (memory, free) = (partialPDUMemory, free(of: entry))
    return reclaiming(for: index) { () throws(OverflowBuffer.Shortage) in
      try entry.slot.overflow.makeRoom(for: size, within: memory, free: free)
    }
  }

  /// Charges the part of the buffer that was free before the request was complete.
  mutating func chargeOverflow(_ index: Int, _ entry: SlotReference) -> Bool {
    if free(of: entry) > 0 { return true }
    let memory = partialPDUMemory
    return reclaiming(for: index) { () throws(OverflowBuffer.Shortage) in
      try entry.slot.overflow.chargeAll(to: memory)
    }
  }

  /// Takes memory. If it is used up, ends the connections that hold most of it, as far as they must give way.
  ///
  /// - Returns: Whether there was enough.
  private mutating func reclaiming(
    for index: Int, _ take: () throws(OverflowBuffer.Shortage) -> Void
  ) -> Bool {
    while true {
      do throws(OverflowBuffer.Shortage) {
        try take()
        return true
      } catch {
        guard case .budget(let wanted) = error, reclaim(for: index, wanted) else { return false }
      }
    }
  }

  /// Notes how much memory a connection holds.
  mutating func noteHolding(_ index: Int, _ entry: SlotReference) {
    let size = UInt32(clamping: entry.slot.overflow.charge)
    let before = table.holdings[index].size
    if size == before { return }
    table.holdings[index].size = size
    if before == 0 { table.holdings[index].since = time }
  }

  /// The present time in the form that holdings use.
  private var time: UInt32 { UInt32(truncatingIfNeeded: now.milliseconds) }

  /// Ends the connection that holds most, or the oldest of several, if it holds more than `wanted` bytes or
  /// has held them for long.
  ///
  /// - Parameter index: The connection that wants the memory. It does not give way to itself.
  /// - Returns: Whether a connection gave way.
  private mutating func reclaim(for index: Int, _ wanted: Int) -> Bool {
    if now < noReclaim.until, wanted >= noReclaim.size { return false }
    guard let largest = largestHolder(besides: index) else { return false }
    let holding = table.holdings[largest]
    guard Int(holding.size) > wanted || time &- holding.since >= Self.patience else {
      noReclaim = (now + Self.pause, wanted)
      return false
    }
    let before = host.attention
    let entry = table.entry(largest)
    attend(index, entry)
    host.reclaimed = holding.size
    abort(largest, entry, because: .largestPartialPDU(holding.size))
    host.reclaimed = nil
    conclude(largest, entry)
    host.attention = before
    return true
  }

  private func largestHolder(besides index: Int) -> Int? {
    var largest: Int?
    for other in 0..<table.capacity where table.holdings[other].size > 0 && other != index {
      if let found = largest, !isLarger(other, than: found) { continue }
      largest = other
    }
    return largest
  }

  private func isLarger(_ index: Int, than other: Int) -> Bool {
    let (one, two) = (table.holdings[index], table.holdings[other])
    return one.size > two.size || (one.size == two.size && time &- one.since > time &- two.since)
  }
}
