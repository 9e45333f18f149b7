import Linux
import Settings
import Systemd

/// Drops the privileges that the program was started with, or ends it with the reason why it cannot.
enum DropPrivileges {
  /// The user in the configuration. Ends the program if that user does not exist, or this process cannot
  /// become it.
  static func user(in configuration: Configuration, isToServe: Bool) -> Process.User? {
    guard let name = configuration.settings.user else { return nil }
    do throws(SystemError) {
      guard let user = try Process.User(named: name) else {
        refuse(name, configuration.origin(of: "user"))
      }
      if isToServe, !Process.isRoot, try !user.isThisProcess { refuse(name, user) }
      return user
    } catch {
      Exit.with(.system, "user: \(Quotation.of(name)): \(error.text)")
    }
  }

  /// Becomes `user`, if any, and drops every privilege that serving does not need.
  static func run(_ user: Process.User?, _ settings: Settings, _ listeners: [Listener]) {
    do throws(SystemError) {
      if let user, try !user.isThisProcess {
        try Process.become(user, owning: ServiceManager.runtimeDirectory)
      }
    } catch {
      Exit.with(
        .noPermission,
        "cannot become \(Quotation.of(settings.user ?? "")): \(error.text); this needs CAP_SETUID "
          + "and CAP_SETGID, which root usually has")
    }
    do throws(SystemError) {
      try Process.renounce(coreDumps: settings.coreDumps, listeners: listeners)
    } catch {
      Exit.with(.system, "cannot drop privileges: \(error.text)")
    }
  }

  /// Ends the program, because this process does not run as `user` and may not become it.
  private static func refuse(_ name: String, _ user: Process.User) -> Never {
    let (difference, remedy) =
      user.isCurrent
      ? ("as that user, but with a group that the user is not in", "with only the user's groups")
      : ("as user \(Process.currentUser)", "as \(name)")
    Exit.with(
      .noPermission,
      "user is \(Quotation.of(name)), but only root can become another user, and this runs "
        + "\(difference); start it as root, or \(remedy), or set user = none")
  }

  private static func refuse(_ name: String, _ origin: Origin) -> Never {
    let problem =
      "\(Quotation.of(name)) is not a user on this machine; list users with getent passwd, or add one "
      + "with useradd --system"
    switch origin {
    case .file(let path, let line):
      Exit.with([Diagnostic(path: path, line: line, key: "user", problem: problem)])
    case .commandLine(let option): Exit.with(.configuration, "\(option): \(problem)")
    case .builtIn: Exit.bug("the default of user is not a user")
    }
  }
}
