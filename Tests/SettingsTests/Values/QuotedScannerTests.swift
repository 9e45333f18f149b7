import Testing

@testable import Settings

/// What each scalar of the text of a list is: a part of an element, a mark around one, or what
/// separates two.
@Suite struct QuotedScannerTests {
  @Test(
    "Each scalar has its meaning: t is text, q a quotation mark, s a separator",
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
    "It knows whether a closing quotation mark is missing",
    arguments: [
      ("", false), ("a\"", false), ("\"", true), ("\"a", true), ("\"a\"", false),
      ("\"a\"\"", true), ("\"a\"\"\"", false), ("a \"", true), ("a,\"b\"", false),
    ])
  func isQuoted(text: String, isQuoted: Bool) {
    var scanner = QuotedScanner()
    for scalar in text.unicodeScalars { _ = scanner.meaning(of: scalar) }
    #expect(scanner.isQuoted == isQuoted)
  }

  @Test("Separators are the comma, the space and the tab, and nothing else")
  func separators() {
    let all = (0...0x10FFFF).compactMap { Unicode.Scalar(UInt32($0)) }
    #expect(all.filter(QuotedScanner.isSeparator) == ["\t", " ", ","])
    #expect(all.filter(QuotedScanner.isBlank) == ["\t", " "])
  }
}
