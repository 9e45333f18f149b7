import Settings
import TestKit

@testable import SettingsTests

/// Lines with mdoc(7) macros, in ASCII, so that text copied from a page can be typed as it is.
enum Mdoc {
  /// The maximum length of a source line.
  private static let width = 78

  /// Returns text to be printed exactly as it is: a hyphen is a minus, a quotation mark stays upright.
  static func literal(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "\\": "\\e"
      case "-": "\\-"
      case "'": "\\(aq"
      case "`": "\\(ga"
      case "\"": "\\(dq"
      case "^": "\\(ha"
      case "~": "\\(ti"
      case _ where scalar.isASCII: String(scalar)
      default: "\\[u\(hexadecimal(scalar.value))]"
      }
    }.joined()
  }

  /// Returns literal text in the lines of a paragraph, none of which acts as a request. A hash may be broken in its
  /// middle.
  static func literalLines(_ text: String) -> [String] {
    let hash = /([0-9a-f]{32})([0-9a-f]{32})/
    return filled(literal(text).replacing(hash) { "\($0.1)\\:\($0.2)" })
  }

  /// Returns a paragraph in which each sentence starts a line. Text in backticks and the keys of settings are printed
  /// literally; names of manual pages become references.
  static func prose(_ text: String) -> [String] {
    var lines: [String] = []
    var words = ""
    for match in text.matches(of: /\S*`[^`]*`\S*|\S+/) {
      if let macro = macro(for: match.0) {
        lines += filled(words) + [macro]
        words = ""
      } else {
        // A lone mark is not the end of a sentence.
        words += " \(escaped(match.0))\(match.0.count == 1 && ".?!".contains(match.0) ? "\\&" : "")"
        guard match.0.firstMatch(of: /[\w)"][.?!]\)?$/) != nil else { continue }
        lines += filled(words)
        words = ""
      }
    }
    return lines + filled(words)
  }

  /// Returns lines to be printed as they are, indented.
  static func example(_ lines: String) -> String {
    let lines = lines.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let text = literal(String(line))
      return text.hasPrefix(".") ? "\\&\(text)" : text
    }
    return ([".Bd -literal -offset indent"] + lines + [".Ed"]).joined(separator: "\n")
  }

  /// Returns the macro line for a word that is more than text, with the punctuation around it; `nil` for plain text.
  private static func macro(for word: Substring) -> String? {
    let pattern = /(\(?)(?:`([^`]+)`|([a-z][a-z_.-]*)\(([1-8])\)|([a-z]+-[a-z-]+))([.,;:)]*)/
    guard let parts = word.wholeMatch(of: pattern) else { return nil }
    let text: String
    if let typed = parts.2 {
      text = "Ql \(quotedIfNeeded(String(typed)))"
    } else if let page = parts.3, let section = parts.4 {
      text = "Xr \(page) \(section)"
    } else if let key = parts.5, Setting.named(String(key)) != nil {
      text = "Cm \(key)"
    } else {
      return nil
    }
    let name = text.prefix { $0 != " " }
    let opening = parts.1.isEmpty ? "" : " ("
    let closing = parts.6.map { " \($0)" }.joined()
    return ".\(name)\(opening)\(text.dropFirst(name.count))\(closing)"
  }

  /// Returns an argument of a macro, in quotation marks if it has several words.
  static func quotedIfNeeded(_ text: String) -> String {
    text.contains(" ") ? "\"\(literal(text))\"" : literal(text)
  }

  private static func filled(_ text: String) -> [String] {
    let lines = Paragraph.lines(of: text, width: width).map {
      $0.hasPrefix(".") || $0.hasPrefix("'") ? "\\&\($0)" : $0
    }
    // Only the last line may end a sentence, after which more space is printed.
    return lines.dropLast().map { $0.last.map(".?!".contains) == true ? "\($0)\\&" : $0 }
      + lines.suffix(1)
  }

  /// Like ``literal(_:)``, but with the hyphens and apostrophes of running text.
  private static func escaped(_ text: Substring) -> String {
    text.unicodeScalars.map { "-'".unicodeScalars.contains($0) ? String($0) : literal(String($0)) }
      .joined()
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
