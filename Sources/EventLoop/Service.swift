import CLinux
import Journal
public import Settings

/// The service as a whole: its workers, and the signals that end it.
public enum Service {
  /// The most threads that `workers = auto` makes.
  private static let mostAutomaticWorkers = 4
  /// Descriptors that are not for connections: log, pollers, listeners and some to spare.
  private static let reservedDescriptors = 32

  /// How many threads `settings` ask for.
  public static func workerCount(_ settings: Settings) -> Int {
    settings.workers ?? min(Int(cl_usable_cpus()), mostAutomaticWorkers)
  }

  /// Raises the soft limit of descriptors to the hard one; the result is that limit.
  public static func raiseDescriptorLimit() throws(SystemError) -> Int {
    Int(try check("setrlimit", cl_raise_descriptor_limit()))
  }

  /// What is to be said of `settings` where there can be `room` associations.
  static func remarks(_ settings: Settings, room: Int) -> [Record] {
    guard let wanted = settings.maxAssociations, wanted > room else { return [] }
    return [Record(.maxAssociationsLowered(wanted: wanted, possible: room), about: nil)]
  }

  /// Serves on `listeners` until a signal ends it: the first lets associations end, a second one
  /// ends at once.
  ///
  /// - Parameters:
  ///   - terms: Those of `settings`.
  ///   - signals: Made before any thread.
  ///   - writer: With a queue for each worker, and the last one for the service itself.
  ///   - reread: Reads the settings once more, when a signal asks for it.
  public static func run(
    _ settings: Settings, _ terms: Terms, listeners: [Listener],
    signals: borrowing SignalSource, writer: Writer, descriptorLimit: Int,
    reread: @escaping () -> Reread
  ) throws(SystemError) {
    let count = workerCount(settings)
    let room = max(1, descriptorLimit - reservedDescriptors - 2 * count)
    for record in remarks(settings, room: room) { writer.put(record, into: count) }
    let limits = Limits(settings, room: room)
    for listener in listeners { listener.limitUnread(limits.unread) }
    let shared = Shared(terms, limits, room: room)
    let common = WorkerThread.Common(
      shared: shared, listeners: listeners, writer: writer, progress: try Wakeup())
    var supervisor = try Supervisor(workers: count, common, settings, room: room, reread: reread)
    try supervisor.start()
    try supervisor.wait(for: signals)
  }
}
