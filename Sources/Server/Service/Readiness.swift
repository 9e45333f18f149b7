import Systemd

/// In which order the service manager hears of the start, of reloads and of the stop (sd_notify(3)): that the
/// service is ready only once every worker serves and no reload is left, however many there are at once, and
/// neither of them once the service is stopping.
struct Readiness {
  /// Whether every worker has begun to serve.
  private(set) var isServing = false
  private var isStopping = false
  /// How many reloads have begun and not ended.
  private var reloads = 0

  /// Every worker has begun to serve. The result is what is to be told, here and below; nil is nothing.
  mutating func begin() -> ServiceManager.Notice? {
    isServing = true
    return notice
  }

  /// A reload begins.
  mutating func beginReload() -> ServiceManager.Notice? {
    reloads += 1
    return isServing && !isStopping ? .reloading : nil
  }

  /// A reload has ended, whatever became of it.
  mutating func endReload() -> ServiceManager.Notice? {
    reloads -= 1
    return notice
  }

  /// The service is stopping.
  mutating func stop() { isStopping = true }

  private var notice: ServiceManager.Notice? {
    isServing && !isStopping && reloads == 0 ? .ready : nil
  }
}
