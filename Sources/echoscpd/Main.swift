import EventLoop
import Journal
import Settings
import UpperLayer

/// The program: read the command line and the configuration, listen, serve, drain.
@main
enum Main {
  static func main() {
    let line = CommandLineReader.read()
    let (configuration, files) = ConfigurationReader.read(line)
    if !configuration.diagnostics.isEmpty { Exit.with(configuration.diagnostics) }
    switch line.action {
    case .checkConfig: Exit.success("\(Self.approval(of: files))\n")
    case .dumpConfig: Exit.success(configuration.dump)
    case .config, .help, .version, nil: serve(configuration.settings)
    }
  }

  /// What `--check-config` says when nothing is wrong.
  private static func approval(of files: [String]) -> String {
    files.isEmpty
      ? "configuration good: no file, every setting has its default or is on the command line"
      : "configuration good: \(files.joined(separator: ", "))"
  }

  private static func serve(_ settings: Settings) {
    do throws(SystemError) {
      let signals = try SignalSource()
      let limit = try Service.raiseDescriptorLimit()
      let workers = Service.workerCount(settings)
      let writer = try Writer(queueCount: workers + 1, settings: settings)
      let listeners = Listening.open(settings)
      try writer.start()
      writer.put(Record(.started, about: nil), into: workers)
      warnOfMissingTimeouts(settings, writer, queue: workers)
      defer { writer.stop() }
      try Service.run(
        settings, aeTitle: checked(AETitle(settings.aeTitle), "ae-title"),
        callingAETitles: settings.allowCallingAeTitles.map {
          checked(AETitlePattern($0), "allow-calling-ae-titles")
        },
        listeners: listeners, signals: signals, writer: writer, descriptorLimit: limit)
    } catch {
      Exit.with(.system, error.text)
    }
  }

  /// A value of a setting, which was checked when it was read.
  private static func checked<Value>(_ value: Value?, _ key: String) -> Value {
    guard let value else { Exit.bug("\(key) was not checked") }
    return value
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
