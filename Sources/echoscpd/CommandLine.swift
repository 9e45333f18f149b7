import CLinux
import Glibc
import Linux
import Settings
import Verification

/// Reads the command line with getopt_long_only(3), driven by the table of settings.
enum CommandLine {
  /// The settings of the command line. A mistake in it ends the program.
  static func read() -> CommandLineSettings {
    switch parse(nil) {
    case .information(let text): Exit.success(text)
    case .mistake(let problem, let line): refuse(line, problem)
    case .settings(let line):
      // Not to standard output, where a program may read the results of the probe.
      if let remark = line.remark { StandardStream.error.write("echoscpd: \(remark)\n") }
      return line
    }
  }

  /// The meaning of the command line of another process, whose words each end with a NUL.
  static func read(_ words: [UInt8]) -> Meaning { parse(words) }

  /// The meaning of a command line.
  enum Meaning {
    /// It asks for a text, which is to be printed.
    case information(String)
    /// It has this mistake; the settings are incomplete.
    case mistake(String, CommandLineSettings)
    /// It has these settings.
    case settings(CommandLineSettings)
  }

  /// The meaning of the command line with these words, or of that of this process.
  private static func parse(_ words: [UInt8]?) -> Meaning {
    var line = CommandLineSettings()
    var operands: [String] = []
    let names = CommandLineOption.names
    // Safe because getopt keeps pointers to the names, which are never freed, and the arguments are the
    // process's own, or a copy that is never freed.
    let options = unsafe names.map {
      unsafe cl_option(name: strdup($0.text), takes_argument: $0.option.takesArgument ? 1 : 0)
    }
    var fault = FirstFault()
    let arguments = unsafe words.map { unsafe cl_arguments_in($0.span) } ?? cl_arguments()
    guard let all = unsafe arguments.all else { Exit.bug("the C library has no arguments") }
    while true {
      // Safe for the same reason; `parsed.text` points into the arguments.
      var parsed = unsafe cl_parsed_option()
      let kind = unsafe options.withUnsafeBufferPointer {
        unsafe cl_next_option(
          arguments.count, all, $0.baseAddress.unsafelyUnwrapped,
          Int32($0.count), &parsed)
      }
      let text = unsafe parsed.text.map { unsafe String(cString: $0) }
      switch UInt32(kind) {
      case cl_option_end.rawValue: return finish(line, operands, fault.problem(operands, on: line))
      case cl_option_operand.rawValue: operands.append(text ?? "")
      case cl_option_known.rawValue, cl_option_has_argument.rawValue:
        let name = unsafe names[Int(parsed.index)]
        let bytes = unsafe parsed.text.map { unsafe content(of: $0) }
        if !fault.isFound {
          if let text = information(name.option) { return .information(text) }
          do throws(Mistake) {
            try line.add(name, bytes)
          } catch {
            fault.problem = error.text
          }
        } else if case .action(.probe) = name.option, line.action == nil {
          // Report a mistake before --probe as a failed probe, too.
          try? line.add(.probe, bytes ?? [])
        }
      case cl_option_lacks_argument.rawValue:
        if !fault.isFound { fault.problem = "\(text ?? "") needs a value" }
      default:
        if !fault.isFound { fault.unknown = (text ?? "", operands.count) }
      }
    }
  }

  /// The text that `option` asks for, or `nil` if it asks for none.
  private static func information(_ option: CommandLineOption) -> String? {
    switch option {
    case .action(.help): Help.text
    case .action(.version): "echoscpd \(Implementation.version)\n"
    case .action, .setting, .switch, .probe: nil
    }
  }

  /// The first mistake on the command line.
  private struct FirstFault {
    /// The message, if the mistake is not an unknown option.
    var problem: String?
    /// The unknown option, and the number of operands before it.
    var unknown: (word: String, place: Int)?

    /// Whether there is a mistake.
    var isFound: Bool { problem != nil || unknown != nil }

    /// The message, once all operands are known: those after an unknown option may be its value.
    func problem(_ operands: [String], on line: CommandLineSettings) -> String? {
      guard let unknown else { return problem }
      return line.problem(
        unknown: unknown.word, behind: Array(operands.prefix(unknown.place)),
        followedBy: Array(operands.dropFirst(unknown.place)))
    }
  }

  /// Returns the checked settings. Adds the operands last, because their meaning depends on `--probe`.
  private static func finish(
    _ line: CommandLineSettings, _ operands: [String], _ problem: String?
  ) -> Meaning {
    var line = line
    if let problem { return .mistake(problem, line) }
    do throws(Mistake) {
      for (index, operand) in operands.enumerated() {
        try line.add(operand: operand, followedBy: Array(operands.dropFirst(index + 1)))
      }
      try line.check()
      return .settings(line)
    } catch {
      return .mistake(error.text, line)
    }
  }

  private static func refuse(_ line: CommandLineSettings, _ problem: String) -> Never {
    let message = "\(problem); see echoscpd --help"
    if line.action == .probe { ProbeCommand.endUnknown([message]) }
    Exit.with(.usage, message)
  }

  private static func content(of text: UnsafePointer<CChar>) -> [UInt8] {
    // Safe because the text has a NUL at its end.
    unsafe [UInt8](UnsafeRawBufferPointer(start: text, count: strlen(text)))
  }
}
