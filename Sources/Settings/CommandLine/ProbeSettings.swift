import CLinux

/// How the program asks an SCP whether it answers: what is on the command line beside `--probe`.
public struct ProbeSettings: Equatable, Sendable {
  /// Whom it asks.
  public internal(set) var target = ProbeTarget.local(port: nil)
  /// The AE title that it calls; nothing when nobody says it.
  public internal(set) var calledAETitle: String?
  /// The AE title that it calls itself.
  public internal(set) var callingAETitle = "ECHOSCPD"
  /// How many times it asks.
  public internal(set) var count = 1
  /// How long it waits between two times, in milliseconds.
  public internal(set) var interval: UInt32 = 1000
  /// Whether it tells the results to a program.
  public internal(set) var isJSON = false

  /// The AE title that an SCP on another host is called by when nobody says it, as by other
  /// requestors.
  public static let usualCalledAETitle = "ANY-SCP"

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
  static func read(_ text: String) -> Value<ProbeTarget> {
    if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return port(text) { .local(port: $0) }
    }
    if text.hasPrefix("[") { return bracketed(text) }
    // An IPv6 address without brackets has no port.
    if isIPv6(text) { return .right(.host(text, port: nil)) }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let host = String(parts[0])
    guard isName(host) else { return wrong(text) }
    guard parts.count == 2 else { return .right(.host(host, port: nil)) }
    if parts[1].contains(":") { return wrong(text) }
    return port(String(parts[1])) { .host(host, port: $0) }
  }

  /// `[2001:db8::1]` or `[2001:db8::1]:104`.
  private static func bracketed(_ text: String) -> Value<ProbeTarget> {
    let parts = text.dropFirst().split(
      separator: "]", maxSplits: 1, omittingEmptySubsequences: false)
    let host = String(parts[0])
    guard parts.count == 2, isIPv6(host) else { return wrong(text) }
    if parts[1].isEmpty { return .right(.host(host, port: nil)) }
    guard parts[1].hasPrefix(":") else { return wrong(text) }
    return port(String(parts[1].dropFirst())) { .host(host, port: $0) }
  }

  private static func port(
    _ text: String, _ target: (UInt16) -> ProbeTarget
  ) -> Value<ProbeTarget> {
    switch Value.port(text) {
    case .right(let port): .right(target(port))
    case .wrong(let problem): .wrong(Endpoint.problem(port: text) ?? problem)
    }
  }

  private static func isIPv6(_ text: String) -> Bool {
    text.contains(":") && cl_is_address(text.utf8.span) != 0
  }

  /// Whether a host may be called so, or has this IPv4 address: the name server has the last word.
  private static func isName(_ text: String) -> Bool {
    let isInRepertoire = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: "."), 0x80...0xFF:
        true
      default: false
      }
    }
    return isInRepertoire && !text.unicodeScalars.contains(where: Quotation.isControl)
      && (1...longestName).contains(text.utf8.count) && !text.hasPrefix("-")
      && !text.hasPrefix(".")
  }

  private static func wrong(_ text: String) -> Value<ProbeTarget> {
    .wrong(
      "\(Quotation.of(text)) is no host; a name, an IPv4 or an IPv6 address, with a port as in "
        + "pacs:104, 192.0.2.1:104 or [2001:db8::1]:104")
  }
}

/// An option that says how `--probe` asks, and means nothing without it: a row of the table for each.
public enum ProbeOption: String, Sendable, CaseIterable {
  /// Whom it calls.
  case calledAETitle = "called-ae-title"
  /// Who calls.
  case callingAETitle = "calling-ae-title"
  /// How many times it asks.
  case count
  /// How long it waits in between.
  case interval
  /// Whether the results are for a program.
  case json

  /// The most that can be asked for.
  private static let mostTimes = 1_000_000

  /// The long option without dashes.
  public var long: String { rawValue }

  /// The short option without its dash, where it has one.
  public var short: String? { self == .calledAETitle ? "aec" : nil }

  /// How its value is called in the help, or nothing when it has none.
  public var placeholder: String? {
    switch self {
    case .calledAETitle, .callingAETitle: "[a]etitle"
    case .count: "[n]umber"
    case .interval: "[s]econds"
    case .json: nil
    }
  }

  /// Its value when nobody says it, or nothing when it has none.
  public var defaultText: String? {
    let usual = ProbeSettings()
    return switch self {
    case .calledAETitle: ProbeSettings.usualCalledAETitle
    case .callingAETitle: usual.callingAETitle
    case .count: "\(usual.count)"
    case .interval: Format.seconds.write(usual.interval)
    case .json: nil
    }
  }

  /// What it is, in a few words.
  public var help: String {
    let words =
      switch self {
      case .calledAETitle: "whom to call"
      case .callingAETitle: "who calls"
      case .count: "how many times"
      case .interval: "time between two"
      case .json: "print one JSON object for each"
      }
    return words + (defaultText.map { " (default: \($0))" } ?? "")
  }

  /// What it is, in sentences, for the manual.
  public var about: String {
    switch self {
    case .calledAETitle:
      """
      The AE title by which the SCP is called. Many archives answer to their own alone. The service \
      of this host is called by its ae-title.
      """
    case .callingAETitle:
      """
      The AE title that this requestor gives itself. Many archives answer only those that they know.
      """
    case .count: "How many times to ask, each on a connection and an association of its own."
    case .interval: "How long to wait between the end of one and the beginning of the next."
    case .json:
      """
      Print one JSON object on one line for each time, and no text: what was asked of whom, whether \
      it was answered, the times in milliseconds, who answered, and what failed.
      """
    }
  }

  /// Sets it in `settings`. The result is what is wrong and what would be right, or nothing.
  func set(_ text: String, _ settings: inout ProbeSettings) -> String? {
    switch self {
    case .calledAETitle: Self.set(Value.aeTitle(text)) { settings.calledAETitle = $0 }
    case .callingAETitle: Self.set(Value.aeTitle(text)) { settings.callingAETitle = $0 }
    case .count: Self.set(Value.number(text, 1...Self.mostTimes)) { settings.count = $0 }
    case .interval: Self.set(Value.seconds(text)) { settings.interval = $0 }
    case .json: Self.set(.right(true)) { settings.isJSON = $0 }
    }
  }

  private static func set<T>(_ value: Value<T>, _ set: (T) -> Void) -> String? {
    switch value {
    case .right(let value):
      set(value)
      return nil
    case .wrong(let problem):
      return problem
    }
  }
}
