public import Log
public import Systemd

/// The service at a glance: whether it answers, and what the journal has of the last 24 hours.
public struct ServiceReport: Sendable {
  /// The state of a unit and its name.
  public struct Unit: Sendable, Equatable {
    /// The name, such as `echoscpd.socket`.
    public let name: String
    /// Its state.
    public let state: UnitState

    /// The unit `name` in `state`.
    public init(name: String, state: UnitState) { (self.name, self.state) = (name, state) }
  }

  /// The unit of the service, and those of its sockets that are loaded; empty if the journal is from elsewhere.
  public let units: [Unit]
  /// The last record about a start or a reload; `nil` if the journal has none.
  public private(set) var start: JournalRecord?
  /// The time of the last record of an end of the service, in microseconds since 1970.
  private var end: UInt64?
  /// The number of echoes of the period.
  public var echoes: UInt64 = 0
  /// The number of failed attempts of each cause.
  private var counts: [String: UInt64] = [:]
  /// The number of health checks.
  public private(set) var healthChecks: UInt64 = 0
  /// The number of records that were lost.
  public private(set) var dropped: UInt64 = 0
  /// The number of records that were summed up in others.
  public var folded: UInt64 = 0
  /// The last problem of the service itself of each kind, the latest first.
  public private(set) var ownProblems: [Failure] = []
  /// What is known of the journal.
  public var journal: JournalFacts

  /// A report without any record.
  public init(units: [Unit], journal: JournalFacts) {
    (self.units, self.journal) = (units, journal)
  }

  /// The kinds of records of which the report needs every one.
  public static let kinds: [CatalogID] = [
    .started, .reloaded, .stopped, .stoppedAtOnce, .healthCheck,
  ]

  /// Adds a record of the period that is a failure or of one of ``kinds``, not older than those before it.
  public mutating func add(_ record: JournalRecord) {
    switch record.catalogID {
    case .started, .reloaded:
      addStart(record)
      ownProblems.removeAll { Self.isSettled($0, by: record) }
    case .stopped, .stoppedAtOnce: end = record.time
    case .healthCheck: healthChecks.increase(by: record.count)
    default: break
    }
    if record.catalogID == .recordsDropped { dropped.increase(by: record.count) }
    guard let failure = record.failure else { return }
    let isOfDevices = record.address != nil || record.isSum
    if isOfDevices { count(failure) }
    // Descriptors run out for all devices; the record may name the last one.
    if !isOfDevices || record.catalogID == .outOfDescriptors { addProblem(failure) }
  }

  /// How long before the record of a reload the problems are recorded that it finds, at most, in microseconds.
  private static let durationOfReload = 60 * Clock.second

  /// Whether a start or a reload shows that the problem is no more: what remains of it is recorded after a start, and
  /// just before the record of a reload.
  private static func isSettled(_ problem: Failure, by record: JournalRecord) -> Bool {
    switch problem.catalogID {
    case .configInvalid, .reloadFailed: true
    case .listenFailed: record.catalogID == .started
    case .tlsUnavailable:
      record.catalogID == .started || record.service.certificateDays != nil
    case .certificateExpires, .proxyNotTrusted:
      record.catalogID == .started
        || record.time - min(problem.time, record.time) > durationOfReload
    default: false
    }
  }

  /// Adds a record about a start or a reload, from before the period or not.
  public mutating func addStart(_ record: JournalRecord) {
    if record.time >= start?.time ?? 0 { start = record }
  }

  /// The largest number of causes that are counted one by one; a journal from elsewhere may have any words.
  private static let mostCauses = 256

  private mutating func count(_ failure: Failure) {
    let isKnown = counts[failure.cause] != nil || counts.count < Self.mostCauses
    counts[isKnown ? failure.cause : "other", default: 0].increase(by: failure.count)
  }

  /// The largest number of problems that are kept.
  private static let mostProblems = 16

  private mutating func addProblem(_ failure: Failure) {
    ownProblems.removeAll { $0.cause == failure.cause }
    ownProblems.insert(failure, at: 0)
    if ownProblems.count > Self.mostProblems { ownProblems.removeLast() }
  }

  /// The failed attempts of each cause, the most frequent one first.
  public var causes: [(cause: String, count: UInt64)] {
    counts.map { (cause: $0.key, count: $0.value) }
      .sorted { $0.count != $1.count ? $0.count > $1.count : $0.cause < $1.cause }
  }

  /// The number of failed attempts.
  public var failures: UInt64 { counts.values.reduce(into: 0) { $0.increase(by: $1) } }

  /// The unit of the service; `nil` if there is none, or no service manager was asked.
  public var serviceUnit: Unit? { units.first { $0.name.hasSuffix(".service") } }

  /// The sockets on which systemd listens for the service.
  public var socketUnits: [Unit] { units.filter { $0.name.hasSuffix(".socket") } }

  /// Whether the last start has an end; that is all that a journal from elsewhere tells.
  var hasEnded: Bool { end ?? 0 > start?.time ?? 0 }

  /// The end of the service.
  var endTime: UInt64? { hasEnded ? end : nil }
}

/// What a reader knows of the journal itself.
public struct JournalFacts: Sendable, Equatable {
  /// Where the records come from.
  public enum Source: Sendable, Equatable {
    /// The journal of this machine, on disk.
    case persistent
    /// The journal of this machine, which is lost at the next boot.
    case volatile
    /// Files from elsewhere.
    case elsewhere
  }

  /// Where the records come from.
  public var source: Source
  /// The time of the first record of the service that is kept, in microseconds since 1970; `nil` if there is none.
  public var keptSince: UInt64?
  /// The level of the last start or reload; `nil` if no record tells.
  public var logLevel: String?

  /// What is known of a journal.
  public init(source: Source, keptSince: UInt64? = nil, logLevel: String? = nil) {
    (self.source, self.keptSince, self.logLevel) = (source, keptSince, logLevel)
  }

  /// Whether records of successes are missing at the level; unknown is no.
  public var hidesSuccesses: Bool {
    switch logLevel {
    case "warning", "error", "critical": true
    default: false
    }
  }

  /// What a reader has to know about the records, in sentences without a full stop.
  public var limits: [String] {
    var limits: [String] = []
    if let logLevel, hidesSuccesses {
      limits.append(
        "successes are not logged at log-level \(logLevel): no echoes are counted; set log-level = info"
      )
    }
    if source == .volatile {
      limits.append(
        "the journal is volatile: it starts empty at each boot; to keep it, set Storage=persistent in journald.conf"
      )
    }
    return limits
  }
}
