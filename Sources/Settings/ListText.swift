/// The text of a list, as ``QuotedScanner`` takes it apart.
enum ListText {
  /// The elements in `text`, or nothing when a closing quotation mark is missing.
  static func elements(of text: String) -> [String]? {
    var elements: [String] = []
    var scanner = QuotedScanner()
    var element: String?
    for scalar in text.unicodeScalars {
      switch scanner.take(scalar) {
      case .text: element = (element ?? "") + String(scalar)
      case .quotationMark: element = element ?? ""
      case .separator:
        if let element { elements.append(element) }
        element = nil
      }
    }
    if let element { elements.append(element) }
    return scanner.isQuoted ? nil : elements
  }

  /// The text of a list of `elements`.
  static func of(_ elements: [String]) -> String {
    elements.map { element in
      let hasSeparator = element.unicodeScalars.contains(where: QuotedScanner.isSeparator)
      return element.isEmpty || hasSeparator ? quoted(element) : quotedIfNeeded(element)
    }.joined(separator: ", ")
  }

  /// `text` in quotation marks when a file would be read differently without.
  static func quotedIfNeeded(_ text: String) -> String {
    let isPlain = text.unicodeScalars.first != "\"" && ConfigurationLine.plainValue(text) == text
    return isPlain ? text : quoted(text)
  }

  /// `text` in quotation marks, those in it written twice.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars { result += scalar == "\"" ? "\"\"" : String(scalar) }
    return result + "\""
  }
}
