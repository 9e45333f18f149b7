public import Linux
public import Log
public import Settings
public import TLS
import UpperLayer

/// The service as a whole: its workers, and the signals that end it.
public enum Service {
  /// The maximum number of threads for `workers = auto`.
  private static let mostAutomaticWorkers = 4
  /// The number of worker threads that `settings` ask for.
  public static func workerCount(_ settings: Settings) -> Int {
    settings.workers ?? min(Process.usableCPUs, mostAutomaticWorkers)
  }

  /// The records to log about `settings`, given the number of connections available.
  public static func remarks(_ settings: Settings, _ places: Places) -> [Record] {
    let possible = Limits(settings, places).associations
    guard let wanted = settings.maxAssociations, wanted > possible else { return [] }
    return [Record(.maxAssociationsLowered(wanted: wanted, possible: possible), about: nil)]
  }

  /// The facts for the record of a start or reload of a service with `settings` and the TLS context `context` that
  /// logs to `writer`.
  public static func facts(
    _ settings: Settings, _ context: Context?, _ listeners: [Listener], _ writer: LogWriter
  ) -> ServiceFacts {
    let own = context?.chain.first
    func addresses(_ isIncluded: (Listener.Kind) -> Bool) -> [NetworkAddress] {
      listeners.filter { isIncluded($0.kind) }.map(\.address)
    }
    return ServiceFacts(
      level: writer.level, aeTitle: settings.aeTitle.unpadded,
      listeners: addresses { $0 == .plain },
      arePassed: listeners.contains(where: \.isPassed),
      tls: own.map {
        ServiceFacts.TLS(
          subject: $0.subject, days: $0.daysLeft(at: WallTime.now.seconds))
      },
      tlsListeners: addresses { $0 == .tls },
      proxyListeners: addresses(\.isRelayed))
  }

  /// Serves on `listeners` until a signal ends it: the first signal lets associations finish, the second
  /// aborts them.
  ///
  /// - Parameters:
  ///   - policy: The policy of `settings`.
  ///   - signals: Created before any thread.
  ///   - writer: Has one queue per worker, and a last one for the service itself.
  ///   - places: Has as many workers as ``workerCount(_:)`` returns.
  ///   - reread: Reads the settings again when a signal asks for it.
  public static func run(
    _ settings: Settings, _ policy: Policy, listeners: [Listener],
    signals: borrowing Signals, writer: LogWriter, places: Places,
    reread: @escaping () -> ReloadedConfiguration
  ) throws(SystemError) {
    let count = places.workers
    writer.know(devices: policy.deviceRules.names)
    for record in remarks(settings, places) { writer.put(record, into: count) }
    let limits = Limits(settings, places)
    for listener in listeners { listener.limitUnread(limits.unread) }
    let shared = try Shared(policy, limits, connections: places.connections)
    let common = WorkerThread.Common(
      shared: shared, listeners: listeners, writer: writer, workers: places.workers,
      progress: try Wakeup())
    var supervisor = try Supervisor(common, settings, policy, places, reread: reread)
    try supervisor.start()
    try supervisor.wait(for: signals)
  }
}
