import Synchronization

/// What the workers share: a few numbers, each an atomic, and none of them touched by an echo.
final class Shared: Sendable {
  /// What the service is doing.
  enum Phase: UInt8, AtomicRepresentable {
    /// Accepting and serving.
    case serving
    /// Accepting no more, serving what was accepted.
    case draining
    /// Ending at once.
    case stopping
  }

  /// What the service is doing; a worker looks when it is woken.
  let phase = Atomic<Phase>(.serving)
  /// The memory for partial PDUs and unsent replies.
  let partialPDUMemory: MemoryBudget
  /// How many workers have begun to serve.
  let readyWorkers = Atomic<Int>(0)
  /// How many workers have ended.
  let endedWorkers = Atomic<Int>(0)
  /// What made a worker end that was not told to.
  let failure = Mutex<SystemError?>(nil)
  private let associations = Atomic<Int>(0)
  private let maxAssociations: Int

  init(maxAssociations: Int, partialPDUMemory: Int) {
    self.maxAssociations = maxAssociations
    self.partialPDUMemory = MemoryBudget(limit: partialPDUMemory)
  }

  /// Counts one more association, if there may be one: exact over all workers.
  func admitAssociation() -> Bool {
    var count = associations.load(ordering: .relaxed)
    while count < maxAssociations {
      let (isTaken, current) = associations.weakCompareExchange(
        expected: count, desired: count + 1, ordering: .relaxed)
      if isTaken { return true }
      count = current
    }
    return false
  }

  /// Counts one association less.
  func endAssociation() { associations.subtract(1, ordering: .relaxed) }
}
