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
  case tlsCaCertificates = "tls-ca-certificates"
  case tlsCertificate = "tls-certificate"
  case tlsPrivateKey = "tls-private-key"
  case hold
  case json
  case quiet
  case help
  case version

  /// The name of the option's value, or `nil` if it takes none.
  var placeholder: String? {
    switch self {
    case .clients, .count, .depth, .rate, .sources: "N"
    case .duration, .warmUp, .timeout: "S"
    case .calledAETitle, .callingAETitle: "T"
    case .tlsCaCertificates, .tlsCertificate, .tlsPrivateKey: "F"
    case .hold, .json, .quiet, .help, .version: nil
    }
  }

  /// The option in a few words.
  var help: String {
    switch self {
    case .clients: "concurrent associations (default: 8)"
    case .duration: "seconds to measure; idle: to hold (default: 5)"
    case .count: "end after N operations instead; not in idle"
    case .warmUp: "seconds of warm-up (default: 0.5; with --count: 0)"
    case .depth: "echo: requests outstanding per client (default: 1)"
    case .rate: "associate, echo: operations per second in total"
    case .sources: "connect from N addresses, starting at 127.1.0.1"
    case .calledAETitle: "the SCP's AE title (default: ECHOSCP)"
    case .callingAETitle: "this program's AE title (default: ECHOBENCH)"
    case .timeout: "seconds to wait for an answer (default: 10)"
    case .tlsCaCertificates: "use TLS; trust these CAs, not the system's"
    case .tlsCertificate: "use TLS; our certificate and its chain"
    case .tlsPrivateKey: "use TLS; the key of our certificate"
    case .hold: "idle: hold until standard input ends"
    case .json: "print the result as a line of JSON"
    case .quiet: "show no progress on the terminal"
    case .help: "print this help and exit"
    case .version: "print the version and exit"
    }
  }
}
