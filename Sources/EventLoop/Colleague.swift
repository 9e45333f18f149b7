import Synchronization

/// A worker as the other ones see it.
final class Colleague: Sendable {
  /// How many addresses it can be asked to relieve at once; it is asked again for what is beyond.
  private static let mostAddresses = 64

  /// Wakes it out of its poller.
  let wakeup: Wakeup
  private let oldest = Atomic<UInt64>(.max)
  private let isAskedForDescriptor = Atomic<Bool>(false)
  private let crowded = Mutex<[CrowdedAddress]>([])

  /// A worker that nothing is known of yet.
  init() throws(SystemError) { wakeup = try Wakeup() }

  /// The turn of its oldest connection without an association; the highest number when it has none.
  var oldestPending: UInt64 {
    get { oldest.load(ordering: .relaxed) }
    set { oldest.store(newValue, ordering: .relaxed) }
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
      if all.count < Self.mostAddresses { all.append(address) }
    }
    wakeup.signal()
  }

  /// An address that it was asked to relieve, once.
  func takeCrowdedAddress() -> CrowdedAddress? { crowded.withLock { $0.popLast() } }
}
