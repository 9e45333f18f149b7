import CLinux
import Journal
public import Settings
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
    _ settings: Settings, aeTitle: AETitle, callingAETitles: [AETitlePattern],
    listeners: [Listener],
    signals: borrowing SignalSource, writer: Writer, descriptorLimit: Int
  ) throws(SystemError) {
    let count = workerCount(settings)
    let room = max(1, descriptorLimit - reservedDescriptors - 2 * count)
    if let wanted = settings.maxAssociations, wanted > room {
      let event = Event.maxAssociationsLowered(wanted: wanted, possible: room)
      writer.put(Record(event, about: nil), into: count)
    }
    let shared = Shared(
      maxAssociations: min(settings.maxAssociations ?? room, room),
      partialPDUMemory: partialPDUMemory)
    let scp = EchoSCP<WorkerHost>(
      aeTitle: aeTitle, requiresCalledAETitle: settings.requireCalledAeTitle,
      callingAETitles: callingAETitles,
      preference: TransferSyntaxPreference(settings.prefer), maximumLength: settings.maxPdu)
    let common = WorkerThread.Common(
      settings: settings, shared: shared, listeners: listeners, scp: scp, writer: writer,
      progress: try Wakeup())
    let supervisor = try Supervisor(workers: count, common)
    try supervisor.start()
    try supervisor.wait(for: signals)
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
