import Linux
import Synchronization

/// A worker as the other ones see it.
final class WorkerLink: Sendable {
  /// How many requests of each kind wait at once; what is beyond is asked for again.
  private static let mostRequests = 64

  /// Wakes it out of its poller.
  let wakeup: Wakeup
  private let oldest = Atomic<UInt64>(PendingList.Turn.never.value)
  private let isAskedForDescriptor = Atomic<Bool>(false)
  private let crowded = Locked<[CrowdedAddress]>([])
  private let surplus = Locked<[(token: UInt64, limit: StalledReceivers.Limit)]>([])

  /// A worker that nothing is known of yet.
  init() throws(SystemError) { wakeup = try Wakeup() }

  /// The turn of its oldest connection without an association; never when it has none.
  var oldestPending: PendingList.Turn {
    get { PendingList.Turn(value: oldest.load(ordering: .relaxed)) }
    set { oldest.store(newValue.value, ordering: .relaxed) }
  }

  /// Has it free a descriptor, and accept what waits.
  func askForDescriptor() {
    isAskedForDescriptor.store(true, ordering: .releasing)
    wakeup.signal()
  }

  /// Whether it was asked to, once.
  func takeDescriptorRequest() -> Bool {
    isAskedForDescriptor.exchange(false, ordering: .acquiringAndReleasing)
  }

  /// Has it close the oldest connections of an address that has too many of them.
  func ask(toRelieve address: CrowdedAddress) {
    crowded.withLock { all in
      all.removeAll { $0.key == address.key }
      if all.count < Self.mostRequests { all.append(address) }
    }
    wakeup.signal()
  }

  /// An address that it was asked to relieve, once.
  func takeCrowdedAddress() -> CrowdedAddress? { crowded.withLock { $0.popLast() } }

  /// Has it let a receiver go that lags behind, and is no longer among those that are counted.
  func ask(toLetGo token: UInt64, _ limit: StalledReceivers.Limit) {
    surplus.withLock { $0.append((token, limit)) }
    wakeup.signal()
  }

  /// A receiver that it was asked to let go, once.
  func takeSurplus() -> (token: UInt64, limit: StalledReceivers.Limit)? {
    surplus.withLock { $0.popLast() }
  }
}

/// An address that has too many connections without an association.
struct CrowdedAddress {
  /// Whose they are.
  let key: AddressKey
  /// The turn of the one that is one too many: only older ones make room for it.
  let newest: PendingList.Turn
}

/// What one worker has done; it alone writes, anybody reads.
final class Counters: Sendable {
  private let acceptedAssociations = Atomic<UInt64>(0)
  private let rejectedAssociations = Atomic<UInt64>(0)
  private let answeredEchoes = Atomic<UInt64>(0)
  private let finishedRounds = Atomic<UInt64>(0)
  private let termsInForce = Atomic<Int>(0)

  /// How many associations were accepted.
  var associations: UInt64 { acceptedAssociations.load(ordering: .relaxed) }
  /// How many associations were rejected.
  var rejections: UInt64 { rejectedAssociations.load(ordering: .relaxed) }
  /// How many C-ECHO-RQs were answered.
  var echoes: UInt64 { answeredEchoes.load(ordering: .relaxed) }
  /// How often the worker has gone round its loop.
  var rounds: UInt64 { finishedRounds.load(ordering: .relaxed) }
  /// The edition of the policy under which it accepts.
  var edition: Int { termsInForce.load(ordering: .acquiring) }

  /// Counts an association.
  func countAssociation() { acceptedAssociations.store(associations &+ 1, ordering: .relaxed) }

  /// Counts a rejection.
  func countRejection() { rejectedAssociations.store(rejections &+ 1, ordering: .relaxed) }

  /// Counts an echo.
  func countEcho() { answeredEchoes.store(echoes &+ 1, ordering: .relaxed) }

  /// Counts a round.
  func countRound() { finishedRounds.store(rounds &+ 1, ordering: .relaxed) }

  /// Says that the worker accepts under the policy of this edition from now on.
  func enter(_ edition: Int) { termsInForce.store(edition, ordering: .releasing) }
}
