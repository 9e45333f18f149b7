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
      let usual = line.probe.isTLS ? ProbeTarget.tlsPort : own.settings.port.first ?? 0
      question = Self.question(
        line, own, host: host, port: port ?? usual, called: line.probe.calledAETitleElsewhere,
        tls: TargetSecurity.of(line, host: host))
      isIdle = false
    case .local(let port):
      let running = line.configurationFile == nil ? Self.runningService(line, at: port) : nil
      let files = Self.files(line.configurationFile ?? running?.line.configurationFile)
      own = files.applying(line)
      let theirs = running.map { files.applying($0.line) } ?? files
      let service = theirs.applying(line).settings
      hosts = Self.hosts(service.bindAddress)
      let ports = TargetSecurity.ports(of: service, isTLS: line.probe.isTLS)
      let isItsPort = port.map(ports.contains) ?? true
      question = Self.question(
        line, own, host: hosts.count == 1 ? hosts[0] : "localhost",
        port: port ?? ports.first ?? 0, called: line.probe.calledAETitle ?? service.aeTitle,
        service: isItsPort ? service : nil,
        tls: TargetSecurity.of(line, service: theirs.settings, in: running?.folder))
      isIdle = running == nil && line.configurationFile == nil
    }
    isQuiet = own.settings.logLevel == .none
  }

  /// Asks, and returns the result.
  func ask() -> ProbeResult { Prober.ask(question, of: hosts) }

  /// The service that runs here, or `nil` if none does. If several do, `port` must tell which one to ask.
  private static func runningService(
    _ line: CommandLineSettings, at port: UInt16?
  ) -> RunningService? {
    do throws(RunningService.Failure) {
      let services = try RunningService.all()
      if services.count < 2 { return services.first }
      guard let port else {
        let processes = services.map { "\($0.id)" }.joined(separator: ", ")
        ProbeCommand.endUnknown([
          "several services run here, as processes \(processes); give the port of one"
        ])
      }
      // The one that is asked reports the errors in its files.
      return services.first {
        guard let (configuration, _) = try? ConfigurationReader.read($0.line) else { return false }
        return TargetSecurity.ports(of: configuration.settings, isTLS: line.probe.isTLS)
          .contains(port)
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
    service: Settings? = nil, tls: ProbeTLS?
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
      networkTimeout: settings.networkTimeout, service: service, tls: tls)
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
