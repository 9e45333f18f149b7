import UpperLayer

/// One line of a configuration file.
enum ConfigurationLine: Equatable {
  /// A blank line, or a comment.
  case nothing
  /// `[section]`.
  case section(String)
  /// `key = value`, where the value still includes a comment and quotation marks.
  case assignment(key: String, value: String)
  /// A line without an equals sign that is not a section.
  case foreign(String)
  /// A line that cannot be parsed, with the message about it.
  case wrong(String)
  /// A line that begins like a section but cannot be parsed, with the message about it.
  case wrongSection(String)

  /// Reads `text`, a line without its line end.
  init(_ text: Substring) {
    if let control = text.unicodeScalars.first(where: { $0 != "\t" && Quotation.isControl($0) }) {
      self = .wrong(
        "the control character \(Quotation.shown(String(control))) is not allowed in this file")
      return
    }
    let text = Self.trimmed(text.unicodeScalars)
    switch text.first {
    case nil, "#", ";":
      self = .nothing
    case "[":
      self = Self.section(text)
    default:
      guard let equals = text.firstIndex(of: "=") else {
        self = .foreign(String(text))
        return
      }
      let key = Self.trimmed(text[..<equals])
      let value = Self.trimmed(text[text.index(after: equals)...])
      if let problem = LookAlike.problem(in: String(key)) {
        self = .wrong(problem)
      } else if key.isEmpty {
        self = .wrong("the key before = is missing")
      } else {
        self = .assignment(key: String(key), value: String(value))
      }
    }
  }

  private static func section(_ text: Substring.UnicodeScalarView) -> ConfigurationLine {
    guard let end = closingBracket(in: text) else {
      let lacking = text.contains("]") ? "quotation mark" : "bracket; write [section]"
      return .wrongSection("\(Quotation.of(String(text))) has no closing \(lacking)")
    }
    let rest = trimmed(text[text.index(after: end)...])
    let name = String(trimmed(text[text.index(after: text.startIndex)..<end]))
    if let problem = LookAlike.problem(in: name) { return .wrongSection(problem) }
    guard rest.isEmpty || rest.first == "#" || rest.first == ";" else {
      if let problem = LookAlike.problem(in: String(rest)) { return .wrongSection(problem) }
      if rest.first == "]" {
        return .wrongSection(
          "\(Quotation.of(String(text))) has an extra bracket; write [section]")
      }
      return .wrongSection(
        "\(Quotation.of(String(rest))) follows a section; put it on its own line")
    }
    return .section(name)
  }

  /// The index of the bracket that ends the name of a section, outside the quotation marks of an AE title.
  private static func closingBracket(
    in text: Substring.UnicodeScalarView
  ) -> Substring.UnicodeScalarView.Index? {
    var scanner = QuotedScanner()
    return text.indices.dropFirst().first { index in
      if text[index] == "]", !scanner.isQuoted { return true }
      _ = scanner.meaning(of: text[index])
      return false
    }
  }

  /// The AE title in `text`, the part after the word `device` in the name of a section.
  static func titleValue(_ text: String) throws(Mistake) -> String {
    if text.unicodeScalars.first == "\"" { return try quotedValue(text) }
    if let problem = StrayMark.problem(inTitle: text) { throw Mistake(problem) }
    return text
  }

  /// The value in `text` without the comment after it and, unless it is a list, without the quotation marks
  /// around it.
  static func value(_ text: String, _ traits: Traits) throws(Mistake) -> String {
    let isQuoted = !traits.isList && text.unicodeScalars.first == "\""
    var value = isQuoted ? text : plainValue(text, isList: traits.isList)
    if traits.isTitle, !traits.isList {
      value = try titleValue(value)
    } else if isQuoted {
      value = try quotedValue(value)
    }
    // No valid value contains such a character, and it is hard to see.
    if let problem = LookAlike.problem(in: value) { throw Mistake(problem) }
    return value
  }

  /// The part of `text` before a comment, which needs a blank before it and, in a list, does not begin inside
  /// quotation marks.
  static func plainValue(_ text: String, isList: Bool = false) -> String {
    var scanner = QuotedScanner()
    var isBehindBlank = true
    let scalars = text.unicodeScalars
    let end = scalars.firstIndex { scalar in
      let isQuoted = isList && scanner.isQuoted
      if !isQuoted, isBehindBlank, scalar == "#" || scalar == ";" { return true }
      isBehindBlank = QuotedScanner.isBlank(scalar)
      _ = scanner.meaning(of: scalar)
      return false
    }
    return String(trimmed(scalars[..<(end ?? scalars.endIndex)]))
  }

  /// The value between quotation marks, inside which a quotation mark is written twice.
  private static func quotedValue(_ text: String) throws(Mistake) -> String {
    var rest = text.unicodeScalars.dropFirst()
    var value = ""
    while let mark = rest.firstIndex(of: "\"") {
      value += String(rest[..<mark])
      rest = rest[rest.index(after: mark)...]
      if rest.first == "\"" {
        value += "\""
        rest.removeFirst()
        continue
      }
      // A comment needs a blank before it here, too.
      let isEnd = rest.first.map(QuotedScanner.isBlank) ?? true
      if isEnd, plainValue(String(rest)).isEmpty { return value }
      let isSeparator = rest.allSatisfy { $0 == "," || $0 == ";" }
      let right = isSeparator ? Quotation.whole(ListText.quoted(value)) : nil
      throw Mistake(
        of: text, "continues after its closing quotation mark",
        right.map { "write \($0)" } ?? "to include a quotation mark, write it twice")
    }
    throw Mistake(of: text, "has no closing quotation mark")
  }

  /// `text` without blanks around it.
  static func trimmed(_ text: String) -> String { String(trimmed(text.unicodeScalars[...])) }

  private static func trimmed(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
    var text = text
    while let first = text.first, QuotedScanner.isBlank(first) { text.removeFirst() }
    while let last = text.last, QuotedScanner.isBlank(last) { text.removeLast() }
    return text
  }
}

/// The name of a device's section: the word `device`, then its AE title, as it is or in quotation marks.
enum DeviceSection {
  private static let word = "device"
  /// The form of such a section in messages.
  static let form = "[\(word) TITLE]"

  /// The title in the name of a section, or `nil` if the section is not that of a device.
  static func title(in name: String) throws(Mistake) -> AETitle? {
    guard let (first, rest) = parts(of: name), first == word else { return nil }
    let text = try ConfigurationLine.titleValue(rest)
    if text.isEmpty {
      throw Mistake("the AE title of the device is missing", "write it as in [device CT1]")
    }
    return try Format.aeTitle.read(text)
  }

  /// The section meant by `name` if its first word is `device` misspelled, otherwise `nil`.
  static func correction(of name: String) -> String? {
    guard let (first, rest) = parts(of: name), !rest.isEmpty,
      NearestName.of(first, among: [word]) != nil, (try? title(in: "\(word) \(rest)")) != nil
    else { return nil }
    return Quotation.whole("[\(word) \(rest)]")
  }

  /// The heading of the section of the device called `title`.
  static func text(of title: AETitle) -> String {
    let title = title.unpadded
    let isPlain =
      title.unicodeScalars.allSatisfy { $0 != "\"" && $0 != "]" } && !StrayMark.encloses(title)
    return "[\(word) \(isPlain ? title : ListText.quoted(title))]"
  }

  /// The first word of a name and the text after it, or `nil` if there is no word.
  private static func parts(of name: String) -> (first: String, rest: String)? {
    let scalars = name.unicodeScalars
    let end = scalars.firstIndex { QuotedScanner.isBlank($0) || $0 == "\"" } ?? scalars.endIndex
    if end == scalars.startIndex { return nil }
    return (String(scalars[..<end]), ConfigurationLine.trimmed(String(scalars[end...])))
  }
}
