import Linux
import Synchronization

/// A worker as the other workers see it.
final class WorkerLink: Sendable {
  /// The maximum number of addresses waiting to be relieved; those beyond it are requested again.
  private static let mostRequests = 64

  /// Wakes the worker from its poller.
  let wakeup: Wakeup
  private let oldest = Atomic<UInt64>(PendingList.Turn.never.value)
  private let isAskedForDescriptor = Atomic<Bool>(false)
  private let crowded = Locked<[CrowdedAddress]>([])
  private let surplus = Locked<[(token: UInt64, limit: StalledReceivers.Limit)]>([])

  /// A link without requests, to a worker without connections.
  init() throws(SystemError) { wakeup = try Wakeup() }

  /// The turn of its oldest connection without an association; never if it has none.
  var oldestPending: PendingList.Turn {
    get { PendingList.Turn(value: oldest.load(ordering: .relaxed)) }
    set { oldest.store(newValue.value, ordering: .relaxed) }
  }

  /// Asks the worker to free a descriptor and accept a waiting connection.
  func askForDescriptor() {
    isAskedForDescriptor.store(true, ordering: .releasing)
    wakeup.signal()
  }

  /// Takes the request for a descriptor, if there is one.
  func takeDescriptorRequest() -> Bool {
    isAskedForDescriptor.exchange(false, ordering: .acquiringAndReleasing)
  }

  /// Asks the worker to close the oldest connections of an address that has too many.
  func ask(toRelieve address: CrowdedAddress) {
    crowded.withLock { all in
      all.removeAll { $0.key == address.key }
      if all.count < Self.mostRequests { all.append(address) }
    }
    wakeup.signal()
  }

  /// Takes an address to relieve, if there is one.
  func takeCrowdedAddress() -> CrowdedAddress? { crowded.withLock { $0.popLast() } }

  /// Asks the worker to close a receiver that lags behind and is no longer counted.
  func ask(toLetGo token: UInt64, _ limit: StalledReceivers.Limit) {
    surplus.withLock { $0.append((token, limit)) }
    wakeup.signal()
  }

  /// Takes a receiver to close, if there is one.
  func takeSurplus() -> (token: UInt64, limit: StalledReceivers.Limit)? {
    surplus.withLock { $0.popLast() }
  }
}

/// An address that has too many connections without an association.
struct CrowdedAddress {
  /// The key of the address.
  let key: AddressKey
  /// The turn of the connection over the limit: only older ones make room for it.
  let newest: PendingList.Turn
}

/// The counters of one worker, which alone writes them; any thread may read.
final class Counters: Sendable {
  private let acceptedAssociations = Atomic<UInt64>(0)
  private let rejectedAssociations = Atomic<UInt64>(0)
  private let answeredEchoes = Atomic<UInt64>(0)
  private let finishedRounds = Atomic<UInt64>(0)
  private let termsInForce = Atomic<Int>(0)

  /// The number of associations accepted.
  var associations: UInt64 { acceptedAssociations.load(ordering: .relaxed) }
  /// The number of associations rejected.
  var rejections: UInt64 { rejectedAssociations.load(ordering: .relaxed) }
  /// The number of C-ECHO-RQs answered.
  var echoes: UInt64 { answeredEchoes.load(ordering: .relaxed) }
  /// The number of rounds of the worker's loop.
  var rounds: UInt64 { finishedRounds.load(ordering: .relaxed) }
  /// The edition of the policy under which the worker accepts.
  var edition: Int { termsInForce.load(ordering: .acquiring) }

  /// Counts an association.
  func countAssociation() { acceptedAssociations.store(associations &+ 1, ordering: .relaxed) }

  /// Counts a rejection.
  func countRejection() { rejectedAssociations.store(rejections &+ 1, ordering: .relaxed) }

  /// Counts an echo.
  func countEcho() { answeredEchoes.store(echoes &+ 1, ordering: .relaxed) }

  /// Counts a round.
  func countRound() { finishedRounds.store(rounds &+ 1, ordering: .relaxed) }

  /// Notes that the worker accepts under this edition of the policy from now on.
  func enter(_ edition: Int) { termsInForce.store(edition, ordering: .releasing) }
}
