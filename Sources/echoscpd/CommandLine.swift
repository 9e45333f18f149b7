import CLinux
import Glibc
import Linux
import Settings
import Verification

/// Reads the command line with getopt_long_only(3), driven by the table of settings.
enum CommandLine {
  /// The settings of the command line. A mistake in it ends the program.
  static func read() -> CommandLineSettings {
    var line = CommandLineSettings()
    var operands: [String] = []
    let names = CommandLineOption.names
    // Safe because getopt keeps pointers to the names, which are never freed, and argv is the
    // process's own.
    let options = unsafe names.map {
      unsafe cl_option(name: strdup($0.text), takes_argument: $0.option.takesArgument ? 1 : 0)
    }
    var fault = FirstFault()
    let arguments = unsafe cl_arguments()
    guard let all = unsafe arguments.all else { Exit.bug("the C library has no arguments") }
    while true {
      // Safe for the same reason; `parsed.text` points into argv.
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
          do throws(Mistake) {
            if case .action(.help) = name.option { Exit.success(Help.text) }
            if case .action(.version) = name.option {
              Exit.success("echoscpd \(Implementation.version)\n")
            }
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
  ) -> CommandLineSettings {
    var line = line
    if let problem { refuse(line, problem) }
    do throws(Mistake) {
      for (index, operand) in operands.enumerated() {
        try line.add(operand: operand, followedBy: Array(operands.dropFirst(index + 1)))
      }
      try line.check()
    } catch {
      refuse(line, error.text)
    }
    // Not to standard output, where a program may read the results of the probe.
    if let remark = line.remark { StandardStream.error.write("echoscpd: \(remark)\n") }
    return line
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
