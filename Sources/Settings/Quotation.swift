/// Text from a file or a command line as a message on one line repeats it.
enum Quotation {
  /// The longest text that is repeated whole, in characters.
  private static let longest = 60

  /// `text` in quotation marks, with control characters escaped, and cut off when it is long.
  static func of(_ text: String) -> String {
    let isLong = text.unicodeScalars.count > longest
    return "\"\(escaped(String(text.unicodeScalars.prefix(longest))))\(isLong ? "…" : "")\""
  }

  /// `text` with control characters escaped.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      result += isControl(scalar) ? scalar.escaped(asASCII: true) : String(scalar)
    }
    return result
  }

  /// Whether a scalar controls the terminal or the direction of writing, or cannot be seen.
  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
