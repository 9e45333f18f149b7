import Linux
import Settings

/// A service that runs on this machine or in this container. For a probe without a host, the options on its
/// command line say where it listens and what its AE title is.
struct RunningService {
  /// The process ID of the service.
  let id: Int32
  /// The settings on its command line. The name of a relative configuration file leads through /proc.
  let line: CommandLineSettings
  /// The path to its working directory, through /proc.
  let folder: String

  /// Why the running services are not known.
  enum Failure: Error {
    /// /proc is not mounted, or hides the processes of other users.
    case hidden
    /// The command line of this process has a mistake: it is of another version.
    case unreadable(process: Int32, String)
    /// The system has no memory or descriptors left, for example.
    case system(SystemError)

    /// The reason, and what to do.
    var text: String {
      let remedy = "give its port, or --config with its file"
      return switch self {
      case .hidden:
        "/proc is not mounted, or hides other users' processes, so the options of the running "
          + "service are unknown; \(remedy)"
      case .unreadable(let process, let problem):
        "process \(process) is a running service, but its command line cannot be read: \(problem); "
          + remedy
      case .system(let error): error.text
      }
    }
  }

  /// The name of the program, and of its unit.
  private static let (program, unit) = ("echoscpd", "echoscpd.service")
  /// The name of a service manager in whose units a service runs, and its own control group.
  private static let (serviceManager, managerGroup) = ("systemd", "/init.scope")
  /// The first process of a machine or container.
  private static let initial: Int32 = 1

  /// The running services, usually one; empty if socket activation has not started it yet.
  ///
  /// With systemd, that is the one in its unit. Otherwise it is the first process or, if that is another
  /// program, any in the same control groups as this process: another container of a pod has its own.
  static func all() throws(Failure) -> [RunningService] {
    let all: [RunningProcess]
    do throws(SystemError) {
      all = try RunningProcess.all()
    } catch {
      if error.isShortage { throw .system(error) }
      throw .hidden
    }
    guard let own = RunningProcess.own, let first = all.first(where: { $0.id == initial }) else {
      throw .hidden
    }
    let isManaged = first.name == serviceManager
    var services: [RunningService] = []
    for process in all where process.name == program && process.id != own.id {
      let isService =
        isManaged
        ? isInUnit(process, of: first)
        : process.id == initial || process.controlGroups == own.controlGroups
      if isService, let service = try RunningService(process) { services.append(service) }
    }
    return services.first { $0.id == initial }.map { [$0] } ?? services
  }

  /// Whether a process is in the unit of the service, with nothing but slices above it: deeper down are the units
  /// of users and containers. The paths may begin with that of a container, which `manager` shows.
  private static func isInUnit(_ process: RunningProcess, of manager: RunningProcess) -> Bool {
    zip(process.controlGroups, manager.controlGroups).contains { path, managerPath in
      guard managerPath.hasSuffix(managerGroup) else { return false }
      let root = managerPath.dropLast(managerGroup.count)
      guard path.hasPrefix(root) else { return false }
      let names = path.dropFirst(root.count).split(separator: "/")
      return names.last == unit[...] && names.dropLast().allSatisfy { $0.hasSuffix(".slice") }
    }
  }

  /// The service that is this process, or `nil` if it has ended or does something else.
  private init?(_ process: RunningProcess) throws(Failure) {
    let words = Self.words(of: process)
    if words.isEmpty { return nil }
    switch CommandLine.read(words) {
    case .mistake(let problem, _): throw .unreadable(process: process.id, problem)
    case .settings(let line) where line.action == nil:
      id = process.id
      folder = process.workingDirectory
      self.line = line.withConfigurationFile(below: folder)
    case .settings, .information: return nil
    }
  }

  /// The words on the command line of a process, from the name of the program on: an emulator for another
  /// architecture puts itself before it.
  private static func words(of process: RunningProcess) -> [UInt8] {
    let words = process.words.split(separator: 0, omittingEmptySubsequences: false).dropLast()
    let first = words.firstIndex(where: isProgram) ?? words.startIndex
    let options = words[first...].drop(while: isProgram)
    return words.isEmpty ? [] : Array("\(program)\0".utf8) + options.flatMap { $0 + [0] }
  }

  private static func isProgram(_ word: ArraySlice<UInt8>) -> Bool {
    word.split(separator: UInt8(ascii: "/")).last.map { $0.elementsEqual(program.utf8) } ?? false
  }
}
