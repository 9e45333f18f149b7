import CSystemd

/// The service manager that may have started this program, told by sd_notify(3). Without one
/// (no NOTIFY_SOCKET in the environment) nothing happens.
enum ServiceManager {
  /// What it is told.
  enum Notice: String {
    /// The service listens and serves.
    case ready = "READY=1"
    /// The service is ending.
    case stopping = "STOPPING=1"
  }

  /// Tells it; a manager that does not listen is no reason not to serve.
  static func tell(_ notice: Notice) {
    // Safe because the text is lent for the length of the call.
    _ = unsafe sd_notify(0, notice.rawValue)
  }
}
