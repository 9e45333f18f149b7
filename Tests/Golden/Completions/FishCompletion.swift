import Settings

/// What fish completes behind `echoscpd`: one line for each option.
enum FishCompletion {
  /// The whole file.
  static var text: String {
    """
    # fish completion for echoscpd(8).
    # Made from the table of settings by `UPDATE_GOLDEN=1 make unit`; not to be edited.

    complete -c echoscpd -f
    \(CommandLineOption.all.map(line).joined(separator: "\n"))

    """
  }

  private static func line(_ option: CommandLineOption) -> String {
    // fish would put several of its own short options behind one dash; those of the "old style" stay
    // apart.
    let short = option.short.map { " -o \($0)" } ?? ""
    return "complete -c echoscpd\(short) -l \(option.long)\(value(of: option))"
      + " -d \(quoted(option.help))"
  }

  private static func value(of option: CommandLineOption) -> String {
    switch Completion(option) {
    case .nothing: ""
    case .anything: " -x"
    case .file: " -r -F"
    case .words(let words): " -x -a \(quoted(words.joined(separator: " ")))"
    case .attachedWords(let words): " -a \(quoted(words.joined(separator: " ")))"
    }
  }

  /// A backslash is one in these quotation marks only before itself and an apostrophe.
  private static func quoted(_ text: String) -> String {
    "'\(text.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
  }
}
