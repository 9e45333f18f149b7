import Linux

/// Sees to it that the first failure of an acquaintance has a record of its own, however fast records
/// come: one that finds its queue full waits here instead of being dropped.
///
/// A pair of address and title has one record here at most, so that nobody fills this, too.
public final class OwedRecords: Sendable {
  private struct State {
    var acquaintances = KnownPeers()
    var waiting: [KnownPeers.Pair: Record] = [:]
  }

  private let state = Locked(State())
  private let devices = Locked<Devices?>(nil)

  /// Whether nothing waits.
  var isEmpty: Bool { state.withLock { $0.waiting.isEmpty } }

  /// Whom the `[device]` sections name. A function alone would be wrapped once more by each access through
  /// the lock, which is generic.
  private struct Devices: Sendable {
    let names: @Sendable (Subject) -> Bool
  }

  /// Knows whom the `[device]` sections name, from the next record on.
  func know(devices names: @escaping @Sendable (Subject) -> Bool) {
    devices.withLock { $0 = Devices(names: names) }
  }

  private func isDevice(_ peer: Subject) -> Bool { devices.withLock { $0 }?.names(peer) ?? false }

  /// Keeps a record that found its queue full, if its peer is owed it; what is not kept is to be counted.
  func keep(_ record: Record) -> Bool {
    guard let subject = record.subject, record.event.recurrence == .ofPeer else { return false }
    let isDevice = isDevice(subject)
    let pair = KnownPeers.Pair(subject, subject.callingAETitle)
    return state.withLock { state in
      // An echo of which no record is left makes an acquaintance as well.
      state.acquaintances.meet(record)
      guard record.event.priority(in: .journal) <= .warning, state.waiting[pair] == nil,
        state.waiting.count < KnownPeers.capacity,
        state.acquaintances.standing(of: record, isDevice: isDevice) == .owed
      else { return false }
      state.waiting[pair] = record
      return true
    }
  }

  /// Takes out what waits, in the order in which it was handed over.
  func take() -> [Record] {
    let records = state.withLock { state in
      if state.waiting.isEmpty { return [Record]() }
      defer { state.waiting = [:] }
      return Array(state.waiting.values)
    }
    return records.sorted { $0.number < $1.number }
  }

  /// What the peer of `record` may expect of the journal.
  func standing(of record: Record, _ peer: Subject) -> KnownPeers.Standing {
    let isDevice = isDevice(peer)
    return state.withLock { $0.acquaintances.standing(of: record, isDevice: isDevice) }
  }

  /// Notes the peer of `record`, if its association had an echo.
  func meet(_ record: Record) { state.withLock { $0.acquaintances.meet(record) } }

  /// Notes that `record` was written because it was owed.
  func noteTold(_ record: Record) { state.withLock { $0.acquaintances.noteTold(record) } }
}
