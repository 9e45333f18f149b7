import CLinux
import Linux
import Log
import Server
import Settings

/// The program: read the command line and the configuration, listen, give up privileges, serve, drain.
@main
enum Main {
  static func main() {
    // First of all, so that a broken pipe is an error of what writes to it, with a status of its own, and
    // no signal that ends the program.
    cl_ignore_broken_pipes()
    openStandardDescriptors()
    let line = CommandLineReader.read()
    if let process = line.process { Reloading.ask(process) }
    if line.action == .probe { Probing.run(line) }
    let (configuration, files) = Self.configuration(line)
    if !configuration.diagnostics.isEmpty { Exit.with(configuration.diagnostics) }
    switch line.action {
    case .checkConfig:
      _ = Renouncing.user(in: configuration, isToServe: false)
      Exit.success("\(Self.approval(of: files))\n")
    case .dumpConfig: Exit.success(configuration.dump)
    case .config, .help, .version, .reload, .probe, nil: serve(configuration, line)
    }
  }

  /// Sees to it that no descriptor that is opened later is taken for one of these.
  private static func openStandardDescriptors() {
    do throws(SystemError) {
      _ = try check("/dev/null", cl_open_standard_descriptors())
    } catch {
      Exit.with(
        .system, "descriptors 0 to 2 are not all open, and \(error.text), which stands for them")
    }
  }

  private static func configuration(
    _ line: CommandLineSettings
  ) -> (Configuration, files: [String]) {
    do throws(SystemError) {
      return try ConfigurationReader.read(line)
    } catch {
      Exit.with(.temporary, error.text)
    }
  }

  /// What `--check-config` says when nothing is wrong.
  private static func approval(of files: [String]) -> String {
    files.isEmpty
      ? "configuration good: no file, every setting has its default or is on the command line"
      : "configuration good: \(files.joined(separator: ", "))"
  }

  private static func serve(_ configuration: Configuration, _ line: CommandLineSettings) {
    let settings = configuration.settings
    let user = Renouncing.user(in: configuration, isToServe: true)
    do throws(SystemError) {
      let signals = try Signals()
      let workers = Service.workerCount(settings)
      let places = try Self.places(workers)
      let writer = try LogWriter(queueCount: workers + 1, settings: settings)
      let listeners = Listening.open(settings)
      Listener.nameInterfaces(through: listeners)
      Renouncing.run(user, settings, listeners)
      try writer.start()
      let facts = Service.facts(settings, listeners, writer)
      writer.put(Record(.started, about: nil, attachment: .service(facts)), into: workers)
      for remark in Remarks.on(configuration, listeners) { writer.put(remark, into: workers) }
      defer { withExtendedLifetime(listeners) { writer.stop() } }
      try Service.run(
        settings, Policy(settings), listeners: listeners, signals: signals,
        writer: writer, places: places
      ) {
        Reloading.read(line, listeners)
      }
    } catch {
      Exit.with(.system, error.text)
    }
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
