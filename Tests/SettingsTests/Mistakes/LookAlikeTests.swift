import Testing

@testable import Settings

/// Characters that look like one of ASCII, or like none: word processors, web pages and input methods
/// put them into a file that is pasted.
@Suite struct LookAlikeTests {
  /// Lines of the section that is named, with one such character, and what is said of it.
  static let lines: [(source: String, text: String, answer: String)] = [
    ("a web page, in front of =", "[network]\nport\u{A0}= 104", "a:2: \(noBreakSpace)"),
    ("a web page, in front of the key", "[network]\n\u{A0}port = 104", "a:2: \(noBreakSpace)"),
    ("a web page, behind =", "[network]\nport =\u{A0}104", "a:2: port: \(noBreakSpace)"),
    ("a web page, behind the value", "[network]\nport = 104\u{A0}", "a:2: port: \(noBreakSpace)"),
    (
      "French typing, in front of a comment", "[network]\nport = 104\u{A0}# c",
      "a:2: port: \(noBreakSpace)"
    ),
    ("a web page, in front of a comment", "\u{A0}# c", "a:1: \(noBreakSpace)"),
    ("a web page, in front of a section", "\u{A0}[network]", "a:1: \(noBreakSpace)"),
    ("a web page, behind a section", "[network]\u{A0}", "a:1: \(noBreakSpace)"),
    ("a web page, in a section", "[network\u{A0}]", "a:1: \(noBreakSpace)"),
    ("a web page, without =", "[network]\nport\u{A0}104", "a:2: \(noBreakSpace)"),
    ("a web page, in a title", "[device CT\u{A0}1]", "a:1: \(noBreakSpace)"),
    (
      "a layout program", "[network]\nport\u{2003}= 104",
      "a:2: the em space U+2003 has no place here; type a space"
    ),
    (
      "a Japanese input method", "[network]\nport\u{3000}= 104",
      "a:2: the ideographic space U+3000 has no place here; type a space"
    ),
    (
      "a Chinese input method", "[network]\nport ＝ 104",
      "a:2: the full-width character ＝ U+FF1D has no place here; type ="
    ),
    (
      "a Japanese input method", "[network]\nport = １０４",
      "a:2: port: the full-width character １ U+FF11 has no place here; type 1"
    ),
    (
      "a word processor", "[network]\nae-title = “MYPACS”",
      "a:2: ae-title: the curly quotation mark “ U+201C has no place here; type \""
    ),
    (
      "a word processor", "[network]\nae-title = ‘MYPACS’",
      "a:2: ae-title: the curly apostrophe ‘ U+2018 has no place here; type ' or \""
    ),
    (
      "French typing", "[network]\nae-title = «MYPACS»",
      "a:2: ae-title: the angle quotation mark « U+00AB has no place here; type \""
    ),
    (
      "a dead key", "[network]\nae-title = ´MYPACS´",
      "a:2: ae-title: the acute accent ´ U+00B4 has no place here; type ' or \""
    ),
    (
      "a word processor", "[network]\nae–title = X",
      "a:2: the en dash – U+2013 has no place here; type -"
    ),
    (
      "a word processor", "[device “CT 1”]",
      "a:1: the curly quotation mark “ U+201C has no place here; type \""
    ),
    (
      "a PDF", "[network]\nae‐title = X",
      "a:2: the hyphen ‐ U+2010 has no place here; type -"
    ),
    (
      "a Chinese input method", "[access]\nallow-calling-ae-titles = CT1、MR1",
      "a:2: allow-calling-ae-titles: the comma 、 U+3001 has no place here; type ,"
    ),
    (
      "an editor that joined two files", "[network]\n\u{FEFF}port = 104",
      "a:2: the control character \\u{FEFF} has no place in this file"
    ),
  ]

  private static let noBreakSpace = "the no-break space U+00A0 has no place here; type a space"

  @Test("The program that is named in the table has put it there")
  func isNamed() {
    for (source, text, answer) in Self.lines {
      #expect(configuration(reading: ("a", text)).problems == [answer], "\(source): \(text)")
    }
  }

  @Test("A comment may have any of them: it was written for a person")
  func comments() {
    let text = "# Réglage : « port »\n[network] # déjà vu – “so”\nport = 104 # d’accord\n"
    #expect(configuration(reading: ("a", text)).problems == [])
  }

  @Test("Every space of Unicode but ASCII's is named by its number wherever it stands")
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

  @Test("In a message no space can be taken for another one")
  func quotation() {
    #expect(Quotation.of("a\u{A0}b\u{2003}\u{3000} c") == #""a\u{00A0}b\u{2003}\u{3000} c""#)
    #expect(Quotation.ofFileName("a\u{A0}") == #"a\u{00A0}"#)
  }

  @Test("Letters of other languages are none of them")
  func letters() {
    for text in ["Ärzte", "schlüssel", "日本", "имя", "٣٠", "é", "👩‍⚕️"] {
      #expect(LookAlike.problem(in: text) == nil)
    }
  }

  @Test("A shell with a curly quotation mark in it")
  func commandLine() throws {
    var line = CommandLineSettings()
    #expect(
      line.problem(adding: try #require(Setting.named("ae-title")), "“X”")
        == "--ae-title: the curly quotation mark “ U+201C has no place here; type \"")
  }
}
