import Journal
import Synchronization

/// The ``AddressTable`` that the workers share. Nobody touches it while no limit is about addresses,
/// and no echo ever does.
final class AddressLedger: Sendable {
  private let table: Mutex<AddressTable>

  /// A ledger where there can be so many connections at once.
  init(connections: Int) { table = Mutex(AddressTable(connections: connections)) }

  /// Counts a connection that `peer` makes, of which there may be `most` in a second.
  func connect(_ peer: PeerAddress, at now: Instant, most: Int) -> AddressTable.Verdict {
    let key = AddressKey(peer)
    return table.withLock { $0.connect(key, in: now.second, most: most) }
  }

  /// Counts one more of `kind` for `peer`, of which there may be `most`.
  func add(
    _ kind: AddressTable.Kind, of peer: PeerAddress, at now: Instant, most: Int
  ) -> AddressTable.Count {
    let key = AddressKey(peer)
    return table.withLock { $0.add(kind, of: key, in: now.second, most: most) }
  }

  /// Counts one less of `kind` for `peer`, which was counted.
  func remove(_ kind: AddressTable.Kind, of peer: PeerAddress) {
    let key = AddressKey(peer)
    table.withLock { $0.remove(kind, of: key) }
  }
}

extension Instant {
  /// The second that it lies in.
  fileprivate var second: UInt32 { UInt32(truncatingIfNeeded: milliseconds / 1000) }
}
