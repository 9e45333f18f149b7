import Linux
import TestKit
import Testing
import UpperLayer

@testable import Settings

/// Punctuation that encloses values in other formats: a title that contains it must be in quotation marks.
@Suite struct StrayMarkTests {
  /// Values of `allow-calling-ae-titles` in other formats, and the corrections.
  static let lists: [(source: String, text: String, right: String)] = [
    ("JSON and TOML", "[\"CT1\", \"MR1\"]", "CT1, MR1"),
    ("Python and YAML", "['CT1', 'MR1']", "CT1, MR1"), ("a shell", "(CT1 MR1)", "CT1, MR1"),
    ("bind", "CT1; MR1", "CT1, MR1"), ("YAML", "[CT1, MR1]", "CT1, MR1"),
    ("a shell", "'MR 1'", "\"MR 1\""), ("JSON", "[\"MR 1\",]", "\"MR 1\""),
    ("a set of Python", "{'A', 'B'}", "A, B"), ("mail", "<A>, <B>", "A, B"),
    ("SQL", "`A`, `B`", "A, B"), ("nginx", "A B;", "A, B"), ("a tuple", "('A',)", "A"),
  ]

  @Test(
    "A list in the format in the table is refused, with the same list in the format of echoscpd")
  func listsOfOthers() {
    for (source, text, right) in Self.lists {
      let found = configuration(reading: ("a", "[access]\nallow-calling-ae-titles = \(text)"))
      #expect(
        found.problems == [
          "a:2: allow-calling-ae-titles: \"\(text)\" has punctuation of another format; write \(right)"
        ], "\(source)")
      #expect(found.settings.allowCallingAeTitles.isEmpty)
      #expect(
        configuration(reading: ("a", "[access]\nallow-calling-ae-titles = \(right)")).problems == []
      )
    }
  }

  @Test(
    "A list of one element, as in a shell, JSON or a regular expression, may also be a title",
    arguments: [
      ("{CT1}", "CT1"), ("<CT1>", "CT1"), ("'CT1'", "CT1"), ("CT1]", "CT1"), ("CT1;", "CT1"),
      ("CT1;MR1", "CT1, MR1"), ("CT1|MR1", "CT1, MR1"),
    ])
  func oneElement(text: String, right: String) {
    let line = "[access]\nallow-calling-ae-titles ="
    #expect(
      configuration(reading: ("a", "\(line) \(text)")).problems == [
        "a:2: allow-calling-ae-titles: \"\(text)\" has punctuation of another format; write \(right), "
          + "or \"\(text)\" if it belongs to the title"
      ])
    let found = configuration(reading: ("a", "\(line) \"\(text)\""))
    #expect(found.problems == [] && found.settings.allowCallingAeTitles == patterns(text))
  }

  @Test("The message about a list without a title, as in JSON, has the form of a list")
  func nothing() {
    let meant = "if it belongs to the title"
    for (text, quoted) in [
      ("[]", ", or \"[]\" \(meant)"), ("[", ", or \"[\" \(meant)"),
      ("[ ]", ""),
    ] {
      #expect(
        configuration(reading: ("a", "[access]\nallow-calling-ae-titles = \(text)")).problems == [
          "a:2: allow-calling-ae-titles: \"\(text)\" has punctuation of another format; write TITLE, TITLE"
            + quoted
        ])
    }
  }

  @Test(
    "One title in the notation of a shell, JSON, nginx, Python or SQL",
    arguments: ["'A'", "[A]", "(A)", "{A}", "<A>", "`A`", "A;", "A,", "A'", "A]", "'A"])
  func oneTitle(text: String) {
    let answer =
      "\"\(text)\" has punctuation of another format; write A, or \"\(text)\" if it belongs to the title"
    #expect(
      configuration(reading: ("a", "[network]\nae-title = \(text)")).problems == [
        "a:2: ae-title: \(answer)"
      ])
    let found = configuration(reading: ("a", "[network]\nae-title = \"\(text)\""))
    #expect(found.problems == [] && found.settings.aeTitle.unpadded == text)
    guard !text.hasSuffix("]") else { return }
    #expect(configuration(reading: ("a", "[device \(text)]")).problems == ["a:1: \(answer)"])
  }

  @Test("A title with punctuation inside, as in names of people and departments, is accepted")
  func inside() {
    for title in ["O'NEIL", "CT(1)", "A\"B", "CT[1]", "A<B", "A>B", "A-B", "A,B", "A;B"] {
      let found = configuration(reading: ("a", "[network]\nae-title = \(title)"))
      #expect(found.problems == [] && found.settings.aeTitle.unpadded == title)
    }
    for title in ["O'NEIL", "CT(1)", "A\"B", "CT[1]", "*", "CT?"] {
      let found = configuration(reading: ("a", "[access]\nallow-calling-ae-titles = \(title)"))
      #expect(found.problems == [] && found.settings.allowCallingAeTitles == patterns(title))
    }
  }

  @Test("Every title that the standard allows can be written, and is dumped so")
  func everyTitle() throws {
    let address = [try AddressRange("::1")]
    let characters = (0x20...0x7E).filter { $0 != 0x5C }.map { String(UnicodeScalar(UInt8($0))) }
    for first in characters {
      for last in characters {
        let title = "\(first)X\(last)"
        var before = Configuration()
        before.settings.aeTitle = .named(title)
        before.settings.allowCallingAeTitles = patterns(title, "B")
        before.settings.devices = [Device(.named(title))]
        before.settings.devices[0].address = address
        let after = configuration(reading: ("a", before.dump))
        #expect(after.problems == [], "\(title)")
        #expect(after.settings == before.settings, "\(title)")
      }
    }
  }

  @Test("On the command line, after the shell, a single title is taken as it is, as in pynetdicom")
  func commandLine() throws {
    var line = CommandLineSettings()
    #expect(line.problem(adding: try #require(Setting.named("ae-title")), "'X'") == nil)
    #expect(
      line.problem(adding: try #require(Setting.named("allow-calling-ae-titles")), "['A', 'B']")
        == "--allow-calling-ae-titles: \"['A', 'B']\" has punctuation of another format; "
        + "write A, B")
  }

  @Test("A line of a million marks is examined in linear time")
  func long() {
    for mark in ["(", ")", "a(", "'", ";", "\""] {
      let text = String(repeating: mark, count: 1_000_000 / mark.utf8.count)
      let problems = configuration(reading: ("a", "[access]\nallow-calling-ae-titles = \(text)"))
        .problems
      #expect(problems.count == 1 && problems[0].utf8.count < 400)
    }
  }
}
