import Linux
public import UpperLayer

/// How to probe an SCP: the other words on the command line with `--probe`.
public struct ProbeSettings: Equatable, Sendable {
  /// The SCP to probe.
  public internal(set) var target = ProbeTarget.local(port: nil)
  /// The called AE title, or `nil` if the command line has none.
  public internal(set) var calledAETitle: AETitle?
  /// The calling AE title.
  public internal(set) var callingAETitle = AETitle(literal: "ECHOSCPD")
  /// Whether to ask over TLS.
  public internal(set) var isTLS = false
  /// The name to ask for with SNI and to look for in the certificate; `nil` is the host, if it is a name.
  public internal(set) var serverName: String?
  /// The number of echoes.
  public internal(set) var count = 1
  /// How long to wait between two echoes, in milliseconds.
  public internal(set) var interval: UInt32 = 1000
  /// Whether to print the results as JSON.
  public internal(set) var isJSON = false

  /// The called AE title for an SCP on another host. The default is that of other requestors.
  public internal(set) var calledAETitleElsewhere: AETitle {
    get { calledAETitle ?? AETitle(literal: "ANY-SCP") }
    set { calledAETitle = newValue }
  }

  /// The defaults.
  public init() {}
}

/// The target of `--probe`: the local service, or the SCP on a host.
public enum ProbeTarget: Equatable, Sendable {
  /// The local service, at this port or, if it is `nil`, at the configured one.
  case local(port: UInt16?)
  /// The SCP on this host, at this port or, if it is `nil`, at the default one.
  case host(String, port: UInt16?)

  /// The registered port of DICOM TLS, the default of a probe over TLS.
  public static let tlsPort: UInt16 = 2762
  /// The longest host name (RFC 1035 §2.3.4).
  private static let longestName = 253

  /// Reads `text`: HOST, HOST:PORT, with an IPv6 address in brackets, or PORT, which is the local service.
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

  /// Whether `text` may be a host name or an IPv4 address. The resolver decides whether it exists.
  fileprivate static func isName(_ text: String) -> Bool {
    text.utf8.allSatisfy { Quotation.isPlain($0) || $0 >= 0x80 }
      && !text.unicodeScalars.contains(where: Quotation.isControl)
      && (1...longestName).contains(text.utf8.count) && !text.hasPrefix("-")
      && !text.hasPrefix(".")
  }

  private static func mistake(_ text: String) -> Mistake {
    Mistake(
      of: text, "is not a host",
      expected: "a name or an address, with or without a port, such as pacs:104, 192.0.2.1:104 or "
        + "[2001:db8::1]:104")
  }
}

extension Format<String?> {
  /// The name of a server, in the form of the DNS, or `auto`.
  fileprivate static let serverName = Format(
    "is not the name of a server", "auto, or letters, digits, dots, hyphens and underscores",
    placeholder: "[n]ame", choices: ["auto"],
    read: { text in
      if text == "auto" { return .some(nil) }
      // SNI has no addresses (RFC 6066 §3), and an IDN in its ASCII form.
      guard ProbeTarget.isName(text), text.utf8.allSatisfy({ $0 < 0x80 }),
        !NetworkAddress.isAddress(text)
      else { return nil }
      return .some(text)
    }, write: { $0 ?? "auto" })
}

/// An option that is valid only with `--probe`, in the order of the help.
public enum ProbeOption: Sendable, CaseIterable {
  /// The called AE title.
  case calledAETitle
  /// The calling AE title.
  case callingAETitle
  /// Whether to ask over TLS.
  case tls
  /// The name of the server in TLS.
  case serverName
  /// The number of echoes.
  case count
  /// The time between two echoes.
  case interval
  /// Whether to print the results as JSON.
  case json

  /// The properties of an option.
  private struct Row {
    /// The key, and how its value is read and written.
    let property: Property<ProbeSettings>
    /// The description in a few words, without the default.
    let words: String
    /// The description in full sentences.
    let about: String
  }

  private var row: Row {
    switch self {
    case .calledAETitle:
      Row(
        property: Property("called-ae-title", \.calledAETitleElsewhere, .aeTitle),
        words: "called AE title",
        about: """
          The AE title by which to call the SCP. Many archives accept only their own AE title. Without this \
          option, the service on this machine is called by its ae-title.
          """)
    case .callingAETitle:
      Row(
        property: Property("calling-ae-title", \.callingAETitle, .aeTitle),
        words: "calling AE title",
        about: """
          The AE title that this requestor gives itself. Many archives accept only titles that they know.
          """)
    case .tls:
      Row(
        property: Property("tls", \.isTLS, .yesOrNo.with(\.placeholder, nil)),
        words: "ask over TLS (port: \(ProbeTarget.tlsPort))",
        about: """
          Ask over DICOM TLS, and print the version, the cipher suite and the certificates that the SCP \
          presents. The default port is then \(ProbeTarget.tlsPort) or, for the service on this machine, \
          its tls-port. The options tls-ca-certificates, tls-crl and tls-min-version say what to accept, \
          tls-certificate and tls-private-key what to present.
          """)
    case .serverName:
      Row(
        property: Property("server-name", \.serverName, .serverName), words: "server name for TLS",
        about: """
          The name to ask for in TLS (SNI), which the certificate of the SCP must have. auto is the name of \
          the host or, without asking for it, its address; for the service on this machine, it is none. \
          Only with --tls.
          """)
    case .count:
      Row(
        property: Property("count", \.count, .number(1...1_000_000)), words: "number of echoes",
        about: "How many times to send C-ECHO, each on its own connection and association.")
    case .interval:
      Row(
        property: Property("interval", \.interval, .seconds), words: "time between echoes",
        about: "The time between the end of one echo and the start of the next, in seconds.")
    case .json:
      Row(
        property: Property("json", \.isJSON, .yesOrNo.with(\.placeholder, nil)),
        words: "print one JSON object for each echo",
        about: """
          Print one JSON object on one line for each echo instead of text: the request and its target, \
          whether it was answered, the times in milliseconds, who answered, and what failed.
          """)
    }
  }

  private var property: Property<ProbeSettings> { row.property }

  /// Whether the help lists the option. The help must fit a screen; the manual has all options.
  var isListed: Bool {
    switch self {
    case .calledAETitle, .callingAETitle, .tls, .count, .json: true
    case .serverName, .interval: false
    }
  }
  /// The short option without its dash, or `nil` if there is none.
  public var short: String? { self == .calledAETitle ? "aec" : nil }
  /// The long option without dashes.
  public var long: String { property.key }
  /// The name of the value in the help; `nil` if the option has no value and stands for yes.
  public var placeholder: String? { property.traits.placeholder }
  /// The default value as text; `nil` if the option has no value.
  public var defaultText: String? {
    placeholder == nil ? nil : property.text(ProbeSettings())
  }
  /// The description in a few words, with the default.
  public var help: String { row.words + (defaultText.map { " (default: \($0))" } ?? "") }

  /// The description in full sentences, for the manual.
  public var about: String { row.about }

  /// Sets the value in `settings` from `text`.
  func set(_ text: String, _ settings: inout ProbeSettings) throws(Mistake) {
    try property.set(placeholder == nil ? "yes" : text, &settings)
  }
}
