import Glibc
import Linux
import Probe
import Settings

/// The action of `--probe`: probes an SCP or the local service, prints the result, and ends with the status
/// that monitoring systems expect from a plugin.
enum ProbeCommand {
  /// The exit status of a monitoring plugin that could not find out anything; the others are those of a result.
  private static let unknown: Int32 = 3

  /// Probes as the command line `line` specifies, and ends the program.
  static func run(_ line: CommandLineSettings) -> Never {
    let probe = line.probe
    var target = Target(line)
    let isQuiet = target.isQuiet
    var summary = ProbeSummary()
    var isPeerShown = false
    for number in 1...probe.count {
      if number > 1 { Thread.sleep(milliseconds: Int32(clamping: probe.interval)) }
      var result = target.ask()
      if !result.isOK, target.isIdle {
        // The connection may have started the service, whose options are known only now.
        target = Target(line)
        if !target.isIdle { result = target.ask() }
      }
      summary.add(result)
      if isQuiet { continue }
      let lines =
        probe.isJSON ? [result.json(number: number)] : result.lines(withPeer: !isPeerShown)
      isPeerShown = isPeerShown || result.isOK
      print(lines, summary)
    }
    if probe.count > 1, !probe.isJSON, !isQuiet { print([summary.line], summary) }
    exit(summary.status.rawValue)
  }

  /// Ends with `lines` and the status unknown, because nothing could be probed.
  static func endUnknown(_ lines: [String]) -> Never {
    Exit.after(lines.map { PluginLine.escaped("UNKNOWN: \($0)") }, with: unknown)
  }

  /// Prints `lines`. If that fails, ends with the status unknown, or critical if a probe was not answered.
  private static func print(_ lines: [String], _ summary: ProbeSummary) {
    let status = summary.status == .critical ? summary.status.rawValue : unknown
    Exit.print(lines.map { "\($0)\n" }.joined(), orEndWith: status)
  }
}
