/// The text of `--help`, generated from the table.
public enum Help {
  /// The column in which explanations begin, counted from 0.
  static let column = 38

  /// The usage, and the listed options of every group.
  public static var text: String {
    let port = Setting.named("port")
    var text = """
      usage: echoscpd [options] [port]

      Answers DICOM C-ECHO: a Verification SCP.

      Parameters:
      \(row("port", "\(port?.help ?? "") (default: \(port?.defaultText ?? ""))"))
      """
    for group in OptionGroup.all {
      let options = group.options.filter(\.isListed)
      if !options.isEmpty { text += "\(group.heading):\n" }
      for option in options {
        let short = option.short.map { "-\($0), " } ?? ""
        // An optional value follows an equals sign.
        let value = option.placeholder.map { $0.hasPrefix("[=") ? $0 : " \($0)" } ?? ""
        text += row("\(short)--\(option.long)\(value)", option.help)
      }
    }
    text += row("--KEY value", "any other setting of echoscp.conf(5)")
    return text
  }

  private static func row(_ option: String, _ help: String) -> String {
    let gap = String(repeating: " ", count: max(2, column - 2 - option.utf8.count))
    return "  \(option)\(gap)\(help)\n"
  }
}

/// The groups of options in the help and the manual.
public enum OptionGroup: Sendable {
  /// The options of a section of the file.
  case section(Setting.Section)
  /// The options of `--probe`.
  case probe

  /// All groups in the order of the help.
  public static let all: [OptionGroup] = [
    .section(.general), .section(.network), .section(.transferSyntaxes), .probe,
    .section(.access), .section(.tls), .section(.proxy), .section(.limits),
  ]

  /// The heading of the group.
  public var heading: String {
    switch self {
    case .section(let section): section.heading
    case .probe: "Probe"
    }
  }

  /// The options of the group.
  public var options: [CommandLineOption] {
    switch self {
    case .section(let section): CommandLineOption.all.filter { $0.section == section }
    case .probe: CommandLineOption.all.filter { $0.section == nil }
    }
  }
}

extension Setting.Section {
  /// The heading of the section in the help.
  public var heading: String {
    switch self {
    case .general: "General Options"
    case .network: "Network Options"
    case .transferSyntaxes: "Preferred Transfer Syntaxes"
    case .access: "Access"
    case .tls: "TLS"
    case .proxy: "Load Balancers"
    case .limits: "Limits"
    }
  }
}
