/// An option of the command line: a setting, a switch, or what to do with all of them.
public enum CommandLineOption: Sendable {
  /// An option with a value.
  case setting(Setting)
  /// An option that stands for a value.
  case `switch`(Switch)
  /// An option that is no setting.
  case action(Action)
  /// An option that goes with `--probe`.
  case probe(ProbeOption)

  /// An option under one of its names, which the command line may have with one dash or two.
  public struct Name: Sendable {
    /// The name without dashes, as getopt_long_only(3) knows it.
    public let text: String
    /// What it stands for.
    public let option: CommandLineOption
    /// Whether it is written with an equals sign and nothing behind it, as `-x=`.
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

  /// Its long name, without dashes.
  public var long: String { names.long }
  /// Its short name, without its dash, where it has one.
  public var short: String? { names.short }
  /// How its value is called; nil when it has none.
  public var placeholder: String? { names.placeholder }

  private var names: (long: String, short: String?, placeholder: String?) {
    switch self {
    case .setting(let setting): (setting.key, setting.short, setting.placeholder)
    case .switch(let flag): (flag.long, flag.short, nil)
    case .action(let action): (action.long, action.short, action.placeholder)
    case .probe(let option): (option.long, option.short, option.placeholder)
    }
  }

  /// The section of the setting that it is about; nil when it is about probing.
  public var section: Setting.Section? {
    switch self {
    case .setting(let setting): setting.section
    case .switch(let flag): Setting.named(flag.key)?.section
    case .action(.probe), .probe: nil
    case .action: .general
    }
  }

  /// Whether the help lists it.
  public var isListed: Bool {
    if case .setting(let setting) = self { setting.isListed } else { true }
  }

  /// What it is, in a few words.
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
    // The host is the operand then, or stands behind an equals sign, or is not said.
    case .action(.probe): false
    case .switch, .action, .probe: placeholder != nil
    }
  }

  /// What is wrong with `word`, a word of the command line that is no option, and what is typed
  /// instead; `values` are the words behind it. Where the line asks an SCP, `asked` are the other words
  /// that say which.
  static func problem(
    unknown word: String, followedBy values: [String] = [], asked: [String]? = nil
  ) -> String {
    let shown = Quotation.shown(word)
    if let right = CommandHabit.correction(option: word, values, asked: asked) {
      return "\(shown) is no option; \(right)"
    }
    let name = String(word.drop { $0 == "-" }.prefix { $0 != "=" })
    let names = Set(all.map(\.long)).sorted()
    let beginning = name.isEmpty ? [] : names.filter { $0.hasPrefix(name) }
    if beginning.count > 1 {
      let several = beginning.map { "--\($0)" }.joined(separator: ", ")
      return "\(shown) may be each of \(several)"
    }
    let meant = beginning.first ?? ForeignName.key(meantBy: name, among: names)
    return meant.map { "\(shown) is no option; --\($0) is one" } ?? "\(shown) is no option"
  }
}

/// An option that says what the program does with its settings, and is not one of them.
public enum Action: String, Sendable, CaseIterable {
  /// Print the options and exit.
  case help
  /// Print the version and exit.
  case version
  /// Read this file instead of the usual one.
  case config
  /// Check the settings and exit.
  case checkConfig = "check-config"
  /// Print the settings and exit.
  case dumpConfig = "dump-config"
  /// Have another process reload.
  case reload
  /// Ask an SCP.
  case probe

  /// The long option without dashes.
  public var long: String { rawValue }

  /// The short option without its dash, where it has one.
  public var short: String? { self == .help ? "h" : self == .version ? "V" : nil }

  /// How its value is called in the help; nil when it has none.
  public var placeholder: String? {
    switch self {
    case .config: "[f]ile"
    case .reload: "[p]rocess"
    case .probe: "[h]ost[:port]"
    case .help, .version, .checkConfig, .dumpConfig: nil
    }
  }

  /// What it does, in a few words.
  public var help: String {
    switch self {
    case .help: "print this help and exit"
    case .version: "print version information and exit"
    case .config: "file to read (default: \(ConfigurationFile.standardPath))"
    case .checkConfig: "check the configuration and exit"
    case .dumpConfig: "print all settings with their origins"
    case .reload: "have a running echoscpd reload its files"
    case .probe: "test a host, or this service (port: \(Self.usualPort))"
    }
  }

  private static var usualPort: String { Setting.named("port")?.defaultText ?? "" }

  /// What it does, in sentences, for the manual.
  public var about: String {
    switch self {
    case .help: "Print the options, each with its default, and exit."
    case .version: "Print the version and exit."
    case .config:
      """
      The configuration file to read instead of \(ConfigurationFile.standardPath); it has to be there. \
      The files in the folder of the same name with .d behind it are read after it.
      """
    case .checkConfig:
      """
      Read the configuration and the command line, say all that is wrong with them, and exit: with \
      78 if anything is wrong in a file, with 64 if it is on the command line, else with 0. No socket \
      is opened.
      """
    case .dumpConfig:
      """
      Print every setting with its value and where that comes from, and exit. What is printed is a \
      configuration file itself.
      """
    case .reload:
      """
      Have the echoscpd with this process ID read its configuration once more, print its answer, and \
      exit: with 0 when the settings are in force, with 78 when anything is wrong in a file and they \
      are as they were. systemctl reload echoscpd does it.
      """
    case .probe:
      """
      Ask an SCP for one C-ECHO instead of answering, tell what came of it, and exit. The host is a \
      name or an address, an IPv6 address with a port in brackets, as [2001:db8::1]:104; port \
      \(Self.usualPort) is meant where none is said. Without a host it is the service of this \
      machine, by its configuration: its port, or the one on the command line, its bind-address, or \
      the loopback addresses, and its ae-title. See PROBE.
      """
    }
  }
}

/// An option without a value, which gives a setting one particular value.
public struct Switch: Sendable {
  /// The long option without dashes.
  public let long: String
  /// The short option without its dash.
  public let short: String
  /// The setting it sets; two switches of one setting exclude each other.
  public let key: String
  /// The value it gives.
  public let value: String
  /// One sentence about it.
  public let help: String

  /// `--long` or `-short` gives the setting `key` this `value`.
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
