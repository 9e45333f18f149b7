import CLinux
import Glibc
import Settings
import Verification

/// Reads the command line with getopt_long_only(3), driven by the table of settings.
enum CommandLineReader {
  /// What the command line asks for; a wrong one ends the program.
  static func read() -> CommandLineSettings {
    var line = CommandLineSettings()
    let names = CommandLineOption.names
    // Safe because getopt keeps pointers to the names, which are never freed, and argv is the
    // process's own.
    let options = unsafe names.map {
      unsafe cl_option(name: strdup($0.text), takes_argument: $0.option.takesArgument ? 1 : 0)
    }
    while true {
      // Safe for the same reason; `parsed.text` points into argv.
      var parsed = unsafe cl_parsed_option()
      let kind = unsafe options.withUnsafeBufferPointer {
        unsafe cl_next_option(
          CommandLine.argc, CommandLine.unsafeArgv, $0.baseAddress.unsafelyUnwrapped,
          Int32($0.count), &parsed)
      }
      let text = unsafe parsed.text.map { unsafe String(cString: $0) }
      let problem: String?
      switch UInt32(kind) {
      case cl_option_end.rawValue: return line
      case cl_option_operand.rawValue: problem = line.take(operand: text ?? "")
      case cl_option_known.rawValue, cl_option_has_argument.rawValue:
        let bytes = unsafe parsed.text.map { unsafe content(of: $0) }
        problem = unsafe take(names[Int(parsed.index)], text, bytes ?? [], &line)
      case cl_option_lacks_argument.rawValue: problem = "\(text ?? "") needs a value"
      default: problem = CommandLineOption.problem(unknown: text ?? "")
      }
      if let problem { Exit.with(.usage, "\(problem); see echoscpd --help") }
    }
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
    case .action(let action):
      if !name.option.takesArgument, text != nil { return "--\(action.long) takes no value" }
      return line.take(action, bytes)
    case .setting(let setting): return line.take(setting, text ?? setting.impliedValue ?? "")
    case .switch(let flag):
      if name.endsInEqualsSign {
        return text == "" ? line.take(flag) : "-\(name.text) is no option; -\(name.text)= is one"
      }
      return text == nil ? line.take(flag) : "--\(flag.long) takes no value"
    }
  }
}
