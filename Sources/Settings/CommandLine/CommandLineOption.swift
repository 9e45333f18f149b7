/// An option of the command line: a setting, a switch, an action, or an option of `--probe`.
public enum CommandLineOption: Sendable {
  /// An option that sets a setting.
  case setting(Setting)
  /// An option without a value that sets a setting to a fixed value.
  case `switch`(Switch)
  /// An option that selects an action.
  case action(Action)
  /// An option that is valid only with `--probe`.
  case probe(ProbeOption)

  /// A name of an option, which may be typed with one dash or two.
  public struct Name: Sendable {
    /// The name without dashes, as getopt_long_only(3) knows it.
    public let text: String
    /// The option of this name.
    public let option: CommandLineOption
    /// Whether the name is typed with an equals sign at its end, like `-x=`.
    public let endsInEqualsSign: Bool

    init(_ text: String, _ option: CommandLineOption) {
      endsInEqualsSign = text.hasSuffix("=")
      self.text = endsInEqualsSign ? String(text.dropLast()) : text
      self.option = option
    }
  }

  /// Every option, in the order of the help within each section.
  public static let all: [CommandLineOption] =
    Action.allCases.map { .action($0) } + ProbeOption.allCases.map { .probe($0) }
    + Switch.all.map { .switch($0) }
    + Setting.all.filter { $0.placeholder != nil }.map { .setting($0) }

  /// Every name of every option.
  public static let names: [Name] = all.flatMap { option in
    [option.long, option.short].compactMap { $0 }.map { Name($0, option) }
  }

  /// The long name, without dashes.
  public var long: String { names.long }
  /// The short name, without its dash, or `nil` if there is none.
  public var short: String? { names.short }
  /// The name of the value; `nil` if the option has none.
  public var placeholder: String? { names.placeholder }

  private var names: (long: String, short: String?, placeholder: String?) {
    switch self {
    case .setting(let setting): (setting.key, setting.short, setting.placeholder)
    case .switch(let flag): (flag.long, flag.short, nil)
    case .action(let action): (action.long, action.short, action.placeholder)
    case .probe(let option): (option.long, option.short, option.placeholder)
    }
  }

  /// The section of the setting, or `nil` for the options of `--probe`.
  public var section: Setting.Section? {
    switch self {
    case .setting(let setting): setting.section
    case .switch(let flag): Setting.named(flag.key)?.section
    case .action(.probe), .probe: nil
    case .action: .general
    }
  }

  /// Whether the help lists the option.
  public var isListed: Bool {
    switch self {
    case .setting(let setting): setting.isListed
    case .probe(let option): option.isListed
    case .switch, .action: true
    }
  }

  /// The description in a few words.
  public var help: String {
    switch self {
    case .setting(let setting): "\(setting.help) (default: \(setting.defaultText))"
    case .switch(let flag): flag.help
    case .action(let action): action.help
    case .probe(let option): option.help
    }
  }

  /// Whether the option needs a value.
  public var takesArgument: Bool {
    switch self {
    case .setting(let setting): setting.impliedValue == nil
    // The host is an operand, follows an equals sign, or is left out.
    case .action(.probe): false
    case .switch, .action, .probe: placeholder != nil
    }
  }

  /// The message about `word`, which is not an option, with what to type instead. `values` are the words after
  /// it. If the line is a probe, `asked` are the other words that name the SCP.
  static func problem(
    unknown word: String, followedBy values: [String] = [], asked: [String]? = nil
  ) -> String {
    let shown = Quotation.shown(word)
    if let right = CommandHabit.correction(option: word, values, asked: asked) {
      return "\(shown) is not an option; \(right)"
    }
    let name = String(word.drop { $0 == "-" }.prefix { $0 != "=" })
    let names = Set(all.map(\.long)).sorted()
    let beginning = name.isEmpty ? [] : names.filter { $0.hasPrefix(name) }
    if beginning.count > 1 {
      let several = beginning.map { "--\($0)" }.joined(separator: ", ")
      return "\(shown) is ambiguous: expected one of \(several)"
    }
    let meant = beginning.first ?? ForeignName.key(meantBy: name, among: names)
    return meant.map { "\(shown) is not an option; use --\($0)" } ?? "\(shown) is not an option"
  }
}

/// An option that selects what the program does, instead of setting a value.
public enum Action: String, Sendable, CaseIterable {
  /// Print the options and exit.
  case help
  /// Print the version and exit.
  case version
  /// Read another configuration file.
  case config
  /// Check the configuration and exit.
  case checkConfig = "check-config"
  /// Print the settings with their origins and exit.
  case dumpConfig = "dump-config"
  /// Make a running service reload its configuration.
  case reload
  /// Probe an SCP.
  case probe

  /// The long option without dashes.
  public var long: String { rawValue }

  /// The short option without its dash, or `nil` if there is none.
  public var short: String? { self == .help ? "h" : self == .version ? "V" : nil }

  /// The name of the value in the help; `nil` if there is none.
  public var placeholder: String? {
    switch self {
    case .config: "[f]ile"
    case .reload: "[p]rocess"
    case .probe: "[h]ost[:port]"
    case .help, .version, .checkConfig, .dumpConfig: nil
    }
  }

  /// The description in a few words, for the help.
  public var help: String {
    switch self {
    case .help: "print this help and exit"
    case .version: "print version information and exit"
    case .config: "file to read (default: \(ConfigurationFile.standardPath))"
    case .checkConfig: "check the configuration and exit"
    case .dumpConfig: "print all settings with their origins"
    case .reload: "make a running echoscpd reload its files"
    case .probe: "test hosts, or this service (port: \(Self.usualPort))"
    }
  }

  private static var usualPort: String { Setting.named("port")?.defaultText ?? "" }

  /// The description in full sentences, for the manual.
  public var about: String {
    switch self {
    case .help: "Print the options, each with its default, and exit."
    case .version: "Print the version and exit."
    case .config:
      """
      The configuration file to read instead of \(ConfigurationFile.standardPath); it must exist. \
      The files in the directory of the same name with .d appended are read after it.
      """
    case .checkConfig:
      """
      Check the configuration and the command line, print every error, and exit: with 78 if a file has \
      an error, with 64 if the command line has one, otherwise with 0. No socket is opened.
      """
    case .dumpConfig:
      """
      Print every setting with its value and where the value comes from, and exit. The output is \
      itself a valid configuration file.
      """
    case .reload:
      """
      Tell the echoscpd with this process ID to reload its configuration, print the result, and exit: with \
      0 if the new settings are in force, with 78 if a file has an error and the previous settings stay \
      in force. systemctl reload echoscpd does this.
      """
    case .probe:
      """
      Send a C-ECHO to each SCP that the words name instead of answering, print the results, and exit. A word is \
      a host, a name or an address; an IPv6 address with a port is in brackets, as in [2001:db8::1]:104. The \
      default port is \(Self.usualPort), or \(ProbePlace.tlsPort) with --tls. Before the host, the called AE title \
      may stand, as in ARCHIVE@pacs:104. Several SCPs are asked at the same time. Without a host, the service on \
      this machine is probed as configured: on its port or the one on the command line, on its bind-address or \
      the loopback addresses, and by its ae-title. See PROBE.
      """
    }
  }
}

/// An option without a value that sets a setting to a fixed value.
public struct Switch: Sendable {
  /// The long option without dashes.
  public let long: String
  /// The short option without its dash.
  public let short: String
  /// The key of the setting. Two switches of the same setting exclude each other.
  public let key: String
  /// The value that the switch sets.
  public let value: String
  /// The description in one sentence.
  public let help: String

  /// A switch that sets `key` to `value`.
  private init(_ long: String, _ short: String, key: String, _ value: String, _ help: String) {
    (self.long, self.short, self.key, self.value, self.help) = (long, short, key, value, help)
  }

  /// Every switch, in the order of the help.
  public static let all: [Switch] = [
    Switch(
      "quiet", "q", key: "log-level", "none", "quiet mode, print no warnings and errors"),
    Switch("verbose", "v", key: "log-level", "info", "verbose mode, print processing details"),
    Switch("debug", "d", key: "log-level", "debug", "debug mode, print debug information"),
    Switch(
      "prefer-uncompr", "x=", key: "prefer", "uncompressed", "prefer explicit VR local byte order"),
    Switch("prefer-little", "xe", key: "prefer", "little", "prefer explicit VR little endian TS"),
    Switch("prefer-big", "xb", key: "prefer", "big", "prefer explicit VR big endian TS"),
    Switch("implicit", "xi", key: "prefer", "implicit", "accept implicit VR little endian TS only"),
  ]
}
