import CLinux
import CSystemd
import Glibc
public import Linux

/// The service manager that has started this program, told as sd_notify(3) has it.
///
/// Its socket is opened once: sd_notify(3) opens one for each message, and when there is no descriptor
/// left, the manager would take a program for dead that only has many peers.
public final class ServiceManager: Sendable {
  /// What it is told.
  public enum Notice: Equatable {
    /// The service listens and serves, again after a reload.
    case ready
    /// The settings are read once more; ``ready`` follows.
    case reloading
    /// The service is ending.
    case stopping
    /// It is well; see ``watchdogTimeout``.
    case watchdog
    /// What it does now may take this much longer, in milliseconds.
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

  /// Where it listens.
  private let path: [UInt8]
  private let socket: Descriptor

  /// The one that NOTIFY_SOCKET names; nil when there is none.
  public convenience init?() throws(SystemError) {
    // Safe because the text is copied at once, and nobody changes the environment.
    guard let text = unsafe getenv("NOTIFY_SOCKET") else { return nil }
    try self.init(path: unsafe Array(String(cString: text).utf8))
  }

  /// The runtime directory that the service manager has made, if it has (systemd.exec(5)).
  public static var runtimeDirectory: String? {
    // Safe because the text is copied at once, and nobody changes the environment.
    guard let text = unsafe getenv("RUNTIME_DIRECTORY") else { return nil }
    let all = unsafe String(cString: text).split(separator: ":")
    return all.first.map { String($0) }
  }

  /// Whether there is one.
  public static var isThere: Bool {
    // Safe because the text is only looked for.
    unsafe getenv("NOTIFY_SOCKET") != nil
  }

  /// The one that listens at `path`, or in the abstract namespace behind an `@`.
  public init(path: [UInt8]) throws(SystemError) {
    self.path = path
    socket = Descriptor(owning: try check("socket", cl_notify_open()))
  }

  /// Tells it, all in one message; a manager that does not listen is no reason not to serve.
  public func tell(_ notices: Notice...) {
    tell(Array(notices.map(\.text).joined(separator: "\n").utf8).span)
  }

  /// Tells it what `text` assigns.
  public func tell(_ text: Span<UInt8>) {
    let path = path
    _ = cl_notify_send(socket.number, path.span, text)
  }

  /// After how many milliseconds without ``Notice/watchdog`` it takes this program for dead and ends
  /// it; `nil` when it does not look.
  public static var watchdogTimeout: UInt32? {
    var microseconds: UInt64 = 0
    // Safe because the call fills in the number that it is lent.
    guard unsafe sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
    return UInt32(clamping: microseconds / 1000)
  }
}

/// Says when to feed the watchdog of the service manager: while every worker goes round its loop. When
/// one does not, the watchdog starves, and the service is started anew.
public struct Watchdog {
  /// How often it looks, in milliseconds: often enough that a worker may be late twice.
  private let interval: UInt32
  /// When it looks next.
  public private(set) var next: Instant
  /// How often each worker had gone round when it was nudged last.
  private var rounds: [UInt64]

  /// A watchdog that is fed from `now` on; `nil` when the service manager has none.
  public init?(timeout: UInt32?, now: Instant, rounds: [UInt64]) {
    guard let timeout, timeout > 0 else { return nil }
    interval = max(1, timeout / 4)
    next = now
    self.rounds = rounds
  }

  /// Whether it is to be fed now: it is time, and every worker has gone round since it was nudged.
  /// All of them are nudged again.
  ///
  /// - Parameter latest: How often each worker has gone round.
  public mutating func isFed(
    at now: Instant, rounds latest: @autoclosure () -> [UInt64], nudge: () -> Void
  ) -> Bool {
    guard now >= next else { return false }
    next = now + interval
    // Before the nudge, so that the round that it leads to is counted the next time.
    let latest = latest()
    nudge()
    guard zip(latest, rounds).allSatisfy({ $0 != $1 }) else { return false }
    rounds = latest
    return true
  }
}
