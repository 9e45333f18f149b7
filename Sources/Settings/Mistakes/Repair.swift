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

  /// How units of time are written, and what they are in milliseconds.
  private static let times: [(names: String, milliseconds: Int)] = [
    ("ms msec milliseconds", 1), ("s sec secs second seconds", 1000),
    ("m min mins minute minutes", 60_000), ("h hour hours", 3_600_000),
  ]
  /// How units of size are written, and which letter they have here.
  private static let sizes: [(names: String, size: Int, letter: String)] = [
    ("k kb kib", 1 << 10, "K"), ("m mb mib", 1 << 20, "M"), ("g gb gib", 1 << 30, "G"),
    ("b bytes", 1, ""),
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

  /// The number in `text`, which may have a point, and the unit behind it; nil if there are not both.
  private static func amount(_ text: String) -> (number: String, unit: String)? {
    let text = ConfigurationLine.trimmed(text)
    let number = text.prefix { $0.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") } }
    let unit = ConfigurationLine.trimmed(String(text[number.endIndex...]))
    return number.isEmpty || unit.isEmpty ? nil : (String(number), unit)
  }

  /// A time with a unit, or with a comma, in seconds.
  private static func seconds(_ text: String) -> String? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    // Three digits behind a comma may be thousands.
    if parts.count == 2, parts[1].utf8.count != 3 { return parts.joined(separator: ".") }
    guard let (number, name) = amount(text),
      let unit = times.first(where: { ForeignName.words($0.names).contains(name) }),
      let count = Double(number), count < 1e9
    else { return nil }
    let total = UInt32(clamping: Int((count * Double(unit.milliseconds)).rounded()))
    return Format.seconds.write(total)
  }

  /// A size with a unit, with the letter that is the unit here, and as a number; or one with something
  /// between its digits, or in base 16.
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

/// Where texts stand in others. The standard library has the same in its module for regular expressions,
/// with which the sources are not built (see Package.swift).
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
