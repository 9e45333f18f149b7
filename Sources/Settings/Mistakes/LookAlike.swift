/// Characters that look like an ASCII character, or are invisible: word processors, web pages and input
/// methods put them into text that is pasted.
enum LookAlike {
  /// The message about the first such character in `text`, or `nil` if there is none.
  static func problem(in text: String) -> String? {
    for scalar in text.unicodeScalars where scalar.value > 0x7E {
      guard let (name, right) = meaning(of: scalar) else { continue }
      let code = String(scalar.value, radix: 16, uppercase: true)
      let digits = String(repeating: "0", count: max(0, 4 - code.utf8.count)) + code
      let shown = isSpace(scalar) ? "" : "\(scalar) "
      return "the \(name) \(shown)U+\(digits) is not allowed here; type \(right)"
    }
    return nil
  }

  /// Whether a scalar is a space of any kind.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .spaceSeparator
  }

  /// `text` without the dashes and hyphens before it, and whether any of those was not an ASCII hyphen.
  static func withoutDashes(_ text: String) -> (name: String, isPasted: Bool) {
    let scalars = text.unicodeScalars
    let name = scalars.drop { isDash($0) || $0 == "-" }
    return (String(name), scalars[..<name.startIndex].contains(where: isDash))
  }

  /// Whether a scalar is a hyphen or dash outside ASCII, or the minus sign.
  private static func isDash(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2010...0x2015, 0x2212, 0xFE58, 0xFE63, 0xFF0D: true
    default: false
    }
  }

  /// The name of a scalar, and the ASCII character that it stands for.
  private static func meaning(of scalar: Unicode.Scalar) -> (name: String, right: String)? {
    if isDash(scalar) { return (names[scalar.value] ?? "dash", "-") }
    if isSpace(scalar) { return (names[scalar.value] ?? "space", "a space") }
    switch scalar.value {
    case 0x201C...0x201F: return ("curly quotation mark", "\"")
    case 0xAB, 0xBB, 0x2039, 0x203A: return ("angle quotation mark", "\"")
    case 0x2018...0x201B: return ("curly apostrophe", "' or \"")
    case 0xB4: return ("acute accent", "' or \"")
    case 0x3001, 0x060C: return ("comma", ",")
    case 0x2026: return ("ellipsis", "...")
    case 0xFF01...0xFF5E:
      return Unicode.Scalar(scalar.value - 0xFEE0).map { ("full-width character", String($0)) }
    default: return nil
    }
  }

  /// The dashes and spaces that have a name of their own.
  private static let names: [UInt32: String] = [
    0x2010: "hyphen", 0x2011: "no-break hyphen", 0x2013: "en dash", 0x2014: "em dash",
    0x2212: "minus sign", 0xA0: "no-break space", 0x2002: "en space", 0x2003: "em space",
    0x2009: "thin space", 0x202F: "narrow no-break space", 0x3000: "ideographic space",
  ]
}
