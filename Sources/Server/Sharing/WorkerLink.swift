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
