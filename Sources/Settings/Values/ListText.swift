public import UpperLayer

/// Reads and writes lists as text; ``QuotedScanner`` has the grammar.
enum ListText {
  /// An element of a list.
  struct Part {
    /// The element without quotation marks.
    var text = ""
    /// The characters of the element outside quotation marks.
    var bare = ""
  }

  /// The elements in `text`, or `nil` if a closing quotation mark is missing.
  static func elements(of text: String) -> [String]? { parts(of: text)?.map(\.text) }

  /// The elements in `text` as parts, or `nil` if a closing quotation mark is missing.
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

  /// `text`, in quotation marks if a file would be read differently without them.
  static func quotedIfNeeded(_ text: String) -> String {
    let isPlain = !StrayMark.encloses(text) && ConfigurationLine.plainValue(text) == text
    return isPlain ? text : quoted(text)
  }

  /// `text` in quotation marks, with each quotation mark inside written twice.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars { result += scalar == "\"" ? "\"\"" : String(scalar) }
    return result + "\""
  }
}

extension AETitle {
  /// The title as an element of a list in a file, in quotation marks.
  public var quotedInList: String { ListText.quoted(unpadded) }
}

/// Classifies the text of a list scalar by scalar. Elements are separated by commas and blanks and may be in
/// quotation marks, inside which a quotation mark is written twice.
struct QuotedScanner {
  /// The meaning of a scalar.
  enum Meaning {
    /// A part of an element.
    case text
    /// A quotation mark around an element.
    case quotationMark
    /// A separator of elements.
    case separator
  }

  /// Whether the next scalar is inside quotation marks.
  private(set) var isQuoted = false
  /// Whether a quotation mark here would be an opening one.
  private var isAtStart = true
  /// Whether the previous scalar closed quotation marks, so that another one here is part of the value.
  private var hasJustClosed = false

  /// The meaning of `scalar`, the next one of the text.
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
