import Glibc
import Linux
import Log

/// The ways in which the program exits.
enum Exit {
  /// Exits because the command line is wrong: EX_USAGE of sysexits(3).
  static func usage(_ problem: String) -> Never {
    note("\(problem); see echobench --help")
    exit(64)
  }

  /// Exits because the host is unknown: EX_NOHOST.
  static func unknownHost(_ message: String) -> Never {
    note(message)
    exit(68)
  }

  /// Exits because a system call failed: EX_OSERR.
  static func system(_ message: String) -> Never {
    note(message)
    exit(71)
  }

  private static func note(_ message: String) {
    StandardStream.error.write("echobench: \(message)\n")
  }

  /// Prints `text` on standard output and exits with 0.
  static func success(_ text: String) -> Never {
    print(text)
    exit(0)
  }

  /// Writes `text` to standard output, or exits: half a result must not look like a whole one. A reader
  /// that has closed the pipe gets no message.
  static func print(_ text: String) {
    let error = StandardStream.output.write(text)
    if error == 0 { return }
    if error != EPIPE { note("cannot write to standard output: \(ErrorText.of(error))") }
    exit(74)
  }
}
