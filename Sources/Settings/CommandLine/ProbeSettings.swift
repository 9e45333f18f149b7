import Linux
public import UpperLayer

/// How the program asks an SCP whether it answers: what is on the command line beside `--probe`.
public struct ProbeSettings: Equatable, Sendable {
  /// Whom it asks.
  public internal(set) var target = ProbeTarget.local(port: nil)
  /// The AE title that it calls; nil when nobody says it.
  public internal(set) var calledAETitle: AETitle?
  /// The AE title that it calls itself.
  public internal(set) var callingAETitle = AETitle(literal: "ECHOSCPD")
  /// How many times it asks.
  public internal(set) var count = 1
  /// How long it waits between two times, in milliseconds.
  public internal(set) var interval: UInt32 = 1000
  /// Whether it tells the results to a program.
  public internal(set) var isJSON = false

  /// The AE title that an SCP on another host is called by: that of other requestors when nobody says
  /// one.
  public internal(set) var calledAETitleElsewhere: AETitle {
    get { calledAETitle ?? AETitle(literal: "ANY-SCP") }
    set { calledAETitle = newValue }
  }

  /// What holds when nothing is said.
  public init() {}
}

/// Whom `--probe` asks: the service of this host, or an SCP by its name or address.
public enum ProbeTarget: Equatable, Sendable {
  /// The service of this host, at this port or the one that it is configured for.
  case local(port: UInt16?)
  /// An SCP at a host and, if it is said, at this port.
  case host(String, port: UInt16?)

  /// The longest name of a host (RFC 1035 §2.3.4).
  private static let longestName = 253

  /// What `text` stands for: HOST or HOST:PORT, an IPv6 address with a port in brackets, or a port
  /// alone, which is the service of this host.
  init(_ text: String) throws(Mistake) {
    if !text.isEmpty, text.utf8.allSatisfy(isDigit) {
      self = .local(port: try Self.port(text))
    } else if text.hasPrefix("[") {
      let parts = text.dropFirst().split(
        separator: "]", maxSplits: 1, omittingEmptySubsequences: false)
      let host = String(parts[0])
      guard parts.count == 2, Self.isIPv6(host), parts[1].isEmpty || parts[1].hasPrefix(":") else {
        throw Self.mistake(text)
      }
      let port = parts[1].isEmpty ? nil : String(parts[1].dropFirst())
      self = try .host(host, port: port.map(Self.port))
    } else if Self.isIPv6(text) {
      // An IPv6 address without brackets has no port.
      self = .host(text, port: nil)
    } else {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { String($0) }
      guard Self.isName(parts[0]), parts.count <= 2 else { throw Self.mistake(text) }
      self = try .host(parts[0], port: parts.dropFirst().first.map(Self.port))
    }
  }

  private static func port(_ text: String) throws(Mistake) -> UInt16 {
    if let problem = Endpoint.problem(port: text) { throw Mistake(problem) }
    return try Format.port.read(text)
  }

  private static func isIPv6(_ text: String) -> Bool {
    text.contains(":") && NetworkAddress.isAddress(text)
  }

  /// Whether a host may be called so, or has this IPv4 address: the name server has the last word.
  private static func isName(_ text: String) -> Bool {
    text.utf8.allSatisfy { Quotation.isPlain($0) || $0 >= 0x80 }
      && !text.unicodeScalars.contains(where: Quotation.isControl)
      && (1...longestName).contains(text.utf8.count) && !text.hasPrefix("-")
      && !text.hasPrefix(".")
  }

  private static func mistake(_ text: String) -> Mistake {
    Mistake(
      of: text, "is no host",
      "a name, an IPv4 or an IPv6 address, with a port as in pacs:104, 192.0.2.1:104 or "
        + "[2001:db8::1]:104")
  }
}

/// An option that says how `--probe` asks, and means nothing without it, in the order of the help.
public enum ProbeOption: Sendable, CaseIterable {
  /// Whom it calls.
  case calledAETitle
  /// Who calls.
  case callingAETitle
  /// How many times it asks.
  case count
  /// How long it waits in between.
  case interval
  /// Whether the results are for a program.
  case json

  /// What there is to know of an option.
  private struct Row {
    /// How its value is read from text and written.
    let property: Property<ProbeSettings>
    /// What it is, in a few words, without its default.
    let words: String
    /// What it is, in sentences.
    let about: String
  }

  private var row: Row {
    switch self {
    case .calledAETitle:
      Row(
        property: Property("called-ae-title", \.calledAETitleElsewhere, .aeTitle),
        words: "whom to call",
        about: """
          The AE title by which the SCP is called. Many archives answer to their own alone. The service \
          of this host is called by its ae-title.
          """)
    case .callingAETitle:
      Row(
        property: Property("calling-ae-title", \.callingAETitle, .aeTitle), words: "who calls",
        about: """
          The AE title that this requestor gives itself. Many archives answer only those that they know.
          """)
    case .count:
      Row(
        property: Property("count", \.count, .number(1...1_000_000)), words: "how many times",
        about: "How many times to ask, each on a connection and an association of its own.")
    case .interval:
      Row(
        property: Property("interval", \.interval, .seconds), words: "time between two",
        about: "How long to wait between the end of one and the beginning of the next.")
    case .json:
      Row(
        property: Property("json", \.isJSON, .yesOrNo.with(\.placeholder, nil)),
        words: "print one JSON object for each",
        about: """
          Print one JSON object on one line for each time, and no text: what was asked of whom, whether \
          it was answered, the times in milliseconds, who answered, and what failed.
          """)
    }
  }

  private var property: Property<ProbeSettings> { row.property }

  /// The short option without its dash, where it has one.
  public var short: String? { self == .calledAETitle ? "aec" : nil }
  /// The long option without dashes.
  public var long: String { property.key }
  /// How its value is called in the help; nil when it has none, and stands for yes.
  public var placeholder: String? { property.traits.placeholder }
  /// Its value when nobody says it; nil when it has none.
  public var defaultText: String? {
    placeholder == nil ? nil : property.text(ProbeSettings())
  }
  /// What it is, in a few words.
  public var help: String { row.words + (defaultText.map { " (default: \($0))" } ?? "") }

  /// What it is, in sentences, for the manual.
  public var about: String { row.about }

  /// Sets it in `settings`.
  func set(_ text: String, _ settings: inout ProbeSettings) throws(Mistake) {
    try property.set(placeholder == nil ? "yes" : text, &settings)
  }
}
