import Settings

@testable import SettingsTests

/// The parts of echoscpd(8) and echoscp.conf(5) that come from the table of settings.
enum SettingsInManual {
  /// The list of options in echoscpd(8), group by group.
  static var options: String {
    var lines = [".Bl -tag -width Ds"]
    for setting in Setting.all where setting.isOperand {
      lines +=
        [".It Ar \(setting.key)"] + Mdoc.prose(setting.about) + defaultLines(setting.defaultText)
    }
    lines.append(".El")
    for group in OptionGroup.all {
      lines += [".Ss \(group.heading)"]
      if case .section(let section) = group {
        for setting in Setting.all
        where setting.section == section && setting.placeholder == nil && !setting.isOperand {
          lines += Mdoc.prose("The setting `\(setting.key)` of echoscp.conf(5). \(setting.about)")
        }
      }
      lines.append(".Bl -tag -width Ds")
      for option in group.options {
        lines += [".It \(head(of: option))"] + Mdoc.prose(sentences(about: option))
        if let text = option.defaultText { lines += defaultLines(text) }
      }
      lines.append(".El")
    }
    return lines.joined(separator: "\n")
  }

  /// The list of keys in echoscp.conf(5), section by section.
  static var keys: String {
    Setting.Section.allCases.flatMap { section in
      [".Ss [\(section.name)]", ".Bl -tag -width Ds"]
        + Setting.all.filter { $0.section == section }.flatMap { setting in
          entry(
            setting.key, setting.about, value: setting.valueText,
            default: [".Cm \(Mdoc.quotedIfNeeded(setting.defaultText))"],
            options: usage(of: setting))
        } + [".El"]
    }.joined(separator: "\n")
  }

  /// The list of the keys of a device in echoscp.conf(5).
  static var deviceKeys: String {
    ([".Bl -tag -width Ds"]
      + DeviceSetting.all.flatMap { setting in
        entry(
          setting.key, setting.about, value: setting.valueText,
          default: [DeviceSetting.defaultText],
          options: nil)
      } + [".El"]).joined(separator: "\n")
  }

  /// A file with mistakes, and the program's messages about them.
  static var mistake: String {
    let content = "[network]\nprot = 104\naet = MYPACS"
    var configuration = Configuration()
    configuration.read(ConfigurationFile(path: "site.conf", bytes: Array(content.utf8)))
    let lines =
      ["$ cat site.conf", content, "$ echoscpd --config site.conf --check-config"]
      + configuration.diagnostics.map(\.text)
    return Mdoc.example(lines.joined(separator: "\n"))
  }

  private static func entry(
    _ key: String, _ about: String, value: String, default text: [String], options: String?
  ) -> [String] {
    [".It Cm \(key)"] + Mdoc.prose(about) + [".Bl -tag -width \"Default:\" -compact"]
      + [".It Value:"] + Mdoc.prose(value) + [".It Default:"] + text
      + (options.map { [".It Options:", ".\($0)"] } ?? []) + [".El"]
  }

  /// Returns the heading of an option: its names, and its value if it has one.
  static func head(of option: CommandLineOption) -> String {
    let names = option.usualNames.map(flag).joined(separator: " , ")
    if let value = option.valueName { return "\(names) Ar \(Mdoc.quotedIfNeeded(value))" }
    // An optional value follows an equals sign.
    guard let placeholder = option.placeholder else { return names }
    return "\(names) Ns \(Mdoc.literal(placeholder))"
  }

  /// Returns the macros for a name of an option: `Fl x`, or `Fl Fl prefer`.
  private static func flag(_ name: String) -> String {
    name.hasPrefix("--") ? "Fl Fl \(name.dropFirst(2))" : "Fl \(name.dropFirst())"
  }

  private static func defaultLines(_ text: String) -> [String] {
    [".Pp", "Default:", ".Cm \(Mdoc.quotedIfNeeded(text))"]
  }

  private static func sentences(about option: CommandLineOption) -> String {
    switch option {
    case .setting(let setting): setting.about
    case .action(let action): action.about
    case .probe(let option): option.about
    case .switch(let flag):
      "\(flag.help.prefix(1).uppercased())\(flag.help.dropFirst()). Same as `\(flag.key) = \(flag.value)` in "
        + "echoscp.conf(5)."
    }
  }

  /// Returns the options or the operand for a setting on the command line.
  private static func usage(of setting: Setting) -> String {
    if setting.isOperand { return "Ar \(setting.key)" }
    return CommandLineOption.all.filter {
      switch $0 {
      case .setting(let other): other.key == setting.key
      case .switch(let flag): flag.key == setting.key
      case .action, .probe: false
      }
    }.flatMap(\.usualNames).map(flag).joined(separator: " , ")
  }
}
