import Linux
import Log
import Server
import Settings

/// The program: read the command line and the configuration, listen, give up privileges, serve, drain.
@main
enum Main {
  static func main() {
    // First of all, so that a broken pipe is an error of whoever writes to it, with a status of its own,
    // and not a signal that ends the program.
    Process.ignoreBrokenPipes()
    openStandardDescriptors()
    let line = CommandLine.read()
    if let process = line.process { ReloadCommand.run(process) }
    if line.action == .probe { ProbeCommand.run(line) }
    let (configuration, files) = validConfiguration(line)
    switch line.action {
    case .checkConfig:
      _ = DropPrivileges.user(in: configuration, isToServe: false)
      Exit.success("\(approval(of: files))\n")
    case .dumpConfig: Exit.success(configuration.dump)
    case .config, .help, .version, .reload, .probe, nil: serve(configuration, line)
    }
  }

  private static func serve(_ configuration: Configuration, _ line: CommandLineSettings) {
    let settings = configuration.settings
    let user = DropPrivileges.user(in: configuration, isToServe: true)
    do throws(SystemError) {
      let signals = try Signals()
      let workers = Service.workerCount(settings)
      let places = try places(workers)
      let writer = try LogWriter(queueCount: workers + 1, settings: settings)
      let listeners = OpenListeners.run(settings)
      Listener.nameInterfaces(through: listeners)
      DropPrivileges.run(user, settings, listeners)
      try writer.start()
      let facts = Service.facts(settings, listeners, writer)
      writer.put(Record(.started, about: nil, attachment: .service(facts)), into: workers)
      for warning in StartupWarnings.about(configuration, listeners) {
        writer.put(warning, into: workers)
      }
      defer { withExtendedLifetime(listeners) { writer.stop() } }
      try Service.run(
        settings, Policy(settings), listeners: listeners, signals: signals,
        writer: writer, places: places
      ) {
        ConfigurationReader.reread(line, listeners)
      }
    } catch {
      Exit.with(.system, error.text)
    }
  }

  /// Opens those of descriptors 0 to 2 that are closed, so that none opened later is taken for one of them.
  private static func openStandardDescriptors() {
    do throws(SystemError) {
      try StandardStream.openAll()
    } catch {
      Exit.with(
        .system, "descriptors 0 to 2 are not all open, and \(error.text), which stands for them")
    }
  }

  /// The configuration that `line` asks for, and its files; a wrong one ends the program.
  private static func validConfiguration(
    _ line: CommandLineSettings
  ) -> (Configuration, files: [String]) {
    do throws(SystemError) {
      let (configuration, files) = try ConfigurationReader.read(line)
      if !configuration.diagnostics.isEmpty { Exit.with(configuration.diagnostics) }
      return (configuration, files)
    } catch {
      Exit.with(.temporary, error.text)
    }
  }

  /// What `--check-config` prints about a valid configuration.
  private static func approval(of files: [String]) -> String {
    files.isEmpty
      ? "configuration good: no file, every setting has its default or is on the command line"
      : "configuration good: \(files.joined(separator: ", "))"
  }

  /// The places that the limit of descriptors has room for; one that is too low ends the program.
  private static func places(_ workers: Int) throws(SystemError) -> Places {
    let limit = try Process.raiseDescriptorLimit()
    if let places = Places(descriptors: limit, workers: workers) { return places }
    Exit.with(
      .system,
      "the limit of file descriptors is \(limit); at least \(Places.least(workers: workers)) are needed "
        + "with workers = \(workers): raise LimitNOFILE= or ulimit -n")
  }
}
