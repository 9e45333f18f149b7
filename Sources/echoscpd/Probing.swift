import CLinux
import Glibc
import Linux
import Log
import Probe
import Requestor
import Server
import Settings
import UpperLayer
import Verification

/// What `--probe` does: asks an SCP, or the service of this host, tells what came of it, and ends with
/// what monitoring systems expect of a plugin.
enum Probing {
  /// The exit statuses of monitoring plugins, of which there is no warning here.
  private static let (ok, critical, unknown): (Int32, Int32, Int32) = (0, 2, 3)

  /// Does all that `line` asks for, and ends.
  static func run(_ line: CommandLineSettings) -> Never {
    let probe = line.probe
    let configuration = configuration(line)
    let settings = configuration.settings
    let (question, hosts) = question(probe, configuration)
    let isQuiet = settings.logLevel == LogLevel.none
    var summary = ProbeSummary()
    var isPeerTold = false
    for number in 1...probe.count {
      if number > 1 { cl_sleep(Int32(clamping: probe.interval)) }
      let result = Prober.ask(question, of: hosts)
      summary.add(result)
      if isQuiet { continue }
      let lines =
        probe.isJSON ? [result.json(number: number)] : result.lines(withPeer: !isPeerTold)
      isPeerTold = isPeerTold || result.isOK
      print(lines, summary)
    }
    if probe.count > 1, !probe.isJSON, !isQuiet { print([summary.line], summary) }
    exit(summary.isOK ? ok : critical)
  }

  /// Ends because nothing could be asked.
  static func unknown(_ lines: [String]) -> Never {
    Exit.after(lines.map { PluginLine.escaped("UNKNOWN: \($0)") }, with: unknown)
  }

  /// The settings for it: for an SCP elsewhere the files of this service say nothing, unless one is
  /// named.
  private static func configuration(_ line: CommandLineSettings) -> Configuration {
    if case .host = line.probe.target, line.configurationFile == nil {
      var configuration = Configuration()
      configuration.apply(line)
      return configuration
    }
    do throws(SystemError) {
      let (configuration, _) = try ConfigurationReader.read(line)
      if !configuration.diagnostics.isEmpty { unknown(configuration.diagnostics.map(\.text)) }
      return configuration
    } catch {
      unknown([error.text])
    }
  }

  /// What to ask, and on which hosts.
  private static func question(
    _ probe: ProbeSettings, _ configuration: Configuration
  ) -> (ProbeQuestion, hosts: [String]) {
    let settings = configuration.settings
    let usualPort = settings.port.first ?? 0
    switch probe.target {
    case .host(let host, let port):
      let called = probe.calledAETitleElsewhere
      return (question(probe, configuration, host, port ?? usualPort, called), [host])
    case .local(let port):
      let hosts = localHosts(settings.bindAddress)
      let name = hosts.count == 1 ? hosts[0] : "localhost"
      let called = probe.calledAETitle ?? settings.aeTitle
      return (question(probe, configuration, name, port ?? usualPort, called), hosts)
    }
  }

  private static func question(
    _ probe: ProbeSettings, _ configuration: Configuration, _ host: String, _ port: UInt16,
    _ called: AETitle
  ) -> ProbeQuestion {
    let settings = configuration.settings
    let proposal = EchoProposal(
      called: called, calling: probe.callingAETitle,
      transferSyntaxes: transferSyntaxes(configuration),
      maximumLength: settings.maxPdu,
      implementation: ImplementationItems(
        classUID: Implementation.classUID, versionName: Implementation.versionName))
    return ProbeQuestion(
      host: host, port: port, proposal: proposal,
      acseTimeout: settings.acseTimeout, dimseTimeout: settings.dimseTimeout,
      networkTimeout: settings.networkTimeout)
  }

  /// Where a service listens that is bound to `addresses`, or to all when there is none.
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

  /// What is proposed. The file's preference is the acceptor's, and not ours.
  private static func transferSyntaxes(_ configuration: Configuration) -> [TransferSyntax] {
    guard case .commandLine = configuration.origin(of: "prefer") else {
      return EchoProposal.transferSyntaxes(by: .none)
    }
    return EchoProposal.transferSyntaxes(by: configuration.settings.prefer)
  }

  /// Tells `lines`. Where they cannot be written, what was asked is not known, unless it has failed.
  private static func print(_ lines: [String], _ summary: ProbeSummary) {
    Exit.print(
      lines.map { "\($0)\n" }.joined(), orEndWith: summary.isOK ? unknown : critical)
  }
}
