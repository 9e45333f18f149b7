import Glibc
import Linux
import Log
import Settings
import Synchronization
import TestKit
import Testing

@testable import Server

/// Workers on their own threads, as in the program, without a process around them.
final class Crew {
  let shared: Shared
  let listener: Listener
  let threads: [WorkerThread]
  private var isRunning = false
  /// The descriptor limit that the workers assume.
  private static let descriptors = 4200

  /// Workers that do not run yet, with a local listener.
  init(
    workers: Int = 1, maxAssociations: Int? = 1000, partialPDUMemory: Int = 32 << 20,
    writer: LogWriter? = nil, _ change: (inout Settings) -> Void = { _ in }
  ) throws(SystemError) {
    // As in the program, which sends replies with write(2).
    signal(SIGPIPE, SIG_IGN)
    var settings = Settings()
    change(&settings)
    guard let places = Places(descriptors: Self.descriptors, workers: workers) else {
      throw .outOfMemory
    }
    var limits = Limits(settings, places)
    if let maxAssociations {
      limits.associations = maxAssociations
      limits.sharesAssociations = false
    }
    limits.partialPDUMemory = partialPDUMemory
    shared = try Shared(Policy(settings), limits, connections: places.connections)
    listener = try Listener.onAFreePort()
    let writer = if let writer { writer } else { try LogWriter(queueCount: workers, level: nil) }
    let common = WorkerThread.Common(
      shared: shared, listeners: [listener], writer: writer, workers: workers,
      progress: try Wakeup())
    var threads: [WorkerThread] = []
    for number in 0..<workers { threads.append(try WorkerThread(number: number, common)) }
    self.threads = threads
  }

  /// Returns workers that are running.
  static func running(
    workers: Int = 1, maxAssociations: Int? = 1000, partialPDUMemory: Int = 32 << 20,
    _ change: (inout Settings) -> Void = { _ in }
  ) throws(SystemError) -> Crew {
    let crew = try Crew(
      workers: workers, maxAssociations: maxAssociations, partialPDUMemory: partialPDUMemory,
      writer: nil, change)
    try crew.start()
    return crew
  }

  deinit { if isRunning { stop(.stopping) } }

  /// Starts the workers.
  func start() throws(SystemError) {
    for thread in threads { try thread.start() }
    isRunning = true
  }

  /// Returns a client connected to the workers.
  func client(isNarrow: Bool = false) throws(SystemError) -> Client {
    try Client(to: listener.address, isNarrow: isNarrow)
  }

  /// Puts another policy and limit in force, as a reload does, and waits until every worker has adopted them.
  func put(_ policy: Policy, maxAssociations: Int) {
    var limits = Limits()
    limits.associations = maxAssociations
    put(policy, limits)
  }

  /// Puts another policy and other limits in force, and waits until every worker has adopted them.
  func put(_ policy: Policy, _ limits: Limits = Limits()) {
    let edition = shared.put(policy, limits)
    for thread in threads { thread.wakeup.signal() }
    #expect(eventually { threads.allSatisfy { $0.counters.edition == edition } })
  }

  /// Tells the workers to end, at once or when their connections have ended.
  func enter(_ phase: Shared.Phase) {
    shared.phase.store(phase, ordering: .releasing)
    for thread in threads { thread.wakeup.signal() }
  }

  /// Tells the workers to end, waits for that, and returns how many milliseconds it took.
  @discardableResult
  func stop(_ phase: Shared.Phase) -> UInt64 {
    let stopwatch = Stopwatch()
    enter(phase)
    waitForEnd()
    return stopwatch.passed
  }

  /// Waits until every worker has ended.
  func waitForEnd() {
    for thread in threads { thread.join() }
    isRunning = false
  }

  /// The memory for partial PDUs in use by all workers, in bytes.
  var partialPDUMemoryInUse: Int { threads.reduce(0) { $0 + $1.partialPDUMemory.inUse } }
  /// Whether every worker has ended.
  var hasEnded: Bool { shared.endedWorkers.load(ordering: .acquiring) == threads.count }
  /// The number of associations accepted by all workers.
  var associations: UInt64 { threads.reduce(0) { $0 + $1.counters.associations } }
  /// The number of echoes answered by all workers.
  var echoes: UInt64 { threads.reduce(0) { $0 + $1.counters.echoes } }
}
