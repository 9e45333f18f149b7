import Linux
import Log

/// The ``AddressTable`` that the workers share, in parts with a lock each. Nobody touches it while no
/// limit is about addresses, and no echo ever does.
final class AddressLedger: Sendable {
  /// So many parts that workers seldom meet at one.
  private static let parts = 16

  private let parts: InlineArray<16, Locked<AddressTable>>

  /// A ledger where there can be so many connections at once.
  init(connections: Int) throws(SystemError) {
    parts = try InlineArray { _ throws(SystemError) in
      Locked(try AddressTable(connections: max(1, connections / Self.parts)))
    }
  }

  private func part(of key: AddressKey) -> Int {
    Int(truncatingIfNeeded: key.value >> 32) & (Self.parts - 1)
  }

  /// Counts a connection that `key` makes, of which there may be `most` in any second.
  func connect(_ key: AddressKey, at now: Instant, most: Int) -> AddressTable.Verdict {
    parts[part(of: key)].withLock { $0.connect(key, in: now.slot, most: most) }
  }

  /// Counts one more of `kind` for `key`, of which there may be `most`.
  func add(_ kind: AddressTable.Kind, of key: AddressKey, most: Int) -> AddressTable.Count {
    parts[part(of: key)].withLock { $0.add(kind, of: key, most: most) }
  }

  /// Counts one more of `kind` for `key`, however many there are: `full` says that it is one too many where
  /// there may be `most`.
  func addAnyway(_ kind: AddressTable.Kind, of key: AddressKey, most: Int) -> AddressTable.Count {
    parts[part(of: key)].withLock { $0.addAnyway(kind, of: key, most: most) }
  }

  /// Counts one less of `kind` for `key`, which was counted.
  func remove(_ kind: AddressTable.Kind, of key: AddressKey) {
    parts[part(of: key)].withLock { $0.remove(kind, of: key) }
  }

  /// Whether `key` has more than `most` connections without an association.
  func hasPending(of key: AddressKey, above most: Int) -> Bool {
    parts[part(of: key)].withLock { $0.hasPending(of: key, above: most) }
  }

  /// Counts one connection without an association less for `key`, if there are more than `most`.
  func takePending(of key: AddressKey, above most: Int) -> Bool {
    parts[part(of: key)].withLock { $0.takePending(of: key, above: most) }
  }
}

extension Instant {
  /// The slot that it lies in.
  fileprivate var slot: UInt32 {
    UInt32(truncatingIfNeeded: milliseconds / AddressTable.slotLength)
  }
}
