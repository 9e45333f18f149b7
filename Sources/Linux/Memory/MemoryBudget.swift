import Synchronization

/// How much memory something may take in the whole process, and how much it takes.
public final class MemoryBudget: Sendable {
  private let limitInForce: Atomic<Int>
  private let used = Atomic<Int>(0)

  /// A budget of `limit` bytes.
  public init(limit: Int) { limitInForce = Atomic(limit) }

  /// The limit in force; what was taken under a higher one may stay above it.
  public var limit: Int {
    get { limitInForce.load(ordering: .relaxed) }
    set { limitInForce.store(newValue, ordering: .relaxed) }
  }

  /// Takes `size` bytes out of the budget; false when there are not so many left.
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

  /// Gives `size` bytes back.
  public func release(_ size: Int) { used.subtract(size, ordering: .relaxed) }

  /// How many bytes are in use.
  public var inUse: Int { used.load(ordering: .relaxed) }
}
