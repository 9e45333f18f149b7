import Linux
import Probe
import Requestor
import Settings
import UpperLayer
import Verification

/// One SCP to ask, and how. It is known completely before any SCP is asked, except for a service on this machine that
/// starts only when somebody connects.
struct Target: Sendable {
  /// Whether to print nothing about it.
  let isQuiet: Bool
  /// What to ask.
  let question: ProbeQuestion
  private let hosts: [String]
  /// Finds the target again, if it is the service on this machine and none runs yet.
  private let again: (@Sendable () -> Target)?

  /// The SCP at `port` of `host`, called by `title` as `line` and `settings` say. `label` is its name in performance
  /// data.
  init(
    _ line: CommandLineSettings, _ settings: Configuration, host: String, port: UInt16,
    called title: AETitle, tls: ProbeTLS?, label: String, titleSource: ProbeQuestion.TitleSource
  ) {
    question = Self.question(
      line, settings, host: host, port: port, called: title, tls: tls, label: label,
      titleSource: titleSource)
    (hosts, again, isQuiet) = ([host], nil, settings.settings.logLevel == .none)
  }

  /// The service on this machine, at `port` or, if that is `nil`, at the one in its settings.
  init(_ line: CommandLineSettings, localAt port: UInt16?, called title: AETitle?) {
    let running = line.configurationFile == nil ? Self.runningService(line, at: port) : nil
    let files: Configuration = Targets.files(
      line.configurationFile ?? running?.line.configurationFile)
    let theirs = running.map { files.applying($0.line) } ?? files
    let (own, service) = (files.applying(line), theirs.applying(line).settings)
    hosts = Self.hosts(service.bindAddress)
    let ports = TargetSecurity.ports(of: service, isTLS: line.probe.isTLS)
    let isItsPort = port.map(ports.contains) ?? true
    let (host, called) = (hosts.count == 1 ? hosts[0] : "localhost", title ?? service.aeTitle)
    let place = ProbePlace.host(host, port: port ?? ports.first ?? 0)
    question = Self.question(
      line, own, host: host, port: port ?? ports.first ?? 0, called: called,
      service: isItsPort ? service : nil,
      tls: TargetSecurity.of(line, service: theirs.settings, in: running?.folder),
      label: ProbeTarget(place, title: called).text, titleSource: title == nil ? .option : .word)
    isQuiet = own.settings.logLevel == .none
    if running == nil, line.configurationFile == nil {
      again = { Target(line, localAt: port, called: title) }
    } else {
      again = nil
    }
  }

  /// Asks, and returns the result.
  mutating func ask() -> ProbeResult {
    let result = Prober.ask(question, of: hosts)
    guard !result.isOK, let again else { return result }
    // The connection may have started the service, whose options are known only now.
    self = again()
    return self.again != nil ? result : Prober.ask(question, of: hosts)
  }

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

  private static func question(
    _ line: CommandLineSettings, _ own: Configuration, host: String, port: UInt16, called: AETitle,
    service: Settings? = nil, tls: ProbeTLS?, label: String,
    titleSource: ProbeQuestion.TitleSource
  ) -> ProbeQuestion {
    let settings = own.settings
    return ProbeQuestion(
      host: host, port: port,
      proposal: proposal(line, own, called: called),
      acseTimeout: settings.acseTimeout, dimseTimeout: settings.dimseTimeout,
      networkTimeout: settings.networkTimeout, service: service, tls: tls, label: label,
      titleSource: titleSource,
      thresholds: ProbeThresholds(warning: line.probe.warning, critical: line.probe.critical))
  }

  /// What to propose to the SCP called `called`, as `line` and the configuration `own` say.
  static func proposal(
    _ line: CommandLineSettings, _ own: Configuration, called: AETitle
  ) -> EchoProposal {
    EchoProposal(
      called: called, calling: line.probe.callingAETitle,
      transferSyntaxes: transferSyntaxes(own), maximumLength: own.settings.maxPdu,
      implementation: ImplementationItems(
        classUID: Implementation.classUID, versionName: Implementation.versionName))
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
