/// The text of a list, as ``QuotedScanner`` takes it apart.
enum ListText {
  /// An element of a list.
  struct Part {
    /// Its value.
    var text = ""
    /// What of it stands outside of quotation marks.
    var bare = ""
  }

  /// The elements in `text`; nil when a closing quotation mark is missing.
  static func elements(of text: String) -> [String]? { parts(of: text)?.map(\.text) }

  /// The elements in `text`, each with what of it stands outside of quotation marks.
  static func parts(of text: String) -> [Part]? {
    var parts: [Part] = []
    var scanner = QuotedScanner()
    var part: Part?
    for scalar in text.unicodeScalars {
      let wasQuoted = scanner.isQuoted
      switch scanner.meaning(of: scalar) {
      case .text:
        if part == nil { part = Part() }
        part?.text.unicodeScalars.append(scalar)
        if !wasQuoted, !scanner.isQuoted { part?.bare.unicodeScalars.append(scalar) }
      case .quotationMark: part = part ?? Part()
      case .separator:
        if let part { parts.append(part) }
        part = nil
      }
    }
    if let part { parts.append(part) }
    return scanner.isQuoted ? nil : parts
  }

  /// The text of a list of `elements`.
  static func of(_ elements: [String]) -> String {
    elements.map { element in
      let hasSeparator = element.unicodeScalars.contains(where: QuotedScanner.isSeparator)
      let isQuoted = element.isEmpty || hasSeparator || StrayMark.isIn(element: element)
      return isQuoted ? quoted(element) : quotedIfNeeded(element)
    }.joined(separator: ", ")
  }

  /// `text` in quotation marks when a file would be read differently without.
  static func quotedIfNeeded(_ text: String) -> String {
    let isPlain = !StrayMark.encloses(text) && ConfigurationLine.plainValue(text) == text
    return isPlain ? text : quoted(text)
  }

  /// `text` in quotation marks, those in it written twice.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars { result += scalar == "\"" ? "\"\"" : String(scalar) }
    return result + "\""
  }
}

/// Tells, scalar by scalar, what of the text of a list belongs to its elements: those are separated
/// by commas and blanks, may stand in quotation marks, and inside those a quotation mark is written
/// twice.
struct QuotedScanner {
  /// What a scalar is.
  enum Meaning {
    /// A part of an element.
    case text
    /// A mark around an element.
    case quotationMark
    /// What stands between two elements.
    case separator
  }

  /// Whether the next scalar stands in quotation marks.
  private(set) var isQuoted = false
  /// Whether a quotation mark would open here.
  private var isAtStart = true
  /// Whether the latest scalar closed quotation marks, so that another one is a part of the value.
  private var hasJustClosed = false

  /// What `scalar`, the next one, is.
  mutating func meaning(of scalar: Unicode.Scalar) -> Meaning {
    let continues = hasJustClosed
    hasJustClosed = false
    if scalar == "\"", isQuoted || isAtStart || continues {
      isQuoted.toggle()
      isAtStart = false
      hasJustClosed = !isQuoted
      return continues ? .text : .quotationMark
    }
    isAtStart = !isQuoted && Self.isSeparator(scalar)
    return isAtStart ? .separator : .text
  }

  /// Whether a scalar separates elements of a list: a comma or a blank.
  static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "," || isBlank(scalar)
  }

  /// Whether a scalar is a space or a tab.
  static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }
}
