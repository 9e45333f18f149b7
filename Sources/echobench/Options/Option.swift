/// The options of the command line.
enum Option: String, CaseIterable, Sendable {
  case clients
  case duration
  case count
  case warmUp = "warm-up"
  case depth
  case rate
  case sources
  case calledAETitle = "called-ae-title"
  case callingAETitle = "calling-ae-title"
  case timeout
  case hold
  case json
  case quiet
  case help
  case version

  /// How its value is called, `nil` when it has none.
  var placeholder: String? {
    switch self {
    case .clients, .count, .depth, .rate, .sources: "N"
    case .duration, .warmUp, .timeout: "S"
    case .calledAETitle, .callingAETitle: "T"
    case .hold, .json, .quiet, .help, .version: nil
    }
  }

  /// What it is, in a few words.
  var help: String {
    switch self {
    case .clients: "associations at the same time (default: 8)"
    case .duration: "seconds measured; idle: of the hold (default: 5)"
    case .count: "end after N operations instead; not in idle"
    case .warmUp: "seconds not measured at first (0.5, with --count 0)"
    case .depth: "echo: requests outstanding on each (default: 1)"
    case .rate: "associate, echo: begin N a second in all"
    case .sources: "connect from N addresses, 127.1.0.1 and on"
    case .calledAETitle: "the SCP's AE title (default: ECHOSCP)"
    case .callingAETitle: "this program's AE title (default: ECHOBENCH)"
    case .timeout: "seconds that an answer may take (default: 10)"
    case .hold: "idle: hold until the standard input ends"
    case .json: "print the result as a line of JSON"
    case .quiet: "no progress on the terminal"
    case .help: "print this and end"
    case .version: "print the version and end"
    }
  }
}
