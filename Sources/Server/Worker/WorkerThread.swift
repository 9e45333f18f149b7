import Linux
import Log
import Synchronization

/// A worker and its thread, on which it is created, used and destroyed.
final class WorkerThread: Sendable {
  /// How long to wait for the end of a worker that was told to end at once, in milliseconds.
  private static let patience: Int32 = 5000

  /// The objects that all workers of a service share.
  struct Common: Sendable {
    let shared: Shared
    let listeners: [Listener]
    let writer: LogWriter
    /// The number of workers.
    let workers: Int
    /// Signaled when a worker has begun to serve, has adopted another policy, has news that was requested, or
    /// has ended.
    let progress: Wakeup
  }

  /// The counters of the worker.
  let counters = Counters()
  /// The budget of the worker for partial PDUs.
  let partialPDUMemory: MemoryBudget
  /// The worker as the others see it.
  private let link: WorkerLink
  /// Wakes the worker from its poller.
  var wakeup: Wakeup { link.wakeup }
  /// The worker's poller, until the worker runs.
  private let poller: Locked<Poller?>
  private let number: Int
  private let common: Common
  private let thread = Locked<Thread?>(nil)

  /// The worker with this number, which does not run yet.
  init(number: Int, _ common: Common) throws(SystemError) {
    self.number = number
    self.common = common
    // All descriptors are opened before the first connection can take one.
    link = try WorkerLink()
    poller = Locked(try Poller())
    partialPDUMemory = MemoryBudget(limit: common.shared.policy.1.partialPDUMemory)
    common.shared.add(link)
  }

  /// Starts the thread.
  func start() throws(SystemError) {
    let started = try Thread(name: "worker-\(number)") { self.run() }
    thread.withLock { $0 = started }
  }

  /// Waits for the thread to end.
  func join() { thread.withLock { _ = $0?.join(milliseconds: Self.patience) } }

  private func run() {
    let shared = common.shared
    guard let poller = poller.withLock({ $0.take() }) else { return }
    do throws(SystemError) {
      var worker = try Worker(
        shared: shared, poller: poller, listeners: common.listeners, link: link,
        progress: common.progress, counters: counters, partialPDUMemory: partialPDUMemory,
        writer: common.writer, queue: number, workers: common.workers)
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
