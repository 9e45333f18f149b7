import CLinux
import CSystemd
import Glibc

/// The service manager that may have started this program, told by sd_notify(3). Without one
/// (no NOTIFY_SOCKET in the environment) nothing happens.
enum ServiceManager {
  /// What it is told.
  enum Notice {
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
      case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(cl_monotonic_microseconds())"
      case .stopping: "STOPPING=1"
      case .watchdog: "WATCHDOG=1"
      case .moreTime(let milliseconds): "EXTEND_TIMEOUT_USEC=\(UInt64(milliseconds) * 1000)"
      }
    }
  }

  /// Whether there is one that listens.
  static var isThere: Bool {
    // Safe because the text is only compared with nothing.
    unsafe getenv("NOTIFY_SOCKET") != nil
  }

  /// Tells it, all in one message; a manager that does not listen is no reason not to serve.
  static func tell(_ notices: Notice...) {
    guard isThere else { return }
    // Safe because the text is lent for the length of the call.
    _ = unsafe sd_notify(0, notices.map(\.text).joined(separator: "\n"))
  }

  /// Tells it what `text` assigns.
  static func tell(_ text: borrowing FixedText) {
    // Safe because the text is lent for the length of the call.
    _ = unsafe text.withCString { unsafe sd_notify(0, $0) }
  }

  /// After how many milliseconds without ``Notice/watchdog`` it takes this program for dead and ends
  /// it; nothing when it does not look.
  static var watchdogTimeout: UInt32? {
    var microseconds: UInt64 = 0
    // Safe because the call fills in the number that it is lent.
    guard unsafe sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
    return UInt32(clamping: microseconds / 1000)
  }
}
