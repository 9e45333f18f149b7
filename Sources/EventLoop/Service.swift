import CLinux
import Journal
public import Settings
import Synchronization
public import UpperLayer
import Verification

/// The service as a whole: its workers, and the signals that end it.
public enum Service {
  /// The most threads that `workers = auto` makes.
  private static let mostAutomaticWorkers = 4
  /// Descriptors that are not for connections: log, pollers, listeners and some to spare.
  private static let reservedDescriptors = 32
  /// The memory for partial PDUs in the whole process, in bytes.
  private static let partialPDUMemory = 32 << 20

  /// How many threads `settings` ask for.
  public static func workerCount(_ settings: Settings) -> Int {
    settings.workers ?? min(Int(cl_usable_cpus()), mostAutomaticWorkers)
  }

  /// Raises the soft limit of descriptors to the hard one; the result is that limit.
  public static func raiseDescriptorLimit() throws(SystemError) -> Int {
    Int(try check("setrlimit", cl_raise_descriptor_limit()))
  }

  /// Serves on `listeners` until a signal ends it: the first lets associations end, a second one
  /// ends at once.
  ///
  /// - Parameters:
  ///   - signals: Made before any thread.
  ///   - writer: With a queue for each worker, and the last one for the service itself.
  public static func run(
    _ settings: Settings, aeTitle: AETitle, listeners: [Listener],
    signals: borrowing SignalSource, writer: Writer, descriptorLimit: Int
  ) throws(SystemError) {
    let count = workerCount(settings)
    let room = max(1, descriptorLimit - reservedDescriptors - 2 * count)
    let shared = Shared(
      workers: count, maxAssociations: min(settings.maxAssociations ?? room, room),
      partialPDUMemory: partialPDUMemory)
    let scp = EchoSCP<WorkerHost>(
      aeTitle: aeTitle, requiresCalledAETitle: false,
      preference: TransferSyntaxPreference(settings.prefer), maximumLength: settings.maxPdu)
    let ended = try Wakeup()
    let common = WorkerThread.Common(
      settings: settings, shared: shared, listeners: listeners, scp: scp, writer: writer,
      ended: ended)
    var crew: [WorkerThread] = []
    for number in 0..<count { crew.append(try WorkerThread(number: number, common)) }
    for listener in listeners {
      writer.put(Record(.listening, about: Subject(peer: listener.address)), into: count)
    }
    for thread in crew { try thread.start() }
    ServiceManager.tell(.ready)
    try wait(for: signals, ended, shared: shared, crew: crew) {
      writer.put(Record(.stopping, about: nil), into: count)
    }
    for thread in crew { thread.join() }
    let associations = crew.reduce(0) { $0 + $1.counters.associations }
    let echoes = crew.reduce(0) { $0 + $1.counters.echoes }
    writer.put(
      Record(.stopped(associations: associations, echoes: echoes), about: nil), into: count)
    if let failure = shared.failure.withLock({ $0 }) { throw failure }
  }

  /// Waits until every worker has ended, and passes signals on to them.
  private static func wait(
    for signals: borrowing SignalSource, _ ended: Wakeup, shared: Shared, crew: [WorkerThread],
    stopping: () -> Void
  ) throws(SystemError) {
    let poller = try Poller()
    try poller.add(signals.number, .input, token: 0)
    try poller.add(ended.number, .input, token: 1)
    var events = InlineArray<64, cl_event>(repeating: cl_event())
    while shared.runningWorkers.load(ordering: .acquiring) > 0 {
      _ = try poller.wait(&events, milliseconds: -1)
      ended.clear()
      // A worker that failed takes the others with it.
      if shared.phase.load(ordering: .acquiring) == .stopping {
        for thread in crew { thread.wakeup.signal() }
      }
      while signals.take() {
        let isFirst = shared.phase.load(ordering: .relaxed) == .serving
        if isFirst { stopping() }
        ServiceManager.tell(.stopping)
        shared.phase.store(isFirst ? .draining : .stopping, ordering: .releasing)
        for thread in crew { thread.wakeup.signal() }
      }
    }
  }
}

extension TransferSyntaxPreference {
  /// The preference that a setting names.
  init(_ prefer: Preference) {
    self =
      switch prefer {
      case .none: .none
      case .uncompressed: .uncompressed
      case .little: .little
      case .big: .big
      case .implicit: .implicit
      }
  }
}
