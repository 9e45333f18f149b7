import Linux
import Log
import Synchronization

/// A worker and the thread it runs on; the worker is made, used and unmade there.
final class WorkerThread: Sendable {
  /// How long a worker that was told to end at once may take, in milliseconds.
  private static let patience: Int32 = 5000

  /// What every worker of a service has in common.
  struct Common: Sendable {
    let shared: Shared
    let listeners: [Listener]
    let writer: LogWriter
    /// Signalled when a worker has begun to serve, has adopted another policy, has the news that somebody
    /// wants, or has ended.
    let progress: Wakeup
  }

  /// What it has done.
  let counters = Counters()
  /// The memory for partial PDUs that it may take.
  let partialPDUMemory: MemoryBudget
  /// What the others see of it.
  private let link: WorkerLink
  /// Wakes it out of its poller.
  var wakeup: Wakeup { link.wakeup }
  /// The worker's, until it runs.
  private let poller: Locked<Poller?>
  private let number: Int
  private let common: Common
  private let thread = Locked<Thread?>(nil)

  /// Worker number `number`; it does not run yet.
  init(number: Int, _ common: Common) throws(SystemError) {
    self.number = number
    self.common = common
    // All descriptors are there before the first connection can take one.
    link = try WorkerLink()
    poller = Locked(try Poller())
    partialPDUMemory = MemoryBudget(limit: common.shared.policy.1.partialPDUMemory)
    common.shared.add(link)
  }

  /// Starts it.
  func start() throws(SystemError) {
    let started = try Thread(name: "worker-\(number)") { self.run() }
    thread.withLock { $0 = started }
  }

  /// Waits for its end.
  func join() { thread.withLock { _ = $0?.join(milliseconds: Self.patience) } }

  private func run() {
    let shared = common.shared
    guard let poller = poller.withLock({ $0.take() }) else { return }
    do throws(SystemError) {
      var worker = try Worker(
        shared: shared, poller: poller, listeners: common.listeners, link: link,
        progress: common.progress, counters: counters, partialPDUMemory: partialPDUMemory,
        writer: common.writer, queue: number)
      shared.readyWorkers.add(1, ordering: .acquiringAndReleasing)
      common.progress.signal()
      try worker.run()
    } catch {
      shared.failure.withLock { $0 = error }
      shared.phase.store(.stopping, ordering: .releasing)
    }
    shared.endedWorkers.add(1, ordering: .acquiringAndReleasing)
    common.progress.signal()
  }
}
