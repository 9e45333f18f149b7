/// The names of files that a setting may have.
///
/// A name is used as written. What is likely to be a slip, such as punctuation of another format or a variable
/// of the shell, is refused here, not when the file turns out to be missing.
enum FileName {
  /// The word for no file. A file of this name is `./none`.
  static let none = "none"
  /// The marks with which only a shell begins a name that it replaces.
  private static let expanded = ["~", "$", "%"]

  /// Whether `text` may be the name of a file.
  static func accepts(_ text: String) -> Bool { text != none && (try? check(text)) != nil }

  /// Throws the mistake in `text` as the name of a file.
  static func check(_ text: String) throws(Mistake) {
    if let mark = expanded.first(where: text.hasPrefix) {
      throw Mistake(of: text, "begins with \(mark), which is not expanded", "write the whole path")
    }
    if let problem = LookAlike.problem(in: text) { throw Mistake(problem) }
    let isBare = text.unicodeScalars.allSatisfy {
      // Bytes that are not UTF-8 have become this replacement.
      !Quotation.isControl($0) && $0 != "\\" && $0 != "\u{FFFD}"
    }
    guard isBare, !text.isEmpty, !StrayMark.encloses(text) else {
      throw Mistake(
        of: text, "is not the name of a file",
        expected: "none, or a path in UTF-8 without backslashes, control characters or "
          + "punctuation around it")
    }
  }
}

extension Format<String?> {
  /// The name of a file, or `none`.
  static let file = Format(
    read: { text throws(Mistake) in
      if text == FileName.none { return nil }
      try FileName.check(text)
      return text
    }, write: { $0.map(ListText.quotedIfNeeded) ?? FileName.none },
    traits: Traits(placeholder: "[f]ile", choices: [FileName.none], isFile: true))

  /// The name of a file or directory, or `none`.
  static let fileOrDirectory = file.with(\.placeholder, "[f]ile or directory")
}
