import CLinux
import Glibc
import Settings

/// Reads the command line with getopt_long_only(3).
enum OptionReader {
  /// Returns the options of the command line; exits if they are wrong.
  static func read() -> Options {
    var collector = OptionCollector()
    // Safe because getopt keeps pointers to the names, which are never freed, and argv is the
    // process's own; `parsed.text` points into it.
    let names = unsafe Option.allCases.map {
      unsafe cl_option(name: strdup($0.rawValue), takes_argument: $0.placeholder == nil ? 0 : 1)
    }
    let arguments = unsafe cl_arguments()
    guard let all = unsafe arguments.all else {
      Exit.system("the C library does not provide the arguments")
    }
    while true {
      var parsed = unsafe cl_parsed_option()
      let kind = unsafe names.withUnsafeBufferPointer {
        unsafe cl_next_option(
          arguments.count, all, $0.baseAddress.unsafelyUnwrapped,
          Int32($0.count), &parsed)
      }
      let text = unsafe parsed.text.map { unsafe String(cString: $0) } ?? ""
      let problem: String?
      switch UInt32(kind) {
      case cl_option_end.rawValue: return finish(collector)
      case cl_option_operand.rawValue: problem = collector.read(operand: text)
      case cl_option_known.rawValue:
        problem = read(unsafe Option.allCases[Int(parsed.index)], text, &collector)
      case cl_option_lacks_argument.rawValue: problem = "\(text) needs a value"
      case cl_option_has_argument.rawValue:
        problem = unsafe "--\(Option.allCases[Int(parsed.index)].rawValue) takes no value"
      default: problem = OptionCollector.problem(unknown: text)
      }
      if let problem { Exit.usage(problem) }
    }
  }

  private static func read(
    _ option: Option, _ value: String, _ collector: inout OptionCollector
  ) -> String? {
    switch option {
    case .help: Exit.success(Help.text)
    case .version: Exit.success(Benchmark.version)
    case .clients, .duration, .count, .warmUp, .depth, .rate, .sources, .calledAETitle,
      .callingAETitle, .timeout, .tlsCaCertificates, .tlsCertificate, .tlsPrivateKey, .hold, .json,
      .quiet:
      collector.read(option, value)
    }
  }

  private static func finish(_ collector: OptionCollector) -> Options {
    switch collector.finish() {
    case .success(let options): options
    case .failure(let problem): Exit.usage(problem.text)
    }
  }
}
