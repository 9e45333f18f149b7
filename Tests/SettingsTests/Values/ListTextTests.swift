import TestKit
import Testing

@testable import Settings

/// Writing and reading lists: no character of an element is lost or moves into another element.
@Suite struct ListTextTests {
  @Test(
    "Elements are separated by any number of commas and blanks",
    arguments: [
      ("", []), (" ,\t, ", []), ("a", ["a"]), ("a,b", ["a", "b"]), ("a b", ["a", "b"]),
      (" a ,\tb, ", ["a", "b"]), (",,a,,b,,", ["a", "b"]), ("a#b ;c", ["a#b", ";c"]),
      ("a=b", ["a=b"]), ("ä ö", ["ä", "ö"]),
    ] as [(String, [String])])
  func elements(text: String, elements: [String]) {
    #expect(ListText.elements(of: text) == elements)
  }

  @Test(
    "Text in quotation marks is one element, inside which a quotation mark is written twice",
    arguments: [
      ("\"\"", [""]), ("\"a b\"", ["a b"]), ("\"a,b\" c", ["a,b", "c"]),
      ("\"a\",\"b\"", ["a", "b"]), ("\"a\" \"b\"", ["a", "b"]), ("\" \"", [" "]),
      ("\"\"\"\"", ["\""]), ("\"a\"\"b\"", ["a\"b"]), ("\"\", \"\"", ["", ""]),
      ("\"\"\",\"\"\"", ["\",\""]), ("a\"b", ["a\"b"]), ("a\"b c\"", ["a\"b", "c\""]),
      ("a\"\"b", ["a\"\"b"]), ("\"a\"b", ["ab"]), ("\"\u{301}\"", ["\u{301}"]),
    ] as [(String, [String])])
  func quotedElements(text: String, elements: [String]) {
    #expect(ListText.elements(of: text) == elements)
  }

  @Test(
    "Text without a closing quotation mark is not a list",
    arguments: ["\"", "\"a", "a, \"b", "\"a\"\"", "\"\"\"", "a,\"b, c", "\"a\",\" "])
  func lacksAQuotationMark(text: String) { #expect(ListText.elements(of: text) == nil) }

  @Test(
    "A list is written with no more quotation marks than it needs",
    arguments: [
      ([], ""), (["a"], "a"), (["a", "b"], "a, b"), (["a b"], "\"a b\""), (["a,b"], "\"a,b\""),
      (["a\tb"], "\"a\tb\""), (["a#b"], "a#b"), (["#b"], "\"#b\""), (["a", ";b"], "a, \";b\""),
      (["a\"b"], "a\"b"), (["\"a"], "\"\"\"a\""), ([""], "\"\""), (["a", ""], "a, \"\""),
    ] as [([String], String)])
  func isWritten(elements: [String], text: String) { #expect(ListText.of(elements) == text) }

  @Test(
    "A list that was written is read as the same list",
    arguments: [
      [], [""], ["", ""], ["a", "", "b"], [" "], [",", "\t"], ["\""], ["\"\""], ["\"a\""], ["\"a"],
      ["a\""], ["a\"b", "c"], ["\",\""], ["# a", "; b"], ["a #b"], ["#", ";"], [" a", "a "],
      ["a = b"], ["[a]"], ["\"\u{301}"], ["#\u{301}"], [",\u{301}", "\u{301}"], ["ä", "a\u{308}"],
      ["\u{FEFF}"], ["\u{A0}", "\u{3000}"], ["👩‍⚕️ 🏥"], ["all"], ["\r\n", "\0"],
    ] as [[String]])
  func isReadAsItWas(elements: [String]) { expectSame(elements) }

  @Test("Random lists of awkward characters are read as they were, after a key in a file, too")
  func randomLists() {
    var random = Random(seed: 7)
    let alphabet: [Unicode.Scalar] = ["a", " ", ",", "\"", "\"", "#", ";", "\t", "\u{301}", "="]
    for _ in 0..<20_000 {
      let elements = (0..<random.next(below: 5)).map { _ in
        var element = String.UnicodeScalarView()
        for _ in 0..<random.next(below: 7) { element.append(alphabet[random.next(below: 10)]) }
        return String(element)
      }
      expectSame(elements)
      let text = ListText.of(elements)
      // An element that begins or ends with a blank is quoted, so nothing is trimmed.
      if let value = try? ConfigurationLine.value(text + " # \"", Traits(isList: true)) {
        #expect(scalars(of: [value]) == scalars(of: [text]))
      } else {
        Issue.record("\(text)")
      }
    }
  }

  /// Canonical equivalence is not enough: the scalars have to be the same.
  private func expectSame(_ elements: [String]) {
    let read = ListText.elements(of: ListText.of(elements))
    #expect(read.map(scalars(of:)) == scalars(of: elements), "\(elements)")
  }

  private func scalars(of elements: [String]) -> [[Unicode.Scalar]] {
    elements.map { Array($0.unicodeScalars) }
  }
}
