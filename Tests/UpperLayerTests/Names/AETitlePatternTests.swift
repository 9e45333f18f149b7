import TestKit
import Testing
import UpperLayer

/// Patterns of AE titles: `*` stands for any characters, `?` for one; padding is ignored.
@Suite struct AETitlePatternTests {
  @Test(
    "A pattern without * and ? is a title",
    arguments: [
      ("CT1", "CT1", true), ("CT1", "CT", false), ("CT1", "CT11", false), ("CT1", "ct1", false),
      ("ct1", "CT1", false), ("CT1", "", false), ("CT 1", "CT 1", true), ("CT 1", "CT1", false),
      ("SIXTEEN.LETTERS!", "SIXTEEN.LETTERS!", true),
      ("SIXTEEN.LETTERS!", "SIXTEEN.LETTERS", false), ("[A-Z]+.", "[A-Z]+.", true),
      ("[A-Z]+.", "B", false), ("\"A\"", "\"A\"", true), ("\"A\"", "A", false),
    ])
  func literal(pattern: String, title: String, matches: Bool) throws {
    try expect(pattern, title, matches)
  }

  @Test(
    "* stands for any number of characters, from none to sixteen",
    arguments: [
      ("*", "CT1", true), ("*", "SIXTEEN.LETTERS!", true), ("*", "*", true), ("*", "", true),
      ("CT*", "CT", true), ("CT*", "CT1", true), ("CT*", "CT SIXTEEN.LETT", true),
      ("CT*", "C", false), ("CT*", "ct1", false), ("CT*", "XCT", false), ("*CT", "CT", true),
      ("*CT", "XCT", true), ("*CT", "CTX", false), ("*CT", "CTCT", true), ("*CT*", "ACTB", true),
      ("*CT*", "CT", true), ("*CT*", "C T", false), ("C*T", "CT", true), ("C*T", "C123T", true),
      ("C*T", "CTX", false), ("C*T", "CTXT", true), ("A**B", "AB", true), ("A**B", "AXB", true),
      ("****************", "", true), ("****************", "SIXTEEN.LETTERS!", true),
      ("***************A", "SIXTEEN.LETTERSA", true),
      ("***************A", "SIXTEEN.LETTERSB", false), ("*A", "*A", true), ("A*", "A*B", true),
    ])
  func anyCharacters(pattern: String, title: String, matches: Bool) throws {
    try expect(pattern, title, matches)
  }

  @Test(
    "? stands for any one character",
    arguments: [
      ("?", "A", true), ("?", "", false), ("?", "AB", false), ("?", "?", true), ("?", "*", true),
      ("CT?", "CT1", true), ("CT?", "CT", false), ("CT?", "CT12", false), ("?T", "CT", true),
      ("C?T", "C T", true), ("C?T", "CT", false), ("????????????????", "SIXTEEN.LETTERS!", true),
      ("????????????????", "FIFTEEN.LETTERS", false), ("?*", "A", true), ("?*", "", false),
      ("*?", "ABC", true), ("?*?", "A", false), ("?*?", "AB", true), ("*?B", "AB", true),
      ("*?B", "B", false),
    ])
  func oneCharacter(pattern: String, title: String, matches: Bool) throws {
    try expect(pattern, title, matches)
  }

  @Test(
    "* gives characters back if the rest would not match otherwise",
    arguments: [
      ("*AB*AB", "ABAB", true), ("*AB*AB", "AB", false), ("*AB*AB", "AABAB", true),
      ("*AB*AB", "ABAAB", true), ("*AB*AB", "ABABA", false), ("*AB*AB", "XABYABABZAB", true),
      ("*AAB", "AAAAAAAAAAAAAAAB", true), ("*AAB", "AAAAAAAAAAAAAAAA", false),
      ("*A*A*A*A*A*A*A*B", "AAAAAAAAAAAAAAAA", false), ("*A*A*A*A*A*A*A*B", "AAAAAAAB", true),
      ("A*B*C", "ABCBC", true), ("A*B*C", "ACB", false), ("*?B*", "BBA", true),
      ("*A?C*", "ABAAC", true), ("*ABC", "ABABC", true), ("A*BA", "ABABA", true),
    ])
  func backtracking(pattern: String, title: String, matches: Bool) throws {
    try expect(pattern, title, matches)
  }

  @Test(
    "Padding is not significant, in the pattern or in a title",
    arguments: [
      ("  CT1", "CT1", true), ("CT1  ", "CT1", true), ("CT1", "  CT1", true),
      ("CT1", "CT1\0\0", true),
      ("CT?", "CT\0", false), ("CT?", " CT ", false), ("?CT", " CT", false), (" * ", "A", true),
      ("CT*", "CT \0 \0", true), ("*1 ", "CT1", true), (" ?", "A", true), ("C T", "C\0T", false),
      ("C?T", "C\0T", true), ("*\u{1F}", "", nil),
    ] as [(String, String, Bool?)])
  func padding(pattern: String, title: String, matches: Bool?) throws {
    guard let matches else {
      #expect(AETitlePattern(pattern) == nil)
      return
    }
    try expect(pattern, title, matches)
  }

  @Test("A blank title matches only asterisks")
  func blankTitle() throws {
    for title in ["", "\0", " \0 \0", "                "] {
      for pattern in ["*", "**", " *"] { try expect(pattern, title, true) }
      for pattern in ["?", "*?", "A", "*A*", "?*"] { try expect(pattern, title, false) }
    }
  }

  @Test(
    "A pattern that no title could match is invalid",
    arguments: ["", " ", "                ", "A\\*", "A\n", "Ä*", "*****************", "A\u{7F}"])
  func isNoPattern(text: String) { #expect(AETitlePattern(text) == nil) }

  @Test("Patterns that differ only in their padding are equal")
  func areTheSame() {
    #expect(AETitlePattern("CT*") == AETitlePattern("  CT* "))
    #expect(AETitlePattern("CT*") != AETitlePattern("CT?"))
    #expect(AETitlePattern("CT*") != AETitlePattern("ct*"))
  }

  @Test("Patterns with few letters and many asterisks match exactly what a plain definition does")
  func plainDefinition() throws {
    var random = Random(seed: 3)
    var count = 0
    for _ in 0..<10_000 {
      let pattern = Self.text(Array("**??AAB ".utf8), 1 + random.next(below: 16), &random)
      let title = Self.text(Array("AAAB *".utf8), random.next(below: 17), &random)
      // A pattern of only padding is invalid.
      guard let compiled = AETitlePattern(String(decoding: pattern, as: UTF8.self)) else {
        #expect(pattern.allSatisfy { $0 == 0x20 })
        continue
      }
      let expected = Self.matches(Self.trimmed(pattern)[...], Self.trimmed(title)[...])
      let field = Array((title + [UInt8](repeating: 0x20, count: 16)).prefix(16))
      let isMatched = compiled.matches(AETitle(field: field.span))
      if isMatched != expected {
        Issue.record("\(String(decoding: pattern + [0x2F] + title, as: UTF8.self))")
      }
      count += expected ? 1 : 0
    }
    // The random numbers are the same in every run; this checks for enough matches and mismatches.
    #expect((1000...9000).contains(count))
  }

  /// Whether `pattern` matches `title`, compared recursively from the front.
  private static func matches(_ pattern: ArraySlice<UInt8>, _ title: ArraySlice<UInt8>) -> Bool {
    guard let first = pattern.first else { return title.isEmpty }
    if first == UInt8(ascii: "*") {
      return matches(pattern.dropFirst(), title)
        || !title.isEmpty && matches(pattern, title.dropFirst())
    }
    guard let letter = title.first else { return false }
    return (first == UInt8(ascii: "?") || first == letter)
      && matches(pattern.dropFirst(), title.dropFirst())
  }

  private static func trimmed(_ text: [UInt8]) -> [UInt8] {
    Array(text.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed())
  }

  private static func text(_ letters: [UInt8], _ count: Int, _ random: inout Random) -> [UInt8] {
    (0..<count).map { _ in letters[random.next(below: letters.count)] }
  }

  private func expect(_ pattern: String, _ title: String, _ matches: Bool) throws {
    let field = Array((Wire.bytes(title) + [UInt8](repeating: 0x20, count: 16)).prefix(16))
    let compiled = try #require(AETitlePattern(pattern))
    #expect(compiled.matches(AETitle(field: field.span)) == matches)
  }
}
