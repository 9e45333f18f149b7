import CLinux
import Glibc
import Settings
import Verification

/// Reads the command line with getopt_long_only(3), driven by the table of settings.
enum CommandLineReader {
  /// What the command line asks for; a wrong one ends the program.
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
          fault.problem = take(name, text, bytes ?? [], &line)
        } else if case .action(.probe) = name.option, line.action == nil {
          // What is wrong in front of it is a fault of a probe, too.
          _ = line.take(.probe, bytes ?? [])
        }
      case cl_option_lacks_argument.rawValue:
        if !fault.isFound { fault.problem = "\(text ?? "") needs a value" }
      default:
        if !fault.isFound { fault.unknown = (text ?? "", operands.count) }
      }
    }
  }

  /// The first thing that is wrong.
  private struct FirstFault {
    /// In words.
    var problem: String?
    /// A word that is no option, and how many operands stand in front of it.
    var unknown: (word: String, place: Int)?

    /// Whether there is one.
    var isFound: Bool { problem != nil || unknown != nil }

    /// It in words, once all operands are known: those behind a word that is no option may be its value.
    func problem(_ operands: [String], on line: CommandLineSettings) -> String? {
      guard let unknown else { return problem }
      return line.problem(
        unknown: unknown.word, behind: Array(operands.prefix(unknown.place)),
        followedBy: Array(operands.dropFirst(unknown.place)))
    }
  }

  /// What all of it comes to. Operands come last, since `--probe` decides what they are.
  private static func finish(
    _ line: CommandLineSettings, _ operands: [String], _ problem: String?
  ) -> CommandLineSettings {
    var line = line
    var problem = problem
    for (index, operand) in operands.enumerated() where problem == nil {
      problem = line.take(operand: operand, followedBy: Array(operands.dropFirst(index + 1)))
    }
    if let problem = problem ?? line.finish() {
      let message = "\(problem); see echoscpd --help"
      if line.action == .probe { Probing.unknown([message]) }
      Exit.with(.usage, message)
    }
    // Not to standard output, where a program may read what the probe says.
    if let remark = line.remark { Exit.write("echoscpd: \(remark)\n", to: 2) }
    return line
  }

  private static func content(of text: UnsafePointer<CChar>) -> [UInt8] {
    // Safe because the text has a NUL at its end.
    unsafe [UInt8](UnsafeRawBufferPointer(start: text, count: strlen(text)))
  }

  private static func take(
    _ name: CommandLineOption.Name, _ text: String?, _ bytes: [UInt8],
    _ line: inout CommandLineSettings
  ) -> String? {
    switch name.option {
    case .action(.help): Exit.success(Help.text)
    case .action(.version): Exit.success("echoscpd \(Implementation.version)\n")
    case .action(.probe):
      if let problem = line.take(.probe, bytes) { return problem }
      return text == "" ? "--probe: the host is missing" : nil
    case .action(let action):
      if !name.option.takesArgument, text != nil { return "--\(action.long) takes no value" }
      return line.take(action, bytes)
    case .probe(let option):
      if !name.option.takesArgument, text != nil { return "--\(option.long) takes no value" }
      return line.take(option, text ?? "")
    case .setting(let setting): return line.take(setting, text ?? setting.impliedValue ?? "")
    case .switch(let flag):
      if name.endsInEqualsSign {
        return text == "" ? line.take(flag) : "-\(name.text) is no option; -\(name.text)= is one"
      }
      return text == nil ? line.take(flag) : "--\(flag.long) takes no value"
    }
  }
}
