import Glibc

/// How the program ends before it has measured anything.
enum Exit {
  /// Ends because the command line is wrong: EX_USAGE of sysexits(3).
  static func usage(_ problem: String) -> Never {
    Output.write("echobench: \(problem); see echobench --help\n", to: 2)
    exit(64)
  }

  /// Ends because the host is not known: EX_NOHOST.
  static func unknownHost(_ message: String) -> Never {
    Output.write("echobench: \(message)\n", to: 2)
    exit(68)
  }

  /// Ends because the operating system does not play along: EX_OSERR.
  static func system(_ message: String) -> Never {
    Output.write("echobench: \(message)\n", to: 2)
    exit(71)
  }

  /// Ends well, with `text` on stdout.
  static func success(_ text: String) -> Never {
    Output.print(text)
    exit(0)
  }
}
