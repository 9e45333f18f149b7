import CLinux
import Journal
import Synchronization

/// What the main thread does while the workers serve: it passes signals on to them, tells the
/// service manager how they are, and sees them end.
struct Supervisor {
  private let common: WorkerThread.Common
  private let crew: [WorkerThread]
  private let poller: Poller

  /// A supervisor of `workers` threads, which do not run yet. Every descriptor that the service
  /// needs is open when this returns, before the first connection can take one.
  init(workers: Int, _ common: WorkerThread.Common) throws(SystemError) {
    self.common = common
    var crew: [WorkerThread] = []
    for number in 0..<workers { crew.append(try WorkerThread(number: number, common)) }
    self.crew = crew
    poller = try Poller()
    try poller.add(common.progress.number, .input, token: 0)
  }

  /// Starts the workers.
  func start() throws(SystemError) {
    for thread in crew { try thread.start() }
  }

  /// Waits until every worker has ended. The first signal lets associations end, a second one ends
  /// them at once.
  func wait(for signals: borrowing SignalSource) throws(SystemError) {
    try poller.add(signals.number, .input, token: 1)
    var isReady = false
    var events = InlineArray<64, cl_event>(repeating: cl_event())
    while common.shared.endedWorkers.load(ordering: .acquiring) < crew.count {
      _ = try poller.wait(&events, milliseconds: -1)
      common.progress.clear()
      if !isReady, common.shared.readyWorkers.load(ordering: .acquiring) == crew.count {
        isReady = true
        // Not any more when a signal has come first.
        if common.shared.phase.load(ordering: .acquiring) == .serving { announce() }
      }
      // A worker that failed takes the others with it.
      if common.shared.phase.load(ordering: .acquiring) == .stopping { wakeEverybody() }
      while signals.take() { stop() }
    }
    try conclude()
  }

  private func announce() {
    for listener in common.listeners { report(.listening, Subject(peer: listener.address)) }
    ServiceManager.tell(.ready)
  }

  private func stop() {
    // Not back to draining when a worker has failed meanwhile.
    let isFirst = common.shared.phase.compareExchange(
      expected: .serving, desired: .draining, ordering: .acquiringAndReleasing
    ).exchanged
    if isFirst {
      report(.stopping)
      ServiceManager.tell(.stopping)
    } else {
      common.shared.phase.store(.stopping, ordering: .releasing)
    }
    wakeEverybody()
  }

  private func wakeEverybody() {
    for thread in crew { thread.wakeup.signal() }
  }

  private func conclude() throws(SystemError) {
    for thread in crew { thread.join() }
    report(
      .stopped(
        associations: crew.reduce(0) { $0 + $1.counters.associations },
        echoes: crew.reduce(0) { $0 + $1.counters.echoes }))
    if let failure = common.shared.failure.withLock({ $0 }) { throw failure }
  }

  /// The last queue of the writer is the main thread's.
  private func report(_ event: Event, _ subject: Subject? = nil) {
    common.writer.put(Record(event, about: subject), into: crew.count)
  }
}
