import Linux
public import UpperLayer

/// How to probe SCPs: the other words on the command line with `--probe`.
public struct ProbeSettings: Equatable, Sendable {
  /// The SCPs to probe; if empty and without `--devices`, the local service at its configured port.
  public internal(set) var targets: [ProbeTarget] = []
  /// Whether to probe the devices in the configuration file instead.
  public internal(set) var isOfDevices = false
  /// The devices to probe; all of them if empty.
  public internal(set) var devices: [AETitle] = []
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
  /// The time in milliseconds above which a result is a warning, or `nil` if it never is.
  public internal(set) var warning: UInt32?
  /// The time in milliseconds above which a result is critical, or `nil` if it never is.
  public internal(set) var critical: UInt32?
  /// Whether to print the results as JSON.
  public internal(set) var isJSON = false
  /// Whether to print the health check of a HAProxy backend instead of probing.
  public internal(set) var isHAProxyCheck = false

  /// The called AE title for an SCP on another host. The default is that of other requestors.
  public internal(set) var calledAETitleElsewhere: AETitle {
    get { calledAETitle ?? AETitle(literal: "ANY-SCP") }
    set { calledAETitle = newValue }
  }

  /// Whether the local service is among the SCPs to probe.
  var isLocal: Bool {
    if targets.isEmpty { return !isOfDevices }
    return targets.contains { if case .local = $0.place { true } else { false } }
  }

  /// Whether a host is among the SCPs to probe.
  public var hasHosts: Bool {
    isOfDevices || targets.contains { if case .host = $0.place { true } else { false } }
  }

  /// The defaults.
  public init() {}
}

extension Format<String?> {
  /// The name of a server, in the form of the DNS, or `auto`.
  fileprivate static let serverName = Format(
    "is not the name of a server", "auto, or letters, digits, dots, hyphens and underscores",
    placeholder: "[n]ame", choices: ["auto"],
    read: { text in
      if text == "auto" { return .some(nil) }
      // SNI has no addresses (RFC 6066 §3), and an IDN in its ASCII form.
      guard ProbePlace.isName(text), text.utf8.allSatisfy({ $0 < 0x80 }),
        !NetworkAddress.isAddress(text)
      else { return nil }
      return .some(text)
    }, write: { $0 ?? "auto" })
}

extension Format<UInt32?> {
  /// A time above which a result is worse, in seconds, stored in milliseconds.
  fileprivate static let threshold = Format(
    "is not a time", "more than 0 up to 1000000 seconds, such as 0.5, or none",
    placeholder: "[s]econds", choices: ["none"],
    read: { text in
      if text == "none" { return .some(nil) }
      guard let time = try? Format<UInt32>.seconds.read(text), time > 0 else { return nil }
      return .some(time)
    }, write: { $0.map(Format<UInt32>.seconds.write) ?? "none" }
  ).with(\.unit, .seconds)
}

/// An option that is valid only with `--probe`, in the order of the help.
public enum ProbeOption: Sendable, CaseIterable {
  /// The called AE title.
  case calledAETitle
  /// The calling AE title.
  case callingAETitle
  /// Whether to probe the devices in the configuration file.
  case devices
  /// Whether to ask over TLS.
  case tls
  /// The name of the server in TLS.
  case serverName
  /// The number of echoes.
  case count
  /// The time between two echoes.
  case interval
  /// The time above which a result is a warning.
  case warning
  /// The time above which a result is critical.
  case critical
  /// Whether to print the results as JSON.
  case json
  /// Whether to print a health check for HAProxy.
  case haproxyCheck

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
          The AE title by which to call each SCP that has none before its host, as in ARCHIVE@pacs:104. Many \
          archives accept only their own AE title. Without this option, the service on this machine is called by \
          its ae-title.
          """)
    case .callingAETitle:
      Row(
        property: Property("calling-ae-title", \.callingAETitle, .aeTitle),
        words: "calling AE title",
        about: """
          The AE title that this requestor gives itself. Many archives accept only titles that they know.
          """)
    case .devices:
      Row(
        property: Property("devices", \.isOfDevices, .yesOrNo.with(\.placeholder, nil)),
        words: "test the [device] sections with probe",
        about: """
          Probe the devices in the configuration file: each [device TITLE] section that has the key probe, or only \
          those whose AE titles follow as words, as in --probe --devices CT1 MR1. Each is called by its \
          title, unless the key has another one.
          """)
    case .tls:
      Row(
        property: Property("tls", \.isTLS, .yesOrNo.with(\.placeholder, nil)),
        words: "ask over TLS (port: \(ProbePlace.tlsPort))",
        about: """
          Ask over DICOM TLS, and print the version, the cipher suite and the certificates that the SCP \
          presents. The default port is then \(ProbePlace.tlsPort) or, for the service on this machine, \
          its tls-port. The options tls-ca-certificates, tls-crl and tls-min-version say what to accept, \
          tls-certificate and tls-private-key what to present. It applies to every SCP on the command line.
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
    case .warning:
      Row(
        property: Property("warning", \.warning, .threshold),
        words: "warn if slower; -c: fail",
        about: """
          The total time of a probe above which it is a warning, in seconds: 0.05 is 50 ms.
          """)
    case .critical:
      Row(
        property: Property("critical", \.critical, .threshold),
        words: "critical above this time",
        about: """
          The total time of a probe above which it is critical, in seconds, even though the SCP answered.
          """)
    case .json:
      Row(
        property: Property("json", \.isJSON, .yesOrNo.with(\.placeholder, nil)),
        words: "print one JSON object for each echo",
        about: """
          Print one JSON object on one line for each echo instead of text: the request and its target, \
          whether it was answered, the times in milliseconds, who answered, and what failed. With several \
          targets, the lines are in the order in which the answers come.
          """)
    case .haproxyCheck:
      Row(
        property: Property("haproxy-check", \.isHAProxyCheck, .yesOrNo.with(\.placeholder, nil)),
        words: "print a health check for HAProxy",
        about: """
          Connect to nothing; instead, print the health check of a HAProxy backend that does what this probe \
          does: it associates, sends one C-ECHO, and releases. Only the two AE titles apply, and \
          --called-ae-title is required. See HAPROXY.
          """)
    }
  }

  private var property: Property<ProbeSettings> { row.property }

  /// Whether the help lists the option. The help must fit a screen; the manual has all options.
  var isListed: Bool {
    switch self {
    case .calledAETitle, .callingAETitle, .devices, .tls, .warning: true
    case .serverName, .count, .interval, .critical, .json, .haproxyCheck: false
    }
  }
  /// The short option without its dash, or `nil` if there is none.
  public var short: String? {
    switch self {
    case .calledAETitle: "aec"
    // The names that monitoring systems give to thresholds.
    case .warning: "w"
    case .critical: "c"
    case .callingAETitle, .devices, .tls, .serverName, .count, .interval, .json, .haproxyCheck: nil
    }
  }
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
    do throws(Mistake) {
      try property.set(placeholder == nil ? "yes" : text, &settings)
    } catch {
      throw property.traits.unit == .seconds ? Repair.mended(error, of: text, property) : error
    }
  }
}
