/// An option of the command line: a setting, a switch, or something to do instead of serving.
public enum CommandLineOption: Sendable {
  /// An option with a value.
  case setting(Setting)
  /// An option that stands for a value.
  case `switch`(Switch)
  /// `--help`.
  case help
  /// `--version`.
  case version

  /// An option under one of its names, which the command line may have with one dash or two.
  public struct Name: Sendable {
    /// The name without dashes, as getopt_long_only(3) knows it.
    public let text: String
    /// What it stands for.
    public let option: CommandLineOption
    /// Whether it is written with an equals sign and nothing behind it, as `-x=`.
    public let endsInEqualsSign: Bool
  }

  /// Every name of every option.
  public static let names: [Name] = {
    var names: [Name] = [
      Name(text: "help", option: .help, endsInEqualsSign: false),
      Name(text: "h", option: .help, endsInEqualsSign: false),
      Name(text: "version", option: .version, endsInEqualsSign: false),
    ]
    for setting in Setting.all where setting.placeholder != nil {
      for text in [setting.key, setting.short].compactMap({ $0 }) {
        names.append(Name(text: text, option: .setting(setting), endsInEqualsSign: false))
      }
    }
    for `switch` in Switch.all {
      names.append(
        Name(text: `switch`.long, option: .switch(`switch`), endsInEqualsSign: false))
      let short = `switch`.short.split(separator: "=", omittingEmptySubsequences: true)
      names.append(
        Name(
          text: String(short[0]), option: .switch(`switch`),
          endsInEqualsSign: `switch`.short.hasSuffix("=")))
    }
    return names
  }()

  /// Whether the option has a value.
  public var takesArgument: Bool {
    if case .setting = self { return true }
    return false
  }
}
