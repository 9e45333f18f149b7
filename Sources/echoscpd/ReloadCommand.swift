import Glibc
import Linux
import Server
import Settings

/// The action of `--reload`: makes a running service reload its configuration.
enum ReloadCommand {
  /// Makes the service with this process ID reload, prints its answer, and ends the program.
  static func run(_ process: Int32) -> Never {
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
          .usage, "--reload: process \(process) is \(Quotation.of(name)), not echoscpd")
      case .silence(let directory):
        Exit.with(
          .system,
          "--reload: process \(process) has not answered in \(directory); see its log for the "
            + "result, since only a service with systemd's RuntimeDirectory= answers here")
      }
    }
  }
}
