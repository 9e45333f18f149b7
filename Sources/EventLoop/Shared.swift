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
  /// How many connections without an association there are.
  let pending = Atomic<Int>(0)
  /// How many there have been: the turn of the last one.
  let pendingTurns = Atomic<UInt64>(0)
  /// What each address has taken, once there is a limit to it.
  let addresses: AddressLedger
  private let termsInForce: Mutex<(Terms, Limits)>
  private let associations = Atomic<Int>(0)
  private let maxAssociations: Atomic<Int>
  private let colleagues = Mutex<[Colleague]>([])

  /// - Parameter room: How many connections there can be.
  init(_ terms: Terms, _ limits: Limits, room: Int) {
    termsInForce = Mutex((terms, limits))
    maxAssociations = Atomic(limits.associations)
    partialPDUMemory = MemoryBudget(limit: limits.partialPDUMemory)
    addresses = AddressLedger(connections: room)
  }

  /// The terms and limits now in force, and their edition.
  var terms: (Terms, Limits, edition: Int) {
    termsInForce.withLock { ($0.0, $0.1, edition.load(ordering: .relaxed)) }
  }

  /// Puts other terms and limits in force; the result is their edition. Each worker is to be woken.
  func put(_ terms: Terms, _ limits: Limits) -> Int {
    maxAssociations.store(limits.associations, ordering: .relaxed)
    partialPDUMemory.limit = limits.partialPDUMemory
    return termsInForce.withLock {
      $0 = (terms, limits)
      return edition.add(1, ordering: .acquiringAndReleasing).newValue
    }
  }

  /// Adds a worker to those that know each other.
  func add(_ colleague: Colleague) { colleagues.withLock { $0.append(colleague) } }

  /// Wakes every worker.
  func wakeEverybody() {
    colleagues.withLock { for colleague in $0 { colleague.wakeup.signal() } }
  }

  /// Has every worker but one close what an address has too many.
  func ask(allBut one: Colleague, toRelieve address: CrowdedAddress) {
    colleagues.withLock { all in
      for colleague in all where colleague !== one { colleague.ask(toRelieve: address) }
    }
  }

  /// The worker that has the oldest connection without an association, if there is one.
  func holderOfOldest() -> Colleague? {
    colleagues.withLock { all in
      let holder = all.min { $0.oldestPending < $1.oldestPending }
      return holder?.oldestPending == .max ? nil : holder
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

  /// Counts one connection without an association less, if there are more than `limit`.
  func takePending(above limit: Int) -> Bool {
    var count = pending.load(ordering: .relaxed)
    while count > limit {
      let (isTaken, current) = pending.weakCompareExchange(
        expected: count, desired: count - 1, ordering: .relaxed)
      if isTaken { return true }
      count = current
    }
    return false
  }

  /// Counts one association less.
  func endAssociation() { associations.subtract(1, ordering: .relaxed) }
}
