import Glibc
import Linux
import Log
import Settings
import Systemd

/// Ends the program: if it cannot serve, with one clear line and a status of sysexits(3).
enum Exit {
  enum Status: Int32 {
    case usage = 64
    case unavailable = 69
    case software = 70
    case system = 71
    case output = 74
    case temporary = 75
    case noPermission = 77
    case configuration = 78

    /// Whether the problem may be temporary, so that the service manager should restart the program. The unit
    /// lists all others in RestartPreventExitStatus=: a restart does not make an output writable, for example.
    var isTriedAgain: Bool {
      switch self {
      case .usage, .unavailable, .output, .noPermission, .configuration: false
      case .software, .system, .temporary: true
      }
    }
  }

  /// Ends with `status` and `message` on stderr.
  static func with(_ status: Status, _ message: String) -> Never {
    // The prefix that marks a line as an error in the journal (sd-daemon(3)).
    let mark = LogWriter.isStandardErrorTheJournal ? "<3>" : ""
    after(["\(mark)echoscpd: \(message)"], with: status)
  }

  /// Ends with `diagnostics`, all the errors in the configuration files.
  static func with(_ diagnostics: [Diagnostic]) -> Never {
    let lines = diagnostics.map(\.text)
    let isTold = tell(.configurationRefused, lines)
    after(isTold ? [] : lines, with: .configuration)
  }

  /// Ends with `status` and `message`, because the program cannot listen.
  static func cannotListen(_ status: Status, _ message: String) -> Never {
    if tell(.listenFailed, [message]) { after([], with: status) }
    with(status, message)
  }

  /// Sends `event` with `lines` to the journal if stderr is connected to it. Returns whether it took them.
  private static func tell(_ event: Event, _ lines: [String]) -> Bool {
    LogWriter.tellJournal(Record(event, about: nil, attachment: .text(AttachedText(lines))))
  }

  /// Ends with `lines` on stderr and the status of a program that does not serve.
  static func after(_ lines: [String], with status: Int32) -> Never {
    end(lines, status, isTriedAgain: false)
  }

  private static func after(_ lines: [String], with status: Status) -> Never {
    end(lines, status.rawValue, isTriedAgain: status.isTriedAgain)
  }

  /// Ends with `lines` and `status`. Turns away the peers at passed sockets first, so that none waits for a
  /// service that does not start.
  private static func end(_ lines: [String], _ status: Int32, isTriedAgain: Bool) -> Never {
    StandardStream.error.write(lines.map { "\($0)\n" }.joined())
    PassedSockets.turnAway(isTriedAgain: isTriedAgain)
    exit(status)
  }

  /// Ends with a report of a bug in this program.
  static func bug(_ what: String) -> Never {
    with(.software, "internal error: \(what); please report it")
  }

  /// Ends with success after writing `text` to stdout, or with an error if that fails.
  static func success(_ text: String) -> Never {
    print(text, orEndWith: Status.output.rawValue)
    exit(0)
  }

  /// Writes `text` to stdout, or ends with `status`: an incomplete output must not look like success. Prints
  /// no message if the reader has closed the pipe.
  ///
  /// - Parameter hasThreads: Whether other threads run, which exit(3) would disturb: it cleans up OpenSSL.
  static func print(_ text: String, orEndWith status: Int32, hasThreads: Bool = false) {
    let error = StandardStream.output.write(text)
    if error == 0 { return }
    let words = ErrorText.of(error)
    let lines = error == EPIPE ? [] : ["echoscpd: standard output cannot be written: \(words)"]
    guard hasThreads else { after(lines, with: status) }
    StandardStream.error.write(lines.map { "\($0)\n" }.joined())
    _exit(status)
  }
}
