import EventLoop
import Journal
import Settings
import UpperLayer

/// The program: read the command line, listen, serve, drain.
@main
enum Main {
  static func main() {
    let settings = CommandLineReader.read()
    do throws(SystemError) {
      let signals = try SignalSource()
      let limit = try Service.raiseDescriptorLimit()
      let workers = Service.workerCount(settings)
      let writer = try Writer(queueCount: workers + 1, level: settings.logLevel.priority)
      let listeners = Listening.open(settings)
      try writer.start()
      warnOfMissingTimeouts(settings, writer, queue: workers)
      guard let aeTitle = AETitle(settings.aeTitle) else { Exit.bug("AE title") }
      defer { writer.stop() }
      try Service.run(
        settings, aeTitle: aeTitle, listeners: listeners, signals: signals, writer: writer,
        descriptorLimit: limit)
    } catch {
      Exit.with(.system, error.text)
    }
  }

  private static func warnOfMissingTimeouts(
    _ settings: Settings, _ writer: Writer, queue: Int
  ) {
    if settings.acseTimeout == 0 { warn("acse-timeout") }
    if settings.dimseTimeout == 0 { warn("dimse-timeout") }
    if settings.networkTimeout == 0 { warn("network-timeout") }
    func warn(_ key: StaticString) {
      writer.put(Record(.timeoutDisabled(key), about: nil), into: queue)
    }
  }
}

extension LogLevel {
  /// The quietest priority that this level lets through; nothing for `none`.
  fileprivate var priority: Priority? {
    switch self {
    case .none: nil
    case .critical: .critical
    case .error: .error
    case .warning: .warning
    case .info: .info
    case .debug: .debug
    }
  }
}
