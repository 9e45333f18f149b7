import Linux
import Log
import Server
import Settings
import TLS

/// The program: reads the command line and the configuration, listens, drops privileges, serves, and drains.
@main
enum Main {
  static func main() {
    // First, so that writing to a broken pipe is an error with its own exit status, not a signal that ends the
    // program.
    Process.ignoreBrokenPipes()
    openStandardDescriptors()
    let line = CommandLine.read()
    if let process = line.process { ReloadCommand.run(process) }
    if line.action == .probe { ProbeCommand.run(line) }
    let (configuration, files) = validConfiguration(line)
    switch line.action {
    case .checkConfig:
      _ = DropPrivileges.user(in: configuration, isToServe: false)
      checkSecureContext(configuration)
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
      let (context, refusal) = secureContext(configuration)
      DropPrivileges.run(user, settings, listeners)
      try writer.start()
      let facts = Service.facts(settings, context, listeners, writer)
      writer.put(Record(.started, about: nil, attachment: .service(facts)), into: workers)
      for warning in StartupWarnings.about(configuration, context, listeners) {
        writer.put(warning, into: workers)
      }
      if context == nil, let record = SecureContext.unavailable(refusal, listeners) {
        writer.put(record, into: workers)
      }
      defer { withExtendedLifetime(listeners) { writer.stop() } }
      try Service.run(
        settings, Policy(settings, tls: context), listeners: listeners, signals: signals,
        writer: writer, places: places
      ) {
        ConfigurationReader.reread(line, listeners)
      }
    } catch {
      Exit.with(.system, error.text)
    }
  }

  /// Opens the closed ones among descriptors 0 to 2, so that nothing else gets their numbers.
  private static func openStandardDescriptors() {
    do throws(SystemError) {
      try StandardStream.openAll()
    } catch {
      Exit.with(
        .system, "descriptors 0 to 2 are not all open, and cannot be replaced by \(error.text)")
    }
  }

  /// The configuration for the command line `line`, and its files. An error in it ends the program.
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

  /// The TLS context for serving, or why there is none: the ports without TLS are served in any case.
  private static func secureContext(_ configuration: Configuration) -> (Context?, [Diagnostic]) {
    do throws(SecureContext.Refusal) {
      return (try SecureContext.make(configuration), [])
    } catch {
      return (nil, error.diagnostics)
    }
  }

  /// Ends the program if the files for TLS cannot be used.
  private static func checkSecureContext(_ configuration: Configuration) {
    let (context, diagnostics) = secureContext(configuration)
    if !diagnostics.isEmpty { Exit.with(diagnostics) }
    for warning in SecureContext.warnings(context) {
      StandardStream.error.write("echoscpd: \(warning.sentence)\n")
    }
  }

  /// The output of `--check-config` for a valid configuration.
  private static func approval(of files: [String]) -> String {
    files.isEmpty
      ? "configuration OK: no file read, every setting is a default or from the command line"
      : "configuration OK: \(files.joined(separator: ", "))"
  }

  /// The places that the file descriptor limit leaves room for. Ends the program if the limit is too low.
  private static func places(_ workers: Int) throws(SystemError) -> Places {
    let limit = try Process.raiseDescriptorLimit()
    if let places = Places(descriptors: limit, workers: workers) { return places }
    Exit.with(
      .system,
      "the file descriptor limit is \(limit), but workers = \(workers) needs at least "
        + "\(Places.least(workers: workers)); raise LimitNOFILE= or ulimit -n")
  }
}
