import Linux
import Synchronization

/// The state that the workers share: a few atomic counters and locked tables, none of them touched by an echo.
final class Shared: Sendable {
  /// The phases of the service.
  enum Phase: UInt8, AtomicRepresentable {
    /// Accepting and serving.
    case serving
    /// Accepting no more connections, serving those accepted.
    case draining
    /// Ending at once.
    case stopping
  }

  /// The phase of the service; a worker checks it in every round.
  let phase = Atomic<Phase>(.serving)
  /// The number of workers that have begun to serve.
  let readyWorkers = Atomic<Int>(0)
  /// The number of workers that have ended.
  let endedWorkers = Atomic<Int>(0)
  /// The number of associations aborted because the service ends at once.
  let abortedAtOnce = Atomic<Int>(0)
  /// The error that made a worker end unasked, if any.
  let failure = Locked<SystemError?>(nil)
  /// Whether the next worker that has done something signals it, once.
  let wantsNews = Atomic<Bool>(false)
  /// The edition of the policy in force; a worker checks it once a round.
  let edition = Atomic<Int>(0)
  /// The number of connections without an association.
  let pending = Atomic<Int>(0)
  /// The latest turn given to a connection without an association.
  let lastTurn = Atomic<UInt64>(0)
  /// The use by each address, if there is a limit per address.
  let addresses: AddressLedger
  /// The number of connections of each network.
  let shares: AddressShares
  /// The peers that lag behind with reading.
  let stalled = StalledReceivers()
  private let termsInForce: Locked<(Policy, Limits)>
  private let mostConnections: Int
  private let connections = Atomic<Int>(0)
  private let associations = Atomic<Int>(0)
  private let secureAssociations = Atomic<Int>(0)
  private let maxAssociations: Atomic<Int>
  /// The number of associations for which others must still give way.
  private let owed = Atomic<Int>(0)
  private let links = Locked<[WorkerLink]>([])

  /// - Parameter connections: The maximum number of connections.
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

  /// The policy and limits in force, and their edition.
  var policy: (Policy, Limits, edition: Int) {
    termsInForce.withLock { ($0.0, $0.1, edition.load(ordering: .relaxed)) }
  }

  /// Puts another policy and other limits in force and returns their edition. The caller wakes the workers.
  func put(_ policy: Policy, _ limits: Limits) -> Int {
    maxAssociations.store(limits.associations, ordering: .relaxed)
    share(limits)
    return termsInForce.withLock {
      $0 = (policy, limits)
      return edition.add(1, ordering: .acquiringAndReleasing).newValue
    }
  }

  /// Takes the turn for a new connection without an association at `now`, after those of all others.
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

  /// Adds a worker, so that the others can reach it.
  func add(_ link: WorkerLink) { links.withLock { $0.append(link) } }

  /// Wakes every worker.
  func wakeEverybody() {
    links.withLock { for link in $0 { link.wakeup.signal() } }
  }

  /// Wakes all workers but one, to make room if they can.
  func wake(allBut one: WorkerLink) {
    links.withLock { all in
      for link in all where link !== one { link.wakeup.signal() }
    }
  }

  /// Asks all workers but one to close excess connections of an address.
  func ask(allBut one: WorkerLink, toRelieve address: CrowdedAddress) {
    links.withLock { all in
      for link in all where link !== one { link.ask(toRelieve: address) }
    }
  }

  /// The worker that has the oldest connection without an association, or `nil` if there is none.
  func holderOfOldest() -> WorkerLink? {
    links.withLock { all in
      let holder = all.min { $0.oldestPending < $1.oldestPending }
      return holder?.oldestPending == .never ? nil : holder
    }
  }

  /// Counts one more connection of any kind, if there may be one. A few beyond the limit are allowed, so that
  /// another worker has time to make room.
  func admitConnection() -> Bool {
    Self.increment(connections, below: mostConnections + Places.mostOverdrawn)
  }

  /// Counts one less connection.
  func endConnection() { connections.subtract(1, ordering: .relaxed) }

  /// The number of open associations.
  var openAssociations: Int { associations.load(ordering: .relaxed) }

  /// Counts one more association, if there may be one. The limit is exact over all workers.
  func admitAssociation() -> Bool {
    Self.increment(associations, below: maxAssociations.load(ordering: .relaxed))
  }

  /// Counts one more association with TLS, if there may be one.
  func admitSecureAssociation(below limit: Int) -> Bool {
    Self.increment(secureAssociations, below: limit)
  }

  /// Counts one less association with TLS.
  func endSecureAssociation() { secureAssociations.subtract(1, ordering: .relaxed) }

  /// Counts one association beyond the limit, for which another one must give way.
  func admitAssociationOnCredit() -> Bool {
    let most = maxAssociations.load(ordering: .relaxed) + Places.mostOverdrawn
    guard Self.increment(associations, below: most) else { return false }
    owed.add(1, ordering: .relaxed)
    return true
  }

  /// Counts one more association regardless of the limit: for connections accepted before the service began
  /// to stop.
  func admitAssociationInDrain() { associations.add(1, ordering: .relaxed) }

  /// Whether an association must give way for one admitted on credit; none must if one has ended meanwhile.
  var isOwed: Bool {
    if owed.load(ordering: .relaxed) <= 0 { return false }
    if openAssociations > maxAssociations.load(ordering: .relaxed) { return true }
    owed.store(0, ordering: .relaxed)
    return false
  }

  /// Claims the task of ending an association for one admitted on credit. Returns `false` if another worker
  /// has claimed it.
  func payOne() -> Bool { Self.decrement(owed, above: 0) }

  /// Counts one less association.
  func endAssociation() { associations.subtract(1, ordering: .relaxed) }

  /// Counts one less connection without an association, if there are more than `limit`.
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
