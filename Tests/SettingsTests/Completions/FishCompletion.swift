import Settings

/// The fish completion of `echoscpd`: one line for each option.
enum FishCompletion {
  /// The whole file.
  static var text: String {
    """
    # fish completion for echoscpd(8).
    # Generated from the table of settings by `make texts`; do not edit.

    complete -c echoscpd -f
    \(CommandLineOption.all.map(line).joined(separator: "\n"))

    """
  }

  private static func line(_ option: CommandLineOption) -> String {
    // fish would combine its own short options after one dash; those of the "old style" stay separate.
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

  /// Returns text in single quotation marks, where a backslash escapes only itself and an apostrophe.
  private static func quoted(_ text: String) -> String {
    "'\(text.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
  }
}
