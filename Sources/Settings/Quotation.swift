/// Text from a file or a command line as a message on one line repeats it.
public enum Quotation {
  /// The longest text that is repeated whole, in characters.
  private static let longest = 60

  /// `text` in quotation marks, with control characters escaped, and cut off when it is long.
  public static func of(_ text: String) -> String {
    let isLong = text.unicodeScalars.count > longest
    return "\"\(escaped(String(text.unicodeScalars.prefix(longest))))\(isLong ? "…" : "")\""
  }

  /// The name of a file, which may have any bytes but NUL: what is no UTF-8 is escaped too.
  public static func ofFileName(_ name: [UInt8]) -> String {
    if let text = String(validating: name, as: UTF8.self) { return escaped(text) }
    var result = ""
    for byte in name {
      result +=
        byte < 0x80 ? escaped(String(Unicode.Scalar(byte))) : "\\x" + String(byte, radix: 16)
    }
    return result
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
