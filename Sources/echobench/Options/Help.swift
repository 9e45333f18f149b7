/// The text of `--help`, which fits on one screen.
enum Help {
  /// The column in which explanations begin, counted from 0.
  private static let column = 27

  /// The usage, the modes, the options.
  static var text: String {
    """
    usage: echobench MODE [options] [host] [port]     (default: 127.0.0.1 11112)

    Puts load on a DICOM Verification SCP and checks every answer.

    Modes:
    \(row("associate", "connect, associate, one C-ECHO, release, close"))\
    \(row("echo", "one C-ECHO after another on lasting associations"))\
    \(row("idle", "open all, echo, hold, echo again, release"))\
    \(row("mixed", "1 to 20 echoes, pauses, releases and aborts"))
    Options:
    \(Option.allCases.map { row("--\($0.rawValue) \($0.placeholder ?? "")", $0.help) }.joined())
    The exit status is 0 when every answer was right, 1 when there was any error.

    """
  }

  private static func row(_ name: String, _ help: String) -> String {
    "  \(name)\(String(repeating: " ", count: max(2, column - 2 - name.utf8.count)))\(help)\n"
  }
}
