import Testing

@testable import Settings

/// The name that a misspelling stands for.
@Suite struct NearestNameTests {
  private static let keys = Setting.all.map(\.key)

  @Test(
    "The nearest name to a misspelling",
    arguments: [
      ("port", "port"), ("prot", "port"), ("por", "port"), ("ports", "port"), ("pört", nil),
      ("ae-titel", "ae-title"), ("aetitle", "ae-title"), ("title", nil),
      ("acse-timout", "acse-timeout"), ("dmise-timeout", "dimse-timeout"),
      ("timeout", nil), ("max-asociation", "max-associations"),
      ("require-called-aet", "require-called-ae-title"), ("loglevel", "log-level"),
      ("worker", "workers"), ("preferr", "prefer"), ("bind-adress", "bind-address"),
      ("network-timeout-seconds", nil),
    ])
  func isUnderstood(text: String, name: String?) {
    #expect(NearestName.of(text, among: Self.keys) == name)
  }

  @Test("Capitals and underscores do not count as differences")
  func capitalsAndUnderscores() {
    for key in Self.keys {
      let shouted = key.uppercased().replacing("-", with: "_")
      #expect(NearestName.of(shouted, among: Self.keys) == key)
      #expect(NearestName.of("\(shouted)X", among: Self.keys) == key)
    }
  }

  @Test("Every key is found by each of its misspellings of one letter")
  func oneLetter() {
    for key in Self.keys {
      let letters = Array(key)
      for index in letters.indices {
        var removed = letters
        removed.remove(at: index)
        var replaced = letters
        replaced[index] = "ß"
        var inserted = letters
        inserted.insert("+", at: index)
        for word in [removed, inserted] {
          #expect(NearestName.of(String(word), among: Self.keys) == key, "\(String(word))")
        }
        // Two bytes are too many for a short name.
        let isFound = NearestName.of(String(replaced), among: Self.keys) == key
        #expect(isFound == (key.count >= 8), "\(String(replaced))")
        guard index > 0 else { continue }
        var swapped = letters
        swapped.swapAt(index - 1, index)
        #expect(NearestName.of(String(swapped), among: Self.keys) == key, "\(String(swapped))")
      }
    }
  }

  @Test(
    "A text that is like no name has no nearest one",
    arguments: ["", "x", "colour", "allowed-subnets", "timeouts", "äöü", "-", "______"])
  func isNoneOfThem(text: String) { #expect(NearestName.of(text, among: Self.keys) == nil) }

  @Test("The nearest of several names is found, and the first of equally near ones")
  func nearest() {
    #expect(NearestName.of("abcd", among: ["abxx", "abcx", "abcd"]) == "abcd")
    #expect(NearestName.of("abcd", among: ["abcx", "abcy"]) == "abcx")
    #expect(NearestName.of("abdc", among: ["abxxxc", "abcd"]) == "abcd")
    #expect(NearestName.of("abcd", among: []) == nil)
  }

  @Test("A quarter of a name may be wrong, or one letter of a short name")
  func howMuchMayBeWrong() {
    #expect(NearestName.of("abcdxyz---==", among: ["abcdefg---=="]) == "abcdefg---==")
    #expect(NearestName.of("abcdxyzz--==", among: ["abcdefg---=="]) == nil)
    #expect(NearestName.of("ax", among: ["ab"]) == "ab")
    #expect(NearestName.of("xy", among: ["ab"]) == nil)
    #expect(NearestName.of("b", among: ["a"]) == "a")
  }

  @Test("A text that is too long is not compared, however like a name it is")
  func tooLong() {
    let name = String(repeating: "a", count: 41)
    #expect(NearestName.of(String(name.dropLast()), among: [name]) == name)
    #expect(NearestName.of(name, among: [name]) == nil)
    #expect(NearestName.of(String(repeating: "a", count: 10_000_000), among: [name]) == nil)
  }
}
