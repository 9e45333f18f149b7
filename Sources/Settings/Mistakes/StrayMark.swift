import UpperLayer

/// Quotation marks, brackets and separators of other formats, such as JSON, TOML, a shell or SQL.
///
/// An AE title may contain any of these characters (PS3.5 §6.2) if it is in quotation marks. A title
/// without quotation marks that is enclosed in them was pasted from another format.
enum StrayMark {
  /// The longest text that is examined, in bytes.
  private static let longest = 1000
  private static let quotes: [Unicode.Scalar] = ["'", "\"", "`"]
  private static let brackets: [(open: Unicode.Scalar, close: Unicode.Scalar)] = [
    ("[", "]"), ("(", ")"), ("{", "}"), ("<", ">"),
  ]
  /// The characters that separate values or end a line in other formats.
  private static let separators: [Unicode.Scalar] = [";", "|"]

  /// Whether `text`, which has no quotation marks around it, begins or ends with an enclosing mark.
  static func encloses(_ text: String) -> Bool {
    let scalars = text.unicodeScalars
    guard let first = scalars.first, let last = scalars.last else { return false }
    if quotes.contains(first) || brackets.contains(where: { $0.open == first }) { return true }
    if quotes.contains(last) || last == ";" || last == "," { return true }
    return brackets.contains { $0.close == last && !scalars.contains($0.open) }
  }

  /// Whether `text`, a list element without quotation marks, has such a mark or a separator.
  static func isIn(element text: String) -> Bool {
    encloses(text) || text.unicodeScalars.contains(where: separators.contains)
  }

  /// The message about an AE title without quotation marks, or `nil` if it is fine.
  static func problem(inTitle text: String) -> String? {
    guard encloses(text) else { return nil }
    let plain = elements(of: text).joined(separator: " ")
    let right = AETitle(plain) != nil ? ListText.quotedIfNeeded(plain) : "TITLE"
    return problem(text, write: right, or: AETitle(text).map { _ in ListText.quoted(text) })
  }

  /// The message about the text of a list of AE titles, or `nil` if it is fine. Proposes only text that
  /// `isRight` accepts.
  static func problem(inTitles text: String, isRight: (_ text: String) -> Bool) -> String? {
    guard let parts = ListText.parts(of: text), parts.contains(where: { isIn(element: $0.bare) })
    else { return nil }
    let plain = ListText.of(elements(of: text))
    let quoted = parts.count == 1 ? parts.map { ListText.quoted($0.text) }.joined() : nil
    return problem(
      text, write: isRight(plain) ? Quotation.whole(plain) ?? "TITLE, TITLE" : "TITLE, TITLE",
      or: quoted.flatMap { isRight($0) ? $0 : nil })
  }

  private static func problem(_ text: String, write right: String, or quoted: String?) -> String {
    let meant = quoted.map { ", or \(Quotation.shown($0)) if it belongs to the title" } ?? ""
    return "\(Quotation.of(text)) has punctuation of another format; write \(right)\(meant)"
  }

  /// The values in `text`, which is in another format, without the marks around them; none if the text is
  /// too long.
  static func elements(of text: String) -> [String] {
    guard text.utf8.count <= Self.longest else { return [] }
    var elements: [String] = []
    var element: String.UnicodeScalarView?
    var quote: Unicode.Scalar?
    func end() {
      if let whole = element, !whole.isEmpty { elements.append(String(whole)) }
      element = nil
    }
    for scalar in text.unicodeScalars {
      if let mark = quote {
        if scalar == mark { quote = nil } else { element?.append(scalar) }
      } else if QuotedScanner.isSeparator(scalar) || separators.contains(scalar) {
        end()
      } else if element == nil, quotes.contains(scalar) {
        (quote, element) = (scalar, .init())
      } else if element == nil, brackets.contains(where: { $0.open == scalar }) {
        continue
      } else if brackets.contains(where: {
        $0.close == scalar && element?.contains($0.open) != true
      }) {
        end()
      } else {
        if element == nil { element = .init() }
        element?.append(scalar)
      }
    }
    end()
    return elements.map { text in
      // A closing mark at the end belongs to an opening one inside.
      var text = text[...]
      while let last = text.unicodeScalars.last, quotes.contains(last) { text.removeLast() }
      return String(text)
    }
  }
}
