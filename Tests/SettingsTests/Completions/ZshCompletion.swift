import Settings

/// The zsh completion of `echoscpd`: one specification of `_arguments` for each option.
enum ZshCompletion {
  /// The whole file.
  static var text: String {
    let specifications =
      CommandLineOption.all.map(specification) + CommandLineOption.all.compactMap(recognition)
      + Setting.all.compactMap(operand)
    return """
      #compdef echoscpd
      # zsh completion for echoscpd(8).
      # Generated from the table of settings by `make texts`; do not edit.

      _arguments -S \\
        \(specifications.joined(separator: " \\\n  "))

      """
  }

  private static func specification(_ option: CommandLineOption) -> String {
    let names = option.usualNames.map { name(of: $0, option) }
    let help = option.help.replacing("\\", with: "\\\\").replacing("[", with: "\\[")
      .replacing("]", with: "\\]")
    let rest = "[\(help)]\(value(of: option))"
    if names.count == 1 { return quoted(exclusion(of: option) + names[0] + rest) }
    let spelled = names.map { $0.contains("\\") ? quoted($0) : $0 }.joined(separator: ",")
    return quoted(exclusion(of: option)) + "{\(spelled)}" + quoted(rest)
  }

  /// Returns the names that zsh no longer offers after `option`. A single name excludes itself.
  private static func exclusion(of option: CommandLineOption) -> String {
    let names = option.alternatives.flatMap(\.usualNames).flatMap { name in
      name.hasSuffix("=") ? [escaped(name), String(name.dropLast())] : [name]
    }
    return names.count > 1 ? "(\(names.joined(separator: " ")))" : ""
  }

  /// Returns the specification by which zsh recognizes a name that ends in an equals sign as an option with a value;
  /// this one is not offered.
  private static func recognition(_ option: CommandLineOption) -> String? {
    guard let name = option.usualNames.first(where: { $0.hasSuffix("=") }) else { return nil }
    return quoted("!\(exclusion(of: option))\(name)-:: : ")
  }

  /// Returns a name with the mark for the place of its value.
  private static func name(of name: String, _ option: CommandLineOption) -> String {
    switch Completion(option) {
    case .nothing: return escaped(name)
    case .attachedWords: return "\(escaped(name))=-"
    case .anything, .words, .file: return "\(escaped(name))="
    }
  }

  private static func escaped(_ name: String) -> String { name.replacing("=", with: "\\=") }

  private static func value(of option: CommandLineOption) -> String {
    let message = message(option.valueName ?? option.long)
    switch Completion(option) {
    case .nothing: return ""
    case .anything: return ":\(message): "
    case .file: return ":\(message):_files"
    case .words(let words): return ":\(message):(\(words.joined(separator: " ")))"
    case .attachedWords(let words): return "::\(message):(\(words.joined(separator: " ")))"
    }
  }

  /// Returns the operand, for which nothing is offered: a message about it would appear beside every option that the
  /// user completes.
  private static func operand(_ setting: Setting) -> String? {
    setting.isOperand ? quoted("::\(message(setting.key)):()") : nil
  }

  private static func message(_ text: String) -> String { text.replacing(":", with: "\\:") }

  private static func quoted(_ text: String) -> String {
    "'\(text.replacing("'", with: "'\\''"))'"
  }
}
