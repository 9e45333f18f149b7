import Synchronization

/// A limit on the memory for one purpose in the whole process, and how much of it is in use.
public final class MemoryBudget: Sendable {
  private let limitInForce: Atomic<Int>
  private let used = Atomic<Int>(0)

  /// A budget of `limit` bytes.
  public init(limit: Int) { limitInForce = Atomic(limit) }

  /// The limit in force; memory reserved under a higher limit may stay above it.
  public var limit: Int {
    get { limitInForce.load(ordering: .relaxed) }
    set { limitInForce.store(newValue, ordering: .relaxed) }
  }

  /// Reserves `size` bytes; false if fewer are left.
  public func reserve(_ size: Int) -> Bool {
    var before = used.load(ordering: .relaxed)
    while size <= limit - before {
      let (isTaken, current) = used.weakCompareExchange(
        expected: before, desired: before + size, ordering: .relaxed)
      if isTaken { return true }
      before = current
    }
    return false
  }

  /// Releases `size` bytes.
  public func release(_ size: Int) { used.subtract(size, ordering: .relaxed) }

  /// The number of bytes in use.
  public var inUse: Int { used.load(ordering: .relaxed) }
}
