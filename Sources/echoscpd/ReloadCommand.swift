import Glibc
import Linux
import Server
import Settings

/// What `--reload` does: has a running service read its configuration again.
enum ReloadCommand {
  /// Has the service with this process ID reload, prints its answer, and ends.
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
