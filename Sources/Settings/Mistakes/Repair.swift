/// What somebody meant whose value is wrong: the same as another format has it, without what that format
/// puts around it, or the same amount in our unit.
///
/// Nothing is said here that would not be taken: each guess is tried.
enum Repair {
  /// The longest text that is looked at, in bytes: a longer one is no slip.
  private static let longest = 1000

  /// What other programs call a value, and what it is called here, in the order to try.
  private static let words: [(meant: String, by: [String])] = [
    ("yes", ["y", "t", "enable", "enabled"]), ("no", ["n", "f", "disable", "disabled"]),
    ("critical", ["fatal", "crit", "alert", "emerg", "panic"]), ("error", ["err", "severe"]),
    ("info", ["notice", "informational", "verbose"]), ("debug", ["trace", "all", "finest"]),
    ("none", ["off", "quiet", "silent", "no", "nobody", "-"]),
    ("all", ["*", "any", "0.0.0.0/0", "0.0.0.0", "everyone"]),
    ("auto", ["unlimited", "automatic", "default"]), ("journal", ["journald", "syslog"]),
    ("stderr", ["console", "stdout", "-"]), ("127.0.0.1", ["localhost"]),
    ("0", ["unlimited", "infinite", "infinity", "never", "none", "off"]),
  ]

  private static let seconds: [(unit: String, milliseconds: Int)] = [
    ("milliseconds", 1), ("msec", 1), ("ms", 1), ("seconds", 1000), ("second", 1000),
    ("secs", 1000), ("sec", 1000), ("minutes", 60_000), ("minute", 60_000), ("mins", 60_000),
    ("min", 60_000), ("hours", 3_600_000), ("hour", 3_600_000), ("s", 1000), ("m", 60_000),
    ("h", 3_600_000),
  ]

  private static let bytes: [(unit: String, size: Int, letter: String)] = [
    ("kib", 1 << 10, "K"), ("mib", 1 << 20, "M"), ("gib", 1 << 30, "G"), ("kb", 1 << 10, "K"),
    ("mb", 1 << 20, "M"), ("gb", 1 << 30, "G"), ("k", 1 << 10, "K"), ("m", 1 << 20, "M"),
    ("g", 1 << 30, "G"), ("bytes", 1, ""), ("b", 1, ""),
  ]

  /// `mistake` of `text` as the value of `property`, with what to write instead where one can tell.
  static func mended<Owner>(
    _ mistake: Mistake, of text: String, _ property: Property<Owner>
  ) -> Mistake {
    if let problem = LookAlike.problem(in: text) { return Mistake(problem) }
    let right = right(text, property, isRight: property.accepts)
    return right.map { Mistake(mistake.fault, "write \($0)") } ?? mistake
  }

  /// What is written in a file for `text`, a value of `property` without a comment: the same if it is
  /// right, or what was meant by it; nil if the meaning is not clear.
  static func line<Owner>(_ text: String, _ property: Property<Owner>) -> String? {
    property.acceptsLine(text)
      ? text : right(text, property, isRight: property.acceptsLine)
  }

  /// The first guess at what is meant by `text` that `isRight`, and that a message repeats whole.
  private static func right<Owner>(
    _ text: String, _ property: Property<Owner>, isRight: (_ guess: String) -> Bool
  ) -> String? {
    guard !text.isEmpty, text.utf8.count <= longest else { return nil }
    let plain = withoutMarks(text, isList: property.isList)
    let lower = plain.lowercased()
    let named = words.filter { $0.by.contains(lower) }.map(\.meant)
    let amounts = [text.lowercased(), lower].flatMap { text in
      switch property.unit {
      case .none: [String]()
      case .seconds: [milliseconds(text)].compactMap(\.self)
      case .bytes: sizes(text)
      }
    }
    return ([plain, lower] + named + amounts)
      .first { $0 != text && Quotation.whole($0) != nil && isRight($0) }
  }

  /// `text` without what other formats put around a value, in front of it or behind it.
  private static func withoutMarks(_ text: String, isList: Bool) -> String {
    let start = text.unicodeScalars.drop { "=:> \t".unicodeScalars.contains($0) }
    var text = String(start)
    for mark in ["#", "//", "/*", "<!--", ";", "\\"] {
      if let range = text[...].place(of: mark) {
        let rest = text[range.upperBound...]
        // Behind a semicolon there may be another value, and a backslash elsewhere is a part of this one.
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

  /// The number in front of `unit`, with a point, if that is what `text` is.
  private static func number(_ text: String, before unit: String) -> String? {
    guard text.hasSuffix(unit) else { return nil }
    let number = ConfigurationLine.trimmed(String(text.dropLast(unit.count)))
    let isNumber = number.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") }
    return isNumber && !number.isEmpty ? number : nil
  }

  /// A time with a unit, or with a comma, in seconds.
  private static func milliseconds(_ text: String) -> String? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    // Three digits behind a comma may be thousands.
    if parts.count == 2, parts[1].utf8.count != 3 { return parts.joined(separator: ".") }
    for (unit, milliseconds) in seconds {
      guard let number = number(text, before: unit), let count = Double(number), count < 1e9 else {
        continue
      }
      let total = UInt32(clamping: Int((count * Double(milliseconds)).rounded()))
      return Format<UInt32>.seconds.write(total)
    }
    return nil
  }

  /// A size with a unit, with the letter that is the unit here, and as a number; or one with something
  /// between its digits, or in base 16.
  private static func sizes(_ text: String) -> [String] {
    if text.hasPrefix("0x") {
      return [Int(text.dropFirst(2), radix: 16).map { String($0) }].compactMap(\.self)
    }
    for (unit, size, letter) in bytes {
      guard let number = number(text, before: unit) else { continue }
      guard let count = Int(number), count <= 1 << 32 else { return [] }
      return ["\(count)\(letter)", "\(count * size)"]
    }
    return [String(text.filter { $0 != "_" && $0 != " " && $0 != "'" })]
  }
}

/// Where texts stand in others. The standard library has the same in its module for regular expressions,
/// which would make the program a sixth larger.
extension Substring {
  /// The place where `mark` first stands.
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
