import Glibc
import Linux
import Log

/// How the program ends before it has measured anything.
enum Exit {
  /// Ends because the command line is wrong: EX_USAGE of sysexits(3).
  static func usage(_ problem: String) -> Never {
    note("\(problem); see echobench --help")
    exit(64)
  }

  /// Ends because the host is not known: EX_NOHOST.
  static func unknownHost(_ message: String) -> Never {
    note(message)
    exit(68)
  }

  /// Ends because the operating system does not play along: EX_OSERR.
  static func system(_ message: String) -> Never {
    note(message)
    exit(71)
  }

  private static func note(_ message: String) {
    StandardStream.error.write("echobench: \(message)\n")
  }

  /// Ends well, with `text` on stdout.
  static func success(_ text: String) -> Never {
    print(text)
    exit(0)
  }

  /// Writes `text` to standard output, or ends the program: half a result must not look like a whole one. A
  /// reader that has closed the pipe gets no message.
  static func print(_ text: String) {
    let error = StandardStream.output.write(text)
    if error == 0 { return }
    if error != EPIPE { note("standard output cannot be written: \(ErrorText.of(error))") }
    exit(74)
  }
}
