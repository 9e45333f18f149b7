import Settings
import TLS
import UpperLayer

/// Collects the options of a command line, and refuses wrong ones: each problem names the option
/// and what it expects.
struct OptionCollector {
  /// The largest numbers of associations, of requests outstanding on one, and of addresses.
  static let mostClients = 1_000_000
  static let deepest = 256
  static let mostSources = 65_000
  /// The highest rate, in operations a second.
  static let fastest = 1_000_000
  /// The longest time, in seconds: a day.
  static let longest = 86_400.0

  private var options = Options()
  private var given: Set<Option> = []
  private var operands: [String] = []

  /// Creates a collector for an empty command line.
  init() {}

  /// Reads an option and its value, empty if it takes none. Returns the problem, or `nil` if there is none.
  mutating func read(_ option: Option, _ value: String) -> String? {
    given.insert(option)
    switch option {
    case .clients: return read(option, value, 1...Self.mostClients) { $0.clients = $1 }
    case .count: return read(option, value, 1...1_000_000_000_000) { $0.count = $1 }
    case .depth: return read(option, value, 1...Self.deepest) { $0.depth = $1 }
    case .rate: return read(option, value, 1...Self.fastest) { $0.rate = $1 }
    case .sources: return read(option, value, 0...Self.mostSources) { $0.sources = $1 }
    case .duration: return read(option, value, from: 0.001) { $0.duration = $1 }
    case .warmUp: return read(option, value, from: 0) { $0.warmUp = $1 }
    case .timeout: return read(option, value, from: 0.001) { $0.timeout = $1 }
    case .calledAETitle: return readTitle(option, value) { $0.calledAETitle = $1 }
    case .callingAETitle: return readTitle(option, value) { $0.callingAETitle = $1 }
    case .tlsCaCertificates: return readFile(option, value) { $0.caCertificates = $1 }
    case .tlsCertificate: return readFile(option, value) { $0.certificate = $1 }
    case .tlsPrivateKey: return readFile(option, value) { $0.privateKey = $1 }
    case .hold: options.isHeld = true
    case .json: options.isJSON = true
    case .quiet: options.isQuiet = true
    case .help, .version: break
    }
    return nil
  }

  /// Reads an operand: the mode, the host or the port. Returns the problem, or `nil` if there is none.
  mutating func read(operand: String) -> String? {
    operands.append(operand)
    switch operands.count {
    case 1:
      guard let mode = Mode(rawValue: operand) else {
        return "\(Quotation.of(operand)) is not a mode: expected \(Self.modes)"
      }
      options.mode = mode
    case 2:
      options.host = operand
    case 3:
      guard let port = UInt16(operand), port > 0 else {
        return "\(Quotation.of(operand)) is not a port: expected 1 to 65535"
      }
      options.port = port
    default:
      return "\(Quotation.of(operand)) is not expected after mode, host and port"
    }
    return nil
  }

  /// Returns the options of the whole command line, or the problem with it.
  func finish() -> Result<Options, Problem> {
    if let text = contradiction { return .failure(Problem(text: text)) }
    return .success(options)
  }

  /// Returns the problem with a word that is not an option or is ambiguous.
  static func problem(unknown word: String) -> String {
    let name = String(word.drop { $0 == "-" }.prefix { $0 != "=" })
    let names = Option.allCases.map(\.rawValue)
    let beginning = name.isEmpty ? [] : names.filter { $0.hasPrefix(name) }
    if beginning.count > 1 {
      let several = beginning.map { "--\($0)" }.joined(separator: ", ")
      return "\(Quotation.of(word)) is ambiguous: expected one of \(several)"
    }
    let nearest = beginning.first ?? NearestName.of(name, among: names)
    return nearest.map { "\(Quotation.of(word)) is not an option; use --\($0)" }
      ?? "\(Quotation.of(word)) is not an option"
  }

  /// A problem with a command line.
  struct Problem: Error, Equatable {
    let text: String
  }

  private static var modes: String {
    "one of \(Mode.allCases.map(\.rawValue).joined(separator: ", "))"
  }

  private var contradiction: String? {
    if operands.isEmpty { return "the mode is missing: expected \(Self.modes)" }
    let mode = options.mode
    if given.contains(.count), given.contains(.duration) {
      return "--count conflicts with --duration; use only one of them"
    }
    if mode == .idle, given.contains(.count) {
      return "--count is not valid with idle; use --duration or --hold"
    }
    if mode != .idle, options.isHeld {
      return "--hold is only valid with idle; use --duration or --count"
    }
    if options.isHeld, given.contains(.duration) {
      return "--hold conflicts with --duration; use only one of them"
    }
    if options.rate != nil, mode != .echo, mode != .associate {
      return "--rate is only valid with associate and echo"
    }
    if options.rate != nil, options.depth > 1 {
      return "--rate conflicts with --depth; use only one of them"
    }
    if mode != .echo, options.depth > 1 { return "--depth above 1 is only valid with echo" }
    if given.contains(.tlsCertificate) != given.contains(.tlsPrivateKey) {
      return "--tls-certificate and --tls-private-key are only valid together"
    }
    return nil
  }

  private mutating func read(
    _ option: Option, _ value: String, _ range: ClosedRange<Int>,
    _ set: (inout Options, Int) -> Void
  ) -> String? {
    guard let number = Int(value), range.contains(number) else {
      return "--\(option.rawValue): \(Quotation.of(value)) is not a whole number from"
        + " \(range.lowerBound) to \(range.upperBound)"
    }
    set(&options, number)
    return nil
  }

  private mutating func read(
    _ option: Option, _ value: String, from least: Double, _ set: (inout Options, Double) -> Void
  ) -> String? {
    let isDecimal = value.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2E }
    guard isDecimal, let seconds = Double(value), seconds >= least, seconds <= Self.longest else {
      return "--\(option.rawValue): \(Quotation.of(value)) is not a number of seconds from"
        + " \(least == 0 ? "0" : "\(least)") to \(Int(Self.longest)), such as 0.5"
    }
    set(&options, seconds)
    return nil
  }

  private mutating func readFile(
    _ option: Option, _ value: String, _ set: (inout ContextFiles, String) -> Void
  ) -> String? {
    guard !value.isEmpty else { return "--\(option.rawValue): expected the name of a file" }
    var files = options.tls ?? ContextFiles()
    set(&files, value)
    options.tls = files
    return nil
  }

  private mutating func readTitle(
    _ option: Option, _ value: String, _ set: (inout Options, String) -> Void
  ) -> String? {
    guard AETitle(value) != nil else {
      return "--\(option.rawValue): \(Quotation.of(value)) is not an AE title: expected 1 to 16"
        + " ASCII characters without backslash, not only spaces"
    }
    set(&options, value)
    return nil
  }
}
