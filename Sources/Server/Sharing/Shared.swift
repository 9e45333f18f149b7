import Linux
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
  /// How many workers have begun to serve.
  let readyWorkers = Atomic<Int>(0)
  /// How many workers have ended.
  let endedWorkers = Atomic<Int>(0)
  /// How many associations were aborted because the service ends at once.
  let abortedAtOnce = Atomic<Int>(0)
  /// What made a worker end that was not told to.
  let failure = Locked<SystemError?>(nil)
  /// Whether the next worker that has done something is to say so, once.
  let wantsNews = Atomic<Bool>(false)
  /// The edition of the policy now in force; a worker looks once a round.
  let edition = Atomic<Int>(0)
  /// How many connections without an association there are.
  let pending = Atomic<Int>(0)
  /// The turn of the last one that there has been.
  let lastTurn = Atomic<UInt64>(0)
  /// What each address has taken, once there is a limit to it.
  let addresses: AddressLedger
  /// How many connections each network has.
  let shares: AddressShares
  /// Who does not read what is sent.
  let stalled = StalledReceivers()
  private let termsInForce: Locked<(Policy, Limits)>
  private let mostConnections: Int
  private let connections = Atomic<Int>(0)
  private let associations = Atomic<Int>(0)
  private let maxAssociations: Atomic<Int>
  /// How many associations there are for which others have to give way still.
  private let owed = Atomic<Int>(0)
  private let links = Locked<[WorkerLink]>([])

  /// - Parameter connections: How many there can be.
  init(_ policy: Policy, _ limits: Limits, connections: Int) throws(SystemError) {
    termsInForce = Locked((policy, limits))
    mostConnections = connections
    maxAssociations = Atomic(limits.associations)
    addresses = try AddressLedger(connections: connections)
    shares = try AddressShares(connections: connections)
    share(limits)
  }

  private func share(_ limits: Limits) {
    shares.limitShares(
      pending: limits.pending / Limits.shares,
      associations: limits.sharesAssociations ? limits.associations / Limits.shares : .max)
  }

  /// The policy and limits now in force, and their edition.
  var policy: (Policy, Limits, edition: Int) {
    termsInForce.withLock { ($0.0, $0.1, edition.load(ordering: .relaxed)) }
  }

  /// Puts another policy and other limits in force; the result is their edition. Each worker is to be woken.
  func put(_ policy: Policy, _ limits: Limits) -> Int {
    maxAssociations.store(limits.associations, ordering: .relaxed)
    share(limits)
    return termsInForce.withLock {
      $0 = (policy, limits)
      return edition.add(1, ordering: .acquiringAndReleasing).newValue
    }
  }

  /// The turn of one more connection without an association, at `now`: behind those of all others.
  func nextTurn(at now: Instant) -> PendingList.Turn {
    var last = lastTurn.load(ordering: .relaxed)
    while true {
      let turn = PendingList.Turn(behind: PendingList.Turn(value: last), at: now)
      let (isTaken, current) = lastTurn.weakCompareExchange(
        expected: last, desired: turn.value, ordering: .relaxed)
      if isTaken { return turn }
      last = current
    }
  }

  /// Adds a worker to those that know each other.
  func add(_ link: WorkerLink) { links.withLock { $0.append(link) } }

  /// Wakes every worker.
  func wakeEverybody() {
    links.withLock { for link in $0 { link.wakeup.signal() } }
  }

  /// Wakes every worker but one, to make room if it can.
  func wake(allBut one: WorkerLink) {
    links.withLock { all in
      for link in all where link !== one { link.wakeup.signal() }
    }
  }

  /// Has every worker but one close what an address has too many.
  func ask(allBut one: WorkerLink, toRelieve address: CrowdedAddress) {
    links.withLock { all in
      for link in all where link !== one { link.ask(toRelieve: address) }
    }
  }

  /// The worker that has the oldest connection without an association, if there is one.
  func holderOfOldest() -> WorkerLink? {
    links.withLock { all in
      let holder = all.min { $0.oldestPending < $1.oldestPending }
      return holder?.oldestPending == .never ? nil : holder
    }
  }

  /// Counts one more connection, of whatever kind, if there may be one. A few more than there should be
  /// are counted, too, so that another worker has the time to make room.
  func admitConnection() -> Bool {
    Self.increment(connections, below: mostConnections + Places.mostOverdrawn)
  }

  /// Counts one connection less.
  func endConnection() { connections.subtract(1, ordering: .relaxed) }

  /// How many associations there are.
  var openAssociations: Int { associations.load(ordering: .relaxed) }

  /// Counts one more association, if there may be one: exact over all workers.
  func admitAssociation() -> Bool {
    Self.increment(associations, below: maxAssociations.load(ordering: .relaxed))
  }

  /// Counts one more association than there may be, for which another one has to give way.
  func admitAssociationOnCredit() -> Bool {
    let most = maxAssociations.load(ordering: .relaxed) + Places.mostOverdrawn
    guard Self.increment(associations, below: most) else { return false }
    owed.add(1, ordering: .relaxed)
    return true
  }

  /// Counts one more association, whatever their number is: of connections that were accepted before the
  /// service began to stop.
  func admitAssociationInDrain() { associations.add(1, ordering: .relaxed) }

  /// Whether an association has to give way for one that was admitted on credit. It has not when another
  /// one has ended meanwhile.
  var isOwed: Bool {
    if owed.load(ordering: .relaxed) <= 0 { return false }
    if openAssociations > maxAssociations.load(ordering: .relaxed) { return true }
    owed.store(0, ordering: .relaxed)
    return false
  }

  /// Takes it on to end an association for one that was admitted on credit; false when another worker
  /// does.
  func payOne() -> Bool { Self.decrement(owed, above: 0) }

  /// Counts one association less.
  func endAssociation() { associations.subtract(1, ordering: .relaxed) }

  /// Counts one connection without an association less, if there are more than `limit`.
  func uncountPending(above limit: Int) -> Bool { Self.decrement(pending, above: limit) }

  private static func increment(_ number: borrowing Atomic<Int>, below limit: Int) -> Bool {
    var count = number.load(ordering: .relaxed)
    while count < limit {
      let (isTaken, current) = number.weakCompareExchange(
        expected: count, desired: count + 1, ordering: .relaxed)
      if isTaken { return true }
      count = current
    }
    return false
  }

  private static func decrement(_ number: borrowing Atomic<Int>, above limit: Int) -> Bool {
    var count = number.load(ordering: .relaxed)
    while count > limit {
      let (isTaken, current) = number.weakCompareExchange(
        expected: count, desired: count - 1, ordering: .relaxed)
      if isTaken { return true }
      count = current
    }
    return false
  }
}
