import Glibc
import Linux
import Server
import Settings

/// Reading the configuration once more: in the service that is running, and by who asks it to.
enum Reloading {
  /// The configuration as it is now, for the service that serves on `listeners`.
  static func read(_ line: CommandLineSettings, _ listeners: [Listener]) -> ReloadedConfiguration {
    let configuration: Configuration
    do throws(SystemError) {
      (configuration, _) = try ConfigurationReader.read(line)
    } catch {
      return .unreadable(error)
    }
    guard configuration.diagnostics.isEmpty else { return .bad(configuration.diagnostics) }
    let settings = configuration.settings
    return .good(
      settings, Policy(settings), remarks: Remarks.on(configuration, listeners))
  }

  /// Has the service with this process ID reload, tells its answer, and ends.
  static func ask(_ process: Int32) -> Never {
    do throws(ReloadRequest.Failure) {
      let (outcome, lines) = try ReloadRequest.send(to: process)
      Exit.after(lines, with: outcome.rawValue)
    } catch {
      switch error {
      case .signal(let error) where error.number == EPERM:
        Exit.with(.noPermission, "--reload: process \(process) belongs to another user")
      case .signal(let error):
        Exit.with(.system, "--reload: process \(process): \(error.text)")
      case .stranger(let name):
        Exit.with(
          .usage, "--reload: process \(process) is \(Quotation.of(name)), and no echoscpd")
      case .silence(let directory):
        Exit.with(
          .system,
          "--reload: process \(process) has not answered in \(directory); a service that systemd "
            + "has started with RuntimeDirectory= does, and any other says in its log what came of it"
        )
      }
    }
  }
}
