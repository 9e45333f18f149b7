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
  public var long: String {
    switch self {
    case .setting(let setting): setting.key
    case .switch(let flag): flag.long
    case .action(let action): action.long
    case .probe(let option): option.long
    }
  }

  /// Its short name, without its dash, where it has one.
  public var short: String? {
    switch self {
    case .setting(let setting): setting.short
    case .switch(let flag): flag.short
    case .action(let action): action.short
    case .probe(let option): option.short
    }
  }

  /// The section of the setting that it is about; nothing when it is about probing.
  public var section: Setting.Section? {
    switch self {
    case .setting(let setting): setting.section
    case .switch(let flag): Setting.named(flag.key)?.section
    case .action(.probe), .probe: nil
    case .action: .general
    }
  }

  /// How its value is called, or nothing when it has none.
  public var placeholder: String? {
    switch self {
    case .setting(let setting): setting.placeholder
    case .switch: nil
    case .action(let action): action.placeholder
    case .probe(let option): option.placeholder
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
