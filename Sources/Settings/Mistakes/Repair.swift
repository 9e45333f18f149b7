/// Guesses the value that a wrong one stands for: the value without the punctuation of another format, a word
/// of another program, or the same amount in the unit of the setting.
///
/// Each guess is tried, so that no message suggests a value that would be refused.
enum Repair {
  /// The longest text that is examined, in bytes: a longer one is not a slip.
  private static let longest = 1000

  /// The values here, and the words for them in other programs, in the order to try.
  private static let words: [(meant: String, by: [String])] = [
    (
      "require",
      ["yes", "y", "on", "true", "1", "required", "mandatory", "demand", "always", "strict"]
    ),
    ("request", ["optional", "want", "wanted", "allow", "optional_no_ca", "ask", "try"]),
    ("no", ["off", "false", "0", "none", "never", "ignore"]),
    ("1.2", ["1_2", "tls 1.2", "tls1_2", "tls-1.2", "tlsv1_2", "tlsv12", "tls12", "12"]),
    ("1.3", ["1_3", "tls 1.3", "tls1_3", "tls-1.3", "tlsv1_3", "tlsv13", "tls13", "13"]),
    ("yes", ["y", "t", "enable", "enabled"]), ("no", ["n", "f", "disable", "disabled"]),
    ("critical", ["fatal", "crit", "alert", "emerg", "panic"]), ("error", ["err", "severe"]),
    ("info", ["notice", "informational", "verbose"]), ("debug", ["trace", "all", "finest"]),
    ("none", ["off", "quiet", "silent", "no", "nobody", "-"]),
    ("all", ["*", "any", "0.0.0.0/0", "0.0.0.0", "everyone"]),
    ("auto", ["unlimited", "automatic", "default"]), ("journal", ["journald", "syslog"]),
    ("stderr", ["console", "stdout", "-"]), ("127.0.0.1", ["localhost"]),
    ("0", ["unlimited", "infinite", "infinity", "never", "none", "off"]),
  ]

  /// The spellings of units of time, and their milliseconds.
  private static let times: [(names: String, milliseconds: Int)] = [
    ("ms msec milliseconds", 1), ("s sec secs second seconds", 1000),
    ("m min mins minute minutes", 60_000), ("h hour hours", 3_600_000),
  ]
  /// The spellings of units of size, their bytes, and their letters here.
  private static let sizes: [(names: String, size: Int, letter: String)] = [
    ("k kb kib", 1 << 10, "K"), ("m mb mib", 1 << 20, "M"), ("g gb gib", 1 << 30, "G"),
    ("b bytes", 1, ""),
  ]

  /// `mistake` in `text` as the value of `property`, with a correction if the meaning is clear.
  static func mended<Owner>(
    _ mistake: Mistake, of text: String, _ property: Property<Owner>
  ) -> Mistake {
    if let problem = LookAlike.problem(in: text) { return Mistake(problem) }
    let right = right(text, property, isRight: property.accepts)
    return right.map { Mistake(mistake.fault, "write \($0)") } ?? mistake
  }

  /// The text to write in a file for `text`, a value of `property` without a comment: itself if it is valid,
  /// otherwise its correction, or `nil` if the meaning is not clear.
  static func line<Owner>(_ text: String, _ property: Property<Owner>) -> String? {
    property.acceptsLine(text)
      ? text : right(text, property, isRight: property.acceptsLine)
  }

  /// The first guess at the meaning of `text` that `isRight` accepts and that a message can quote whole.
  private static func right<Owner>(
    _ text: String, _ property: Property<Owner>, isRight: (_ guess: String) -> Bool
  ) -> String? {
    guard !text.isEmpty, text.utf8.count <= longest else { return nil }
    let plain = withoutMarks(text, isList: property.traits.isList)
    let lower = plain.lowercased()
    let named = words.filter { $0.by.contains(lower) }.map(\.meant)
    let amounts = [text.lowercased(), lower].flatMap { text in
      switch property.traits.unit {
      case .none: [String]()
      case .seconds: [seconds(text)].compactMap(\.self)
      case .bytes: bytes(text)
      }
    }
    return ([plain, lower] + named + amounts)
      .first { $0 != text && Quotation.whole($0) != nil && isRight($0) }
  }

  /// `text` without the punctuation and comments that other formats put around a value.
  private static func withoutMarks(_ text: String, isList: Bool) -> String {
    let start = text.unicodeScalars.drop { "=:> \t".unicodeScalars.contains($0) }
    var text = String(start)
    for mark in ["#", "//", "/*", "<!--", ";", "\\"] {
      if let range = text[...].place(of: mark) {
        let rest = text[range.upperBound...]
        // A semicolon may separate two values, and a backslash that is not last is part of this one.
        if rest.isEmpty || mark != "\\" && (mark != ";" || !isList) {
          text = String(text[..<range.lowerBound])
        }
      }
    }
    let elements = StrayMark.elements(of: text).map { element in
      element.lowercased().hasSuffix("/tcp") ? String(element.dropLast(4)) : element
    }
    return isList ? ListText.of(elements) : elements.joined(separator: " ")
  }

  /// The number in `text`, which may have a decimal point, and the unit after it; `nil` unless it has both.
  private static func amount(_ text: String) -> (number: String, unit: String)? {
    let text = ConfigurationLine.trimmed(text)
    let number = text.prefix { $0.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") } }
    let unit = ConfigurationLine.trimmed(String(text[number.endIndex...]))
    return number.isEmpty || unit.isEmpty ? nil : (String(number), unit)
  }

  /// The seconds in `text`, which has a unit or a decimal comma.
  private static func seconds(_ text: String) -> String? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    // Three digits after a comma may be thousands.
    if parts.count == 2, parts[1].utf8.count != 3 { return parts.joined(separator: ".") }
    guard let (number, name) = amount(text),
      let unit = times.first(where: { ForeignName.words($0.names).contains(name) }),
      let count = Double(number), count < 1e9
    else { return nil }
    let total = UInt32(clamping: Int((count * Double(unit.milliseconds)).rounded()))
    return Format.seconds.write(total)
  }

  /// Guesses at a size in `text`, which has a unit, separators between its digits, or is hexadecimal. A unit
  /// becomes its letter here, or multiplies the number.
  private static func bytes(_ text: String) -> [String] {
    if text.hasPrefix("0x") {
      return [Int(text.dropFirst(2), radix: 16).map { String($0) }].compactMap(\.self)
    }
    guard let (number, name) = amount(text),
      let unit = sizes.first(where: { ForeignName.words($0.names).contains(name) })
    else { return [String(text.filter { $0 != "_" && $0 != " " && $0 != "'" })] }
    guard let count = Int(number), count <= 1 << 32 else { return [] }
    return ["\(count)\(unit.letter)", "\(count * unit.size)"]
  }
}

/// Searches in text. The standard library has this in its module for regular expressions, with which the
/// sources are not built (see Package.swift).
extension Substring {
  /// The range of the first occurrence of `mark`.
  func place(of mark: String) -> Range<Index>? {
    var rest = self
    while !rest.isEmpty {
      if rest.hasPrefix(mark) {
        return rest.startIndex..<rest.index(rest.startIndex, offsetBy: mark.count)
      }
      rest.removeFirst()
    }
    return nil
  }
}
