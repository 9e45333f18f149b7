import Linux
import Probe
import Settings
import UpperLayer

/// All targets of a `--probe`, as the command line and the files name them. Ends the program if they do not.
struct Targets: Sendable {
  /// The targets in their order, each of them once.
  private(set) var all: [Target] = []

  /// The targets of the command line `line`.
  init(_ line: CommandLineSettings) {
    let probe = line.probe
    // Reads a file for another host only if the command line names one.
    let own =
      (probe.isOfDevices
      ? Self.files(line.configurationFile)
      : line.configurationFile.map(Self.files) ?? Configuration()).applying(line)
    let tls = TargetSecurity.elsewhere(line)
    if probe.isOfDevices {
      for (title, target) in Self.devices(own.settings, probe.devices) {
        add(line, own, target.place, title: target.title ?? title, tls, label: title.unpadded)
      }
    }
    for target in probe.targets { add(line, own, target.place, title: target.title, tls) }
    if all.isEmpty { all = [Target(line, localAt: nil, called: probe.calledAETitle)] }
  }

  /// Whether to print nothing.
  var isQuiet: Bool { all.allSatisfy(\.isQuiet) }

  /// Adds the target at `place`, called by `title`, unless it is already there.
  private mutating func add(
    _ line: CommandLineSettings, _ own: Configuration, _ place: ProbePlace, title: AETitle?,
    _ tls: ProbeTLS?, label: String? = nil
  ) {
    let target: Target
    switch place {
    case .local(let port):
      target = Target(line, localAt: port, called: title ?? line.probe.calledAETitle)
    case .host(let host, let port):
      let usual = line.probe.isTLS ? ProbePlace.tlsPort : own.settings.port.first ?? 0
      let whole = ProbeTarget(.host(host, port: port ?? usual), title: title)
      target = Target(
        line, own, host: host, port: port ?? usual,
        called: title ?? line.probe.calledAETitleElsewhere,
        tls: tls.map { TargetSecurity.for(host, $0, line) }, label: label ?? whole.text,
        titleSource: label != nil ? .section : title != nil ? .word : .option)
    }
    if all.contains(where: { $0.question.label == target.question.label }) { return }
    all.append(target)
  }

  /// The devices called `titles` in the files, or all of them.
  private static func devices(
    _ settings: Settings, _ titles: [AETitle]
  ) -> [(title: AETitle, target: ProbeTarget)] {
    do throws(Mistake) {
      return try settings.devices(toProbe: titles)
    } catch {
      ProbeCommand.endUnknown([error.text])
    }
  }

  /// The configuration in the files: in `path` and its folder or, if that is `nil`, in the standard ones.
  static func files(_ path: [UInt8]?) -> Configuration {
    do throws(SystemError) {
      let (configuration, _) = try ConfigurationReader.readFiles(path)
      let diagnostics = configuration.diagnostics
      if !diagnostics.isEmpty { ProbeCommand.endUnknown(diagnostics.map(\.text)) }
      return configuration
    } catch {
      ProbeCommand.endUnknown([error.text])
    }
  }
}
