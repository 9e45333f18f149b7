import Glibc
import Linux
import Probe
import Settings

/// The action of `--probe`: probes SCPs or the local service, prints the results, and ends with the status that
/// monitoring systems expect from a plugin.
enum ProbeCommand {
  /// The exit status of a monitoring plugin that could not find out anything; the others are those of a result.
  private static let unknown: Int32 = 3

  /// Probes as the command line `line` specifies, or prints the health check that it asks for, and ends the program.
  static func run(_ line: CommandLineSettings) -> Never {
    let probe = line.probe
    if probe.isHAProxyCheck {
      let proposal = Target.proposal(line, Configuration(), called: probe.calledAETitleElsewhere)
      Exit.print(
        HAProxyCheck(proposal, printedBy: line.haproxyCommand).text, orEndWith: unknown)
      exit(ProbeStatus.ok.rawValue)
    }
    let targets = Targets(line)
    let results = ProbeResults(
      targets.all.count, form: targets.isQuiet ? .none : probe.isJSON ? .json : .text)
    // Without the higher limit, fewer targets are asked at the same time.
    let descriptors = (try? Process.raiseDescriptorLimit()) ?? 0
    var progress = ProbeProgress(of: targets.all.count, isQuiet: targets.isQuiet)
    ProbeCrew.run(targets.all.count, descriptors: descriptors) { index in
      var target = targets.all[index]
      for number in 1...probe.count {
        if number > 1 { Thread.sleep(milliseconds: Int32(clamping: probe.interval)) }
        results.add(target.ask(), number: number, of: index, isLast: number == probe.count)
        if targets.all.count == 1 { print(results) }
      }
    } meanwhile: {
      if results.hasLines {
        progress.erase()
        print(results, hasThreads: true)
      }
      progress.show(results.counts)
    }
    progress.erase()
    results.finish()
    print(results)
    exit(results.status.rawValue)
  }

  /// Ends with `lines` and the status unknown, because nothing could be probed.
  static func endUnknown(_ lines: [String]) -> Never {
    Exit.after(lines.map { PluginLine.escaped("UNKNOWN: \($0)") }, with: unknown)
  }

  /// Prints the lines of `results`. If that fails, ends with the status unknown, or critical if a probe was not
  /// answered.
  private static func print(_ results: ProbeResults, hasThreads: Bool = false) {
    let status = results.status == .critical ? results.status.rawValue : unknown
    let text = results.takeLines().map { "\($0)\n" }.joined()
    Exit.print(text, orEndWith: status, hasThreads: hasThreads)
  }
}
