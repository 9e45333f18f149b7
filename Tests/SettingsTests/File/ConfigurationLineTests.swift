import Testing

@testable import Settings

/// Every form of a line of a configuration file, valid and invalid, and the value in it.
@Suite struct ConfigurationLineTests {
  @Test(
    "A blank line or a comment is nothing",
    arguments: [
      "", " ", "\t", " \t ", "#", ";", "# comment", "; comment", "  # comment", "\t; comment",
      "#key = value", ";[section]", "# = # ; \"", "#ä", "#\ttab",
    ])
  func isNothing(text: String) { #expect(line(text) == .nothing) }

  @Test(
    "A section is in brackets, with blanks anywhere and a comment after it",
    arguments: [
      ("[network]", "network"), ("  [network]", "network"), ("[network]\t ", "network"),
      ("[ network\t]", "network"), ("\t[network] # comment", "network"),
      ("[network] ; [general]", "network"), ("[network]# comment", "network"),
      ("[network] # ]", "network"), ("[]", ""), ("[ ]", ""), ("[a b]", "a b"),
      ("[a#b]", "a#b"), ("[[a]", "[a"), ("[key = value]", "key = value"), ("[\"a\"]", "\"a\""),
      ("[Ärzte]", "Ärzte"),
    ])
  func isASection(text: String, name: String) { #expect(line(text) == .section(name)) }

  @Test(
    "A section that does not end, or is not alone on its line, is a wrong section",
    arguments: [
      ("[network", "\"[network\" has no closing bracket; write [section]"),
      (" [", "\"[\" has no closing bracket; write [section]"),
      ("[network # ", "\"[network #\" has no closing bracket; write [section]"),
      ("[network] port = 104", "\"port = 104\" follows a section; put it on its own line"),
      ("[network]]", "\"[network]]\" has an extra bracket; write [section]"),
      ("[a][b]", "\"[b]\" follows a section; put it on its own line"),
      ("[a] = b", "\"= b\" follows a section; put it on its own line"),
    ])
  func isAWrongSection(text: String, problem: String) {
    #expect(line(text) == .wrongSection(problem))
  }

  @Test(
    "The key and the value are before and after the first equals sign, without blanks around them",
    arguments: [
      ("key=value", "key", "value"), ("key = value", "key", "value"),
      (" \tkey\t=\tvalue \t", "key", "value"), ("key=", "key", ""), ("key = ", "key", ""),
      ("key = a = b", "key", "a = b"), ("key==", "key", "="), ("a b = c d", "a b", "c d"),
      ("key = value # comment", "key", "value # comment"), ("key = \" a \"", "key", "\" a \""),
      ("key = [a]", "key", "[a]"), ("\"key\" = value", "\"key\"", "value"),
      ("a#b = c", "a#b", "c"), ("schlüssel = wert ä", "schlüssel", "wert ä"),
      ("key = a\tb", "key", "a\tb"),
    ])
  func isAnAssignment(text: String, key: String, value: String) {
    #expect(line(text) == .assignment(key: key, value: value))
  }

  @Test("A combining scalar after a mark does not hide the mark")
  func combiningScalars() {
    #expect(line("key =\u{301}a") == .assignment(key: "key", value: "\u{301}a"))
    #expect(line("#\u{301}") == .nothing)
    #expect(line("[a\u{301}]\u{20}") == .section("a\u{301}"))
    #expect(line("[a]#\u{301}") == .section("a"))
  }

  @Test(
    "A line without a key, or with a control character, is an error",
    arguments: [
      ("= value", "the key before = is missing"),
      (" \t= ", "the key before = is missing"),
      ("=", "the key before = is missing"),
      ("\u{FEFF}port", "the control character \\u{FEFF} is not allowed in this file"),
    ])
  func isWrong(text: String, problem: String) { #expect(line(text) == .wrong(problem)) }

  @Test(
    "A line without an equals sign is in another format", arguments: ["port", "port 1", "]"])
  func isForeign(text: String) { #expect(line(" \(text) ") == .foreign(text)) }

  @Test("No control character but the tab is allowed anywhere, not even in a comment or a section")
  func controlCharacters() {
    let controls = Array(0x00...0x1F) + Array(0x7F...0x9F)
    for value in controls where value != 0x09 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let character = String(scalar)
      let expected = ConfigurationLine.wrong(
        "the control character \(scalar.escaped(asASCII: true)) is not allowed in this file")
      for text in [
        character, "# \(character)", "[\(character)]", "port = 104\(character)", "\(character)=",
        "ae-title = \"\(character)\"",
      ] { #expect(line(text) == expected, "\(value)") }
    }
  }

  @Test(
    "A value ends before a comment, which follows a blank, or with its last letter",
    arguments: [
      ("", ""), ("a", "a"), ("a # b", "a"), ("a ; b", "a"), ("a\t#b", "a"), ("a\t ;", "a"),
      ("a#b", "a#b"), ("a;b # c", "a;b"), ("a#", "a#"), ("a #b #c", "a"), ("# a", ""), (";", ""),
      ("a b", "a b"), ("a \"#\" b", "a \"#\" b"), ("a\"", "a\""), ("a \"b\"", "a \"b\""),
      ("a = b", "a = b"), ("ä # ö", "ä"),
    ])
  func plainValue(text: String, value: String) { #expect(read(text) == value) }

  @Test(
    "A value in quotation marks, inside which a quotation mark is written twice",
    arguments: [
      ("\"\"", ""), ("\"a\"", "a"), ("\" a \"", " a "), ("\"a # b\"", "a # b"),
      ("\"a\" # b", "a"), ("\"a\"\t;", "a"), ("\"a\" # \"b\"", "a"), ("\"\"\"\"", "\""),
      ("\"a\"\"b\"", "a\"b"), ("\"\"\"a\"\"\"", "\"a\""), ("\"\"\"\"\"\"", "\"\""),
      ("\"a\tb\"", "a\tb"), ("\"ä\u{301}\"", "ä\u{301}"), ("\"a\"  ", "a"),
    ])
  func quotedValue(text: String, value: String) { #expect(read(text) == value) }

  @Test(
    "Quotation marks that are not closed, or are followed by text, are an error",
    arguments: [
      ("\"", "has no closing quotation mark"),
      ("\"a", "has no closing quotation mark"),
      ("\"a # b", "has no closing quotation mark"),
      ("\"a\"\"", "has no closing quotation mark"),
      ("\"\"\"", "has no closing quotation mark"),
      ("\"a\" b", behind), ("\"a\"b", behind), ("\"\"b", behind), ("\"a\" \"b\"", behind),
      ("\"a\", \"b\"", behind), ("\"a\"# b", behind),
      ("\"a\";", "continues after its closing quotation mark; write \"a\""),
      ("\"a\",", "continues after its closing quotation mark; write \"a\""),
    ])
  func wrongQuotation(text: String, problem: String) {
    #expect(read(text) == "wrong: \"\(text)\" \(problem)")
  }

  private static let behind =
    "continues after its closing quotation mark; to include a quotation mark, write it twice"

  @Test(
    "A list keeps its quotation marks, and the comment characters inside them",
    arguments: [
      ("", ""), ("a, b", "a, b"), ("a, b # c", "a, b"), ("a,b ; c", "a,b"), ("a,#b", "a,#b"),
      ("# a", ""), ("\"a # b\" # c", "\"a # b\""), ("\"a ; b\", c ;d", "\"a ; b\", c"),
      ("\"a\"\" # b\" # c", "\"a\"\" # b\""), ("a\" # b", "a\""), ("a, \"b # c", "a, \"b # c"),
      ("\"a\"# b", "\"a\"# b"), ("\"a\"\t# b", "\"a\""), ("a \" # \" b", "a \" # \" b"),
    ])
  func listValue(text: String, value: String) { #expect(read(text, isList: true) == value) }

  private func line(_ text: String) -> ConfigurationLine { ConfigurationLine(text[...]) }

  private func read(_ text: String, isList: Bool = false) -> String {
    do throws(Mistake) {
      return try ConfigurationLine.value(text, Traits(isList: isList))
    } catch {
      return "wrong: \(error.text)"
    }
  }
}
