import Glibc
import Linux
import Log
import Probe
import Requestor
import Settings
import UpperLayer
import Verification

/// The action of `--probe`: probes an SCP or the local service, prints the result, and ends with the status
/// that monitoring systems expect from a plugin.
enum ProbeCommand {
  /// The exit statuses of monitoring plugins, without the unused one for a warning.
  private static let (ok, critical, unknown): (Int32, Int32, Int32) = (0, 2, 3)

  /// Probes as the command line `line` specifies, and ends the program.
  static func run(_ line: CommandLineSettings) -> Never {
    let probe = line.probe
    let configuration = configuration(line)
    let settings = configuration.settings
    let (question, hosts) = question(probe, configuration)
    let isQuiet = settings.logLevel == LogLevel.none
    var summary = ProbeSummary()
    var isPeerShown = false
    for number in 1...probe.count {
      if number > 1 { Thread.sleep(milliseconds: Int32(clamping: probe.interval)) }
      let result = Prober.ask(question, of: hosts)
      summary.add(result)
      if isQuiet { continue }
      let lines =
        probe.isJSON ? [result.json(number: number)] : result.lines(withPeer: !isPeerShown)
      isPeerShown = isPeerShown || result.isOK
      print(lines, summary)
    }
    if probe.count > 1, !probe.isJSON, !isQuiet { print([summary.line], summary) }
    exit(summary.isOK ? ok : critical)
  }

  /// Ends with `lines` and the status unknown, because nothing could be probed.
  static func endUnknown(_ lines: [String]) -> Never {
    Exit.after(lines.map { PluginLine.escaped("UNKNOWN: \($0)") }, with: unknown)
  }

  /// The configuration of the probe. For an SCP on another host, reads a file only if the command line names
  /// one.
  private static func configuration(_ line: CommandLineSettings) -> Configuration {
    if case .host = line.probe.target, line.configurationFile == nil {
      var configuration = Configuration()
      configuration.apply(line)
      return configuration
    }
    do throws(SystemError) {
      let (configuration, _) = try ConfigurationReader.read(line)
      if !configuration.diagnostics.isEmpty { endUnknown(configuration.diagnostics.map(\.text)) }
      return configuration
    } catch {
      endUnknown([error.text])
    }
  }

  /// The question to ask, and the hosts to try.
  private static func question(
    _ probe: ProbeSettings, _ configuration: Configuration
  ) -> (ProbeQuestion, hosts: [String]) {
    let settings = configuration.settings
    let (hosts, port, called) =
      switch probe.target {
      case .host(let host, let port): ([host], port, probe.calledAETitleElsewhere)
      case .local(let port):
        (localHosts(settings.bindAddress), port, probe.calledAETitle ?? settings.aeTitle)
      }
    let proposal = EchoProposal(
      called: called, calling: probe.callingAETitle,
      transferSyntaxes: transferSyntaxes(configuration),
      maximumLength: settings.maxPdu,
      implementation: ImplementationItems(
        classUID: Implementation.classUID, versionName: Implementation.versionName))
    let question = ProbeQuestion(
      host: hosts.count == 1 ? hosts[0] : "localhost", port: port ?? settings.port.first ?? 0,
      proposal: proposal, acseTimeout: settings.acseTimeout, dimseTimeout: settings.dimseTimeout,
      networkTimeout: settings.networkTimeout)
    return (question, hosts)
  }

  /// The hosts at which to reach a service that listens on `addresses`, or on every address if there are none.
  private static func localHosts(_ addresses: [String]) -> [String] {
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

  /// Prints `lines`. If that fails, ends with the status unknown, or critical if a probe has failed.
  private static func print(_ lines: [String], _ summary: ProbeSummary) {
    Exit.print(
      lines.map { "\($0)\n" }.joined(), orEndWith: summary.isOK ? unknown : critical)
  }
}
