import Testing

@testable import Settings

/// The meaning of each scalar in the text of a list: part of an element, quotation mark, or separator.
@Suite struct QuotedScannerTests {
  @Test(
    "Each scalar is text (t), a quotation mark (q) or a separator (s)",
    arguments: [
      ("", ""), ("ab", "tt"), ("a b", "tst"), ("a,\tb", "tsst"), (" a", "st"),
      ("\"a b\"", "qtttq"), ("\"\"", "qq"), ("\"\"\"\"", "qqtq"), ("\"a\"\"b\"", "qtqttq"),
      ("a\"b", "ttt"), ("a\" \"b\"", "ttsqtq"), ("\"a\"b", "qtqt"), ("\"a\" \"b\"", "qtqsqtq"),
      ("\"a\"b\"c", "qtqttt"), ("\",\",", "qtqs"), ("\"\"a\"", "qqtt"),
    ])
  func meanings(text: String, meanings: String) {
    var scanner = QuotedScanner()
    let found = text.unicodeScalars.map { scalar in
      switch scanner.meaning(of: scalar) {
      case .text: "t"
      case .quotationMark: "q"
      case .separator: "s"
      }
    }
    #expect(found.joined() == meanings)
  }

  @Test(
    "The scanner knows whether a closing quotation mark is missing",
    arguments: [
      ("", false), ("a\"", false), ("\"", true), ("\"a", true), ("\"a\"", false),
      ("\"a\"\"", true), ("\"a\"\"\"", false), ("a \"", true), ("a,\"b\"", false),
    ])
  func isQuoted(text: String, isQuoted: Bool) {
    var scanner = QuotedScanner()
    for scalar in text.unicodeScalars { _ = scanner.meaning(of: scalar) }
    #expect(scanner.isQuoted == isQuoted)
  }

  @Test("Only the comma, the space and the tab are separators")
  func separators() {
    let all = (0...0x10FFFF).compactMap { Unicode.Scalar(UInt32($0)) }
    #expect(all.filter(QuotedScanner.isSeparator) == ["\t", " ", ","])
    #expect(all.filter(QuotedScanner.isBlank) == ["\t", " "])
  }
}
