import Settings

/// What zsh completes behind `echoscpd`: one specification of `_arguments` for each option.
enum ZshCompletion {
  /// The whole file.
  static var text: String {
    let specifications =
      CommandLineOption.all.map(specification) + CommandLineOption.all.compactMap(recognition)
      + Setting.all.compactMap(operand)
    return """
      #compdef echoscpd
      # zsh completion for echoscpd(8).
      # Made from the table of settings by `UPDATE_GOLDEN=1 make unit`; not to be edited.

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

  /// What is not offered any more once `option` is there. One name alone excludes itself.
  private static func exclusion(of option: CommandLineOption) -> String {
    let names = option.alternatives.flatMap(\.usualNames).flatMap { name in
      name.hasSuffix("=") ? [escaped(name), String(name.dropLast())] : [name]
    }
    return names.count > 1 ? "(\(names.joined(separator: " ")))" : ""
  }

  /// A name that ends in an equals sign is offered as it is, but recognized on the line only as an
  /// option with a value; that one is not offered.
  private static func recognition(_ option: CommandLineOption) -> String? {
    guard let name = option.usualNames.first(where: { $0.hasSuffix("=") }) else { return nil }
    return quoted("!\(exclusion(of: option))\(name)-:: : ")
  }

  /// A name, and where its value stands.
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

  /// The operand, for which nothing is offered. A message about it would be shown beside every
  /// option that is about to be completed.
  private static func operand(_ setting: Setting) -> String? {
    setting.isOperand ? quoted("::\(message(setting.key)):()") : nil
  }

  private static func message(_ text: String) -> String { text.replacing(":", with: "\\:") }

  private static func quoted(_ text: String) -> String {
    "'\(text.replacing("'", with: "'\\''"))'"
  }
}
