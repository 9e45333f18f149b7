import Testing

@testable import Settings

/// Characters that look like an ASCII character, or are invisible: word processors, web pages and input methods
/// put them into text that is pasted.
@Suite struct LookAlikeTests {
  /// Files with one such character, and the message about it.
  static let lines: [(source: String, text: String, answer: String)] = [
    ("a web page, before =", "[network]\nport\u{A0}= 104", "a:2: \(noBreakSpace)"),
    ("a web page, before the key", "[network]\n\u{A0}port = 104", "a:2: \(noBreakSpace)"),
    ("a web page, after =", "[network]\nport =\u{A0}104", "a:2: port: \(noBreakSpace)"),
    ("a web page, after the value", "[network]\nport = 104\u{A0}", "a:2: port: \(noBreakSpace)"),
    (
      "French typing, before a comment", "[network]\nport = 104\u{A0}# c",
      "a:2: port: \(noBreakSpace)"
    ),
    ("a web page, before a comment", "\u{A0}# c", "a:1: \(noBreakSpace)"),
    ("a web page, before a section", "\u{A0}[network]", "a:1: \(noBreakSpace)"),
    ("a web page, after a section", "[network]\u{A0}", "a:1: \(noBreakSpace)"),
    ("a web page, in a section", "[network\u{A0}]", "a:1: \(noBreakSpace)"),
    ("a web page, without =", "[network]\nport\u{A0}104", "a:2: \(noBreakSpace)"),
    ("a web page, in a title", "[device CT\u{A0}1]", "a:1: \(noBreakSpace)"),
    (
      "a layout program", "[network]\nport\u{2003}= 104",
      "a:2: the em space U+2003 is not allowed here; type a space"
    ),
    (
      "a Japanese input method", "[network]\nport\u{3000}= 104",
      "a:2: the ideographic space U+3000 is not allowed here; type a space"
    ),
    (
      "a Chinese input method", "[network]\nport ＝ 104",
      "a:2: the full-width character ＝ U+FF1D is not allowed here; type ="
    ),
    (
      "a Japanese input method", "[network]\nport = １０４",
      "a:2: port: the full-width character １ U+FF11 is not allowed here; type 1"
    ),
    (
      "a word processor", "[network]\nae-title = “MYPACS”",
      "a:2: ae-title: the curly quotation mark “ U+201C is not allowed here; type \""
    ),
    (
      "a word processor", "[network]\nae-title = ‘MYPACS’",
      "a:2: ae-title: the curly apostrophe ‘ U+2018 is not allowed here; type ' or \""
    ),
    (
      "French typing", "[network]\nae-title = «MYPACS»",
      "a:2: ae-title: the angle quotation mark « U+00AB is not allowed here; type \""
    ),
    (
      "a dead key", "[network]\nae-title = ´MYPACS´",
      "a:2: ae-title: the acute accent ´ U+00B4 is not allowed here; type ' or \""
    ),
    (
      "a word processor", "[network]\nae–title = X",
      "a:2: the en dash – U+2013 is not allowed here; type -"
    ),
    (
      "a word processor", "[device “CT 1”]",
      "a:1: the curly quotation mark “ U+201C is not allowed here; type \""
    ),
    (
      "a PDF", "[network]\nae‐title = X",
      "a:2: the hyphen ‐ U+2010 is not allowed here; type -"
    ),
    (
      "a Chinese input method", "[access]\nallow-calling-ae-titles = CT1、MR1",
      "a:2: allow-calling-ae-titles: the comma 、 U+3001 is not allowed here; type ,"
    ),
    (
      "an editor that joined two files", "[network]\n\u{FEFF}port = 104",
      "a:2: the control character \\u{FEFF} is not allowed in this file"
    ),
  ]

  private static let noBreakSpace = "the no-break space U+00A0 is not allowed here; type a space"

  @Test("The message names the character that the program in the table has put there")
  func isNamed() {
    for (source, text, answer) in Self.lines {
      #expect(configuration(reading: ("a", text)).problems == [answer], "\(source): \(text)")
    }
  }

  @Test("A comment may have any of them, because it is for people")
  func comments() {
    let text = "# Réglage : « port »\n[network] # déjà vu – “so”\nport = 104 # d’accord\n"
    #expect(configuration(reading: ("a", text)).problems == [])
  }

  @Test("The message has the code point of every space outside ASCII, wherever it is")
  func everySpace() {
    let spaces = (0x7F...0x10FFFF).compactMap { Unicode.Scalar(UInt32($0)) }
      .filter { $0.properties.generalCategory == .spaceSeparator }
    #expect(spaces.count >= 16)
    for space in spaces {
      let number = String(space.value, radix: 16, uppercase: true)
      for text in [
        "\(space)port = 1", "port\(space)= 1", "port =\(space)1", "port = 1\(space)", "\(space)",
        "[net\(space)work]", "port\(space)1",
      ] {
        let problems = configuration(reading: ("a", "[network]\n\(text)")).problems
        #expect(problems.count == 1 && problems[0].contains("space U+"), "\(number) \(problems)")
        #expect(problems.allSatisfy { !$0.unicodeScalars.contains(space) })
      }
    }
  }

  @Test("A message escapes every space outside ASCII")
  func quotation() {
    #expect(Quotation.of("a\u{A0}b\u{2003}\u{3000} c") == #""a\u{00A0}b\u{2003}\u{3000} c""#)
    #expect(Quotation.ofFileName("a\u{A0}") == #"a\u{00A0}"#)
  }

  @Test("Letters of other languages are not look-alikes")
  func letters() {
    for text in ["Ärzte", "schlüssel", "日本", "имя", "٣٠", "é", "👩‍⚕️"] {
      #expect(LookAlike.problem(in: text) == nil)
    }
  }

  @Test("An option with a curly quotation mark in its value")
  func commandLine() throws {
    var line = CommandLineSettings()
    #expect(
      line.problem(adding: try #require(Setting.named("ae-title")), "“X”")
        == "--ae-title: the curly quotation mark “ U+201C is not allowed here; type \"")
  }
}
