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
  /// Whether the next worker that has done something is to say so, once.
  let wantsNews = Atomic<Bool>(false)
  /// The edition of the terms now in force; a worker looks once a round.
  let edition = Atomic<Int>(0)
  private let termsInForce: Mutex<Terms>
  private let associations = Atomic<Int>(0)
  private let maxAssociations: Atomic<Int>

  init(_ terms: Terms, maxAssociations: Int, partialPDUMemory: Int) {
    termsInForce = Mutex(terms)
    self.maxAssociations = Atomic(maxAssociations)
    self.partialPDUMemory = MemoryBudget(limit: partialPDUMemory)
  }

  /// The terms now in force, and their edition.
  var terms: (Terms, edition: Int) {
    termsInForce.withLock { ($0, edition.load(ordering: .relaxed)) }
  }

  /// Puts other terms in force; the result is their edition. Each worker is to be woken.
  func put(_ terms: Terms, maxAssociations: Int) -> Int {
    self.maxAssociations.store(maxAssociations, ordering: .relaxed)
    return termsInForce.withLock {
      $0 = terms
      return edition.add(1, ordering: .acquiringAndReleasing).newValue
    }
  }

  /// How many associations there are.
  var openAssociations: Int { associations.load(ordering: .relaxed) }

  /// Counts one more association, if there may be one: exact over all workers.
  func admitAssociation() -> Bool {
    var count = associations.load(ordering: .relaxed)
    while count < maxAssociations.load(ordering: .relaxed) {
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
