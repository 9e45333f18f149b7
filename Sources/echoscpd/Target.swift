import Linux
import Probe
import Requestor
import Settings
import UpperLayer
import Verification

/// What a probe asks, and where, as the command line, the files and, for the service on this machine, the command
/// line of that service say. Ends the program if they do not.
struct Target {
  /// Whether to print nothing.
  let isQuiet: Bool
  /// Whether it is the service on this machine, and none runs yet.
  let isIdle: Bool
  private let question: ProbeQuestion
  private let hosts: [String]

  /// The target of the command line `line`.
  init(_ line: CommandLineSettings) {
    let own: Configuration
    switch line.probe.target {
    case .host(let host, let port):
      // Reads a file only if the command line names one.
      let files = line.configurationFile.map(Self.files) ?? Configuration()
      own = files.applying(line)
      hosts = [host]
      question = Self.question(
        line, own, host: host, port: port ?? own.settings.port.first ?? 0,
        called: line.probe.calledAETitleElsewhere)
      isIdle = false
    case .local(let port):
      let running = line.configurationFile == nil ? Self.runningService(at: port) : nil
      let files = Self.files(line.configurationFile ?? running?.configurationFile)
      own = files.applying(line)
      let service = running.map { files.applying($0).applying(line).settings } ?? own.settings
      hosts = Self.hosts(service.bindAddress)
      let isItsPort = port.map(service.port.contains) ?? true
      question = Self.question(
        line, own, host: hosts.count == 1 ? hosts[0] : "localhost",
        port: port ?? service.port.first ?? 0, called: line.probe.calledAETitle ?? service.aeTitle,
        service: isItsPort ? service : nil)
      isIdle = running == nil && line.configurationFile == nil
    }
    isQuiet = own.settings.logLevel == .none
  }

  /// Asks, and returns the result.
  func ask() -> ProbeResult { Prober.ask(question, of: hosts) }

  /// The command line of the service that runs here, or `nil` if none does. If several do, `port` must tell which
  /// one to ask.
  private static func runningService(at port: UInt16?) -> CommandLineSettings? {
    do throws(RunningService.Failure) {
      let services = try RunningService.all()
      if services.count < 2 { return services.first?.line }
      guard let port else {
        let processes = services.map { "\($0.id)" }.joined(separator: ", ")
        ProbeCommand.endUnknown([
          "several services run here, as processes \(processes); give the port of one"
        ])
      }
      // The one that is asked reports the errors in its files.
      return services.map(\.line).first {
        (try? ConfigurationReader.read($0))?.0.settings.port.contains(port) ?? false
      }
    } catch {
      if port != nil { return nil }
      ProbeCommand.endUnknown([error.text])
    }
  }

  /// The configuration in the files: in `path` and its folder or, if that is `nil`, in the standard ones.
  private static func files(_ path: [UInt8]?) -> Configuration {
    do throws(SystemError) {
      let (configuration, _) = try ConfigurationReader.readFiles(path)
      let diagnostics = configuration.diagnostics
      if !diagnostics.isEmpty { ProbeCommand.endUnknown(diagnostics.map(\.text)) }
      return configuration
    } catch {
      ProbeCommand.endUnknown([error.text])
    }
  }

  private static func question(
    _ line: CommandLineSettings, _ own: Configuration, host: String, port: UInt16, called: AETitle,
    service: Settings? = nil
  ) -> ProbeQuestion {
    let settings = own.settings
    return ProbeQuestion(
      host: host, port: port,
      proposal: EchoProposal(
        called: called, calling: line.probe.callingAETitle,
        transferSyntaxes: transferSyntaxes(own), maximumLength: settings.maxPdu,
        implementation: ImplementationItems(
          classUID: Implementation.classUID, versionName: Implementation.versionName)),
      acseTimeout: settings.acseTimeout, dimseTimeout: settings.dimseTimeout,
      networkTimeout: settings.networkTimeout, service: service)
  }

  /// The hosts at which to reach a service that listens on `addresses`, or on every address if there are none.
  private static func hosts(_ addresses: [String]) -> [String] {
    if addresses.isEmpty { return ["127.0.0.1", "::1"] }
    let hosts = addresses.map { address in
      switch address {
      case "0.0.0.0": "127.0.0.1"
      case "::": "::1"
      default: address
      }
    }
    return hosts.indices.filter { !hosts[..<$0].contains(hosts[$0]) }.map { hosts[$0] }
  }

  /// The transfer syntaxes to propose. A preference in a file is for accepting, not for proposing.
  private static func transferSyntaxes(_ configuration: Configuration) -> [TransferSyntax] {
    guard case .commandLine = configuration.origin(of: "prefer") else {
      return EchoProposal.transferSyntaxes(by: .none)
    }
    return EchoProposal.transferSyntaxes(by: configuration.settings.prefer)
  }
}
