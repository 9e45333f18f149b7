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
  mutating func take(_ scalar: Unicode.Scalar) -> Meaning {
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
