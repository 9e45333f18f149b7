/// A device as the journal shows it: a calling AE title at an address.
public struct PeerRow: Sendable, Equatable {
  /// What identifies a device.
  public struct Key: Hashable, Sendable {
    /// The calling AE title; `nil` if the device failed before it sent one.
    public let title: String?
    /// The address; `nil` for a `[device]` section that no record belongs to.
    public let address: String?
  }

  /// The state of a device, worst first.
  public enum State: Int, Sendable, Comparable {
    /// Its last attempt failed.
    case failing
    /// It did not come in the period.
    case absent
    /// It connected, but no echo was answered.
    case noEcho
    /// It only opens connections, as monitoring systems do, or checks with an echo, as load balancers do.
    case healthCheck
    /// Its last attempt had an echo.
    case ok

    /// Whether `left` is worse than `right`.
    public static func < (left: State, right: State) -> Bool { left.rawValue < right.rawValue }

    /// The state in a word.
    public var word: String {
      switch self {
      case .failing: "failing"
      case .absent: "absent"
      case .noEcho: "no-echo"
      case .healthCheck: "check"
      case .ok: "ok"
      }
    }
  }

  /// The title and the address.
  public let key: Key
  /// Whether a `[device]` section has this title.
  public internal(set) var isConfigured = false
  /// The product, or else the implementation version name or class UID.
  public private(set) var product: String?
  /// The time of the first record in the period, in microseconds since 1970; `nil` if there is none.
  public private(set) var firstSeen: UInt64?
  /// The time of the last record. That of an absent device may be before the period.
  public internal(set) var lastSeen: UInt64?
  /// The time of the last record with an echo.
  public internal(set) var lastEcho: UInt64?
  /// The number of echoes that were answered.
  public private(set) var echoes: UInt64 = 0
  /// The number of failed attempts.
  public private(set) var failures: UInt64 = 0
  /// The number of connections without a byte.
  public private(set) var healthChecks: UInt64 = 0
  /// The last failure.
  public private(set) var lastFailure: Failure?
  /// What a stricter acceptor would have refused in the last attempt that had an echo.
  public private(set) var notes: [String] = []
  /// What became of the last attempt; that of a health check without an echo counts only if there is nothing else.
  public private(set) var lastOutcome: Outcome?

  /// A row without any record.
  init(_ key: Key) { self.key = key }

  /// The state.
  public var state: State {
    switch lastOutcome {
    case .failed: .failing
    case .echoed: .ok
    case .noEcho: .noEcho
    case .healthCheck: .healthCheck
    case nil: firstSeen == nil ? .absent : .noEcho
    }
  }

  /// Adds a record, which is not older than those before it.
  mutating func add(_ record: JournalRecord) {
    firstSeen = firstSeen ?? record.time
    lastSeen = record.time
    if let name = record.product ?? record.implementation { product = name }
    echoes.increase(by: record.echoes ?? 0)
    switch record.outcome {
    case .healthCheck:
      healthChecks.increase(by: record.count)
      // With a title, it had an echo, as those of load balancers do.
      lastOutcome = record.callingAE == nil ? lastOutcome ?? .healthCheck : .healthCheck
      return
    case .failed:
      failures.increase(by: record.count)
      lastFailure = record.failure
      lastOutcome = .failed
    case .echoed:
      notes = record.notes
      lastOutcome = .echoed
    case .noEcho:
      lastOutcome = .noEcho
    case nil: break
    }
    if record.echoes ?? 0 > 0 { lastEcho = record.time }
  }
}
