/// The groups of options in the help and the manual.
public enum OptionGroup: Sendable {
  /// The options of a section of the file.
  case section(Setting.Section)
  /// What is about asking another SCP.
  case probe

  /// All of them, in their order.
  public static let all: [OptionGroup] = [
    .section(.general), .section(.network), .section(.transferSyntaxes), .probe,
    .section(.access), .section(.limits),
  ]

  /// Its heading.
  public var heading: String {
    switch self {
    case .section(let section): section.heading
    case .probe: "Probe"
    }
  }

  /// Its options.
  public var options: [CommandLineOption] {
    switch self {
    case .section(let section): CommandLineOption.all.filter { $0.section == section }
    case .probe: CommandLineOption.all.filter { $0.section == nil }
    }
  }
}
