import CLinux
import Synchronization

/// How much memory partial PDUs may take in the whole process, and how much they take.
final class PartialPDUMemory: Sendable {
  private let limit: Int
  private let used = Atomic<Int>(0)

  /// A budget of `limit` bytes.
  init(limit: Int) { self.limit = limit }

  /// Takes `size` bytes out of the budget; false when there are not so many left.
  func reserve(_ size: Int) -> Bool {
    let after = used.add(size, ordering: .relaxed).newValue
    if after <= limit { return true }
    used.subtract(size, ordering: .relaxed)
    return false
  }

  /// Gives `size` bytes back.
  func release(_ size: Int) { used.subtract(size, ordering: .relaxed) }

  /// How many bytes are in use.
  var inUse: Int { used.load(ordering: .relaxed) }
}
