import Settings

/// Text as roff(7) wants it. The result is ASCII, so that no program has to guess its encoding, and
/// what a person may copy from a page is copied as it has to be typed.
enum Roff {
  /// What is typed or printed exactly so: a hyphen is a minus, a quotation mark stays upright.
  static func literal(_ text: String) -> String { text.unicodeScalars.map(literal).joined() }

  /// The same in bold.
  static func bold(_ text: String) -> String { text.isEmpty ? "" : "\\fB\(literal(text))\\fR" }

  /// What stands for something else, as a value.
  static func italic(_ text: String) -> String { text.isEmpty ? "" : "\\fI\(literal(text))\\fR" }

  /// Sentences. What stands between backticks is typed literally; keys of settings and names of
  /// manual pages are found without.
  static func prose(_ text: String) -> String {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    return parts.enumerated().map { index, part in
      index.isMultiple(of: 2) ? words(part) : bold(String(part))
    }.joined()
  }

  /// Text in lines of a source file: each sentence begins one, and a line that only looks like a
  /// request, or like the end of a sentence, does not act like it.
  static func lines(of roff: String) -> [String] {
    var lines: [String] = []
    var rest = roff[...]
    while !rest.isEmpty {
      let end = rest.firstRange(of: ". ")
      let sentence = end.map { rest[..<$0.lowerBound] + "." } ?? rest
      rest = end.map { rest[$0.upperBound...] } ?? ""
      let broken = Paragraph.lines(of: String(sentence), width: 78)
      for (index, line) in broken.enumerated() {
        let isEnd = index == broken.count - 1
        lines.append(guarded(line) + (!isEnd && line.last.map(".?!".contains) == true ? "\\&" : ""))
      }
    }
    return lines
  }

  /// A line that is no request, whatever it begins with.
  static func guarded(_ line: String) -> String {
    line.hasPrefix(".") || line.hasPrefix("'") ? "\\&\(line)" : line
  }

  private static func words(_ text: Substring) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map(word).joined(separator: " ")
  }

  private static func word(_ text: Substring) -> String {
    if let page = text.wholeMatch(of: /([a-z][a-z_.-]*)(\([1-8]\).*)/) {
      return bold(String(page.1)) + escaped(page.2)
    }
    if let key = text.wholeMatch(of: /(\(?)([a-z]+-[a-z-]+)([,.;:)]*)/),
      Setting.named(String(key.2)) != nil
    {
      return escaped(key.1) + bold(String(key.2)) + escaped(key.3)
    }
    return escaped(text)
  }

  /// As ``literal(_:)``, but with the hyphens and apostrophes of a text that is read.
  private static func escaped(_ text: Substring) -> String {
    text.unicodeScalars.map { $0 == "-" || $0 == "'" ? String($0) : literal($0) }.joined()
  }

  private static func literal(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\\": return "\\(rs"
    case "-": return "\\-"
    case "'": return "\\(aq"
    case "`": return "\\(ga"
    case "\"": return "\\(dq"
    case "^": return "\\(ha"
    case "~": return "\\(ti"
    case _ where scalar.isASCII: return String(scalar)
    default:
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
    }
  }
}
