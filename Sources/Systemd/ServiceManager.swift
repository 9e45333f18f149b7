import CLinux
import CSystemd
public import Linux

/// The service manager that has started this program; it receives notices as sd_notify(3) describes.
///
/// Its socket is opened once. sd_notify(3) opens one for each message: when peers have taken all descriptors,
/// that would fail, and the manager would take the program for dead.
public final class ServiceManager: Sendable {
  /// A notice to the service manager.
  public enum Notice: Equatable {
    /// The service listens and serves, at the start or again after a reload.
    case ready
    /// The service re-reads its settings; ``ready`` follows.
    case reloading
    /// The service is ending.
    case stopping
    /// The service is alive; see ``watchdogTimeout``.
    case watchdog
    /// The current start or stop may take this much longer, in milliseconds.
    case moreTime(UInt32)

    fileprivate var text: String {
      switch self {
      case .ready: "READY=1"
      case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(Instant.microseconds)"
      case .stopping: "STOPPING=1"
      case .watchdog: "WATCHDOG=1"
      case .moreTime(let milliseconds): "EXTEND_TIMEOUT_USEC=\(UInt64(milliseconds) * 1000)"
      }
    }
  }

  /// The path of the manager's socket.
  private let path: [UInt8]
  private let socket: Descriptor

  /// The service manager whose socket is in NOTIFY_SOCKET, or `nil` if there is none.
  public convenience init?() throws(SystemError) {
    guard let path = Environment.value(of: "NOTIFY_SOCKET") else { return nil }
    try self.init(path: Array(path.utf8))
  }

  /// The runtime directory that the service manager has created, if any (systemd.exec(5)).
  public static var runtimeDirectory: String? {
    let all = Environment.value(of: "RUNTIME_DIRECTORY")?.split(separator: ":")
    return all?.first.map { String($0) }
  }

  /// Whether there is a service manager.
  public static var isThere: Bool { Environment.value(of: "NOTIFY_SOCKET") != nil }

  /// The service manager that listens at `path`; a leading `@` stands for the abstract namespace.
  public init(path: [UInt8]) throws(SystemError) {
    self.path = path
    socket = Descriptor(owning: try check("socket", cl_notify_open()))
  }

  /// Sends notices in one message. Errors are ignored: the service works without a manager that listens.
  public func tell(_ notices: Notice...) {
    tell(Array(notices.map(\.text).joined(separator: "\n").utf8).span)
  }

  /// Sends the assignments in `text`.
  public func tell(_ text: Span<UInt8>) {
    let path = path
    _ = cl_notify_send(socket.number, path.span, text)
  }

  /// The time without ``Notice/watchdog``, in milliseconds, after which the manager takes this program for
  /// dead and kills it; `nil` if it does not watch.
  public static var watchdogTimeout: UInt32? {
    var microseconds: UInt64 = 0
    // Safe because the call fills in the number that it is lent.
    guard unsafe sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
    return UInt32(clamping: microseconds / 1000)
  }
}

/// Decides when to feed the watchdog of the service manager: as long as every worker keeps going round its
/// loop. If one does not, the watchdog is not fed, and the manager restarts the service.
public struct Watchdog {
  /// How often to check, in milliseconds: often enough that a worker may be late twice.
  private let interval: UInt32
  /// When to check next.
  public private(set) var next: Instant
  /// The number of rounds of each worker when the watchdog was last fed.
  private var rounds: [UInt64]

  /// A watchdog that is fed from `now` on, or `nil` if the service manager has none.
  public init?(timeout: UInt32?, now: Instant, rounds: [UInt64]) {
    guard let timeout, timeout > 0 else { return nil }
    interval = max(1, timeout / 4)
    next = now
    self.rounds = rounds
  }

  /// Whether to feed the watchdog now: a check is due, and every worker has gone round since the last feed.
  /// Nudges all workers if a check is due.
  ///
  /// - Parameter latest: The number of rounds of each worker.
  public mutating func isFed(
    at now: Instant, rounds latest: @autoclosure () -> [UInt64], nudge: () -> Void
  ) -> Bool {
    guard now >= next else { return false }
    next = now + interval
    // Read before the nudge, so that the round that this causes counts the next time.
    let latest = latest()
    nudge()
    guard zip(latest, rounds).allSatisfy({ $0 != $1 }) else { return false }
    rounds = latest
    return true
  }
}
