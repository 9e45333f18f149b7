/// The text of `--help`: one screen.
enum Help {
  /// The column in which explanations begin, from 0 on.
  private static let column = 25

  /// The usage, the modes, the options.
  static var text: String {
    """
    usage: echobench MODE [options] [host] [port]     (default: 127.0.0.1 11112)

    Puts load on a DICOM Verification SCP and checks every answer.

    Modes:
    \(row("associate", "connect, A-ASSOCIATE, one C-ECHO, A-RELEASE, close: one operation"))\
    \(row("echo", "one C-ECHO on an association that stays: one operation"))\
    \(row("idle", "open all, echo once on each, hold, echo once more, release"))\
    \(row("mixed", "1 to 20 echoes on each association, pauses, releases and aborts"))
    Options:
    \(Option.allCases.map { row("--\($0.rawValue) \($0.placeholder ?? "")", $0.help) }.joined())
    The exit status is 0 when every answer was right, 1 when there was any error.

    """
  }

  private static func row(_ name: String, _ help: String) -> String {
    "  \(name)\(String(repeating: " ", count: max(2, column - 2 - name.utf8.count)))\(help)\n"
  }
}
