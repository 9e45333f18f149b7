import Testing

@testable import Settings

/// No text from a file or a command line makes a message long, not even a pasted document, key or certificate.
@Suite struct QuotationTests {
  private static let long = String(repeating: "x", count: 5_000)

  @Test("A long text is cut off at its end, a long file name in its middle, and no other")
  func cut() {
    let shown = String(repeating: "x", count: 60)
    #expect(Quotation.of(Self.long) == "\"\(shown)…\"")
    #expect(Quotation.shown(shown) == shown)
    #expect(Quotation.shown(shown + "x") == "\(shown)…")
    let name = "/srv/" + Self.long + "/echoscp.conf"
    #expect(Quotation.ofFileName(name).unicodeScalars.count == 241)
    #expect(Quotation.ofFileName(name).hasPrefix("/srv/xx"))
    #expect(Quotation.ofFileName(name).hasSuffix("xx/echoscp.conf"))
    #expect(Quotation.ofFileName(Array(name.utf8)) == Quotation.ofFileName(name))
    #expect(Quotation.ofFileName([0xFF] + Array(name.utf8)).unicodeScalars.count == 241)
    let usual = "/etc/" + String(repeating: "a", count: 230) + ".conf"
    #expect(Quotation.ofFileName(usual) == usual)
  }

  /// Lines of a file in which % stands for the pasted text.
  static let lines = [
    "%", "% = 1", "[%]", "[%", "[network] %", "[device %]", "[devise %]", "[device A]\n% = 1",
    "[device A]\naddress = %", "% : 1", "port: %", "\"%\": 1", "// %", "- %", "[network]\nport %",
    "[network]\n\"port\" = %", "port % = 1", "[[%]]", "<%>", "[network]\nae-title = \"%",
    "% \u{A0}",
    "[network]\nae-title = \"%\",", "[access]\nallow-calling-ae-titles = [%, %]",
    "[access]\nallow-calling-ae-titles = '%'", "[access]\nallow-calling-ae-titles = \"%",
  ]

  @Test("A long text anywhere in a file, made of any characters", arguments: lines)
  func file(line: String) throws {
    let keys = Setting.all.map { "[\($0.section.name)]\n\($0.key) = %" }
    for piece in ["x", "'", "[", ";", "1", "\u{301}", "\"", "1.", "a ", "\u{2028}", "\u{A0}"] {
      let paste = String(repeating: piece, count: 5_000)
      for text in [line] + (line == "%" ? keys : []) {
        let file = text.replacing("%", with: paste)
        let name = "/\(paste)".replacing("/", with: "a")
        for problem in configuration(reading: (name, file)).problems {
          #expect(problem.unicodeScalars.count < 1_000, "\(text) \(piece)")
        }
      }
    }
  }

  @Test(
    "A long text anywhere on a command line",
    arguments: ["%", "--%", "-%=1", "a@%", "%:104", "--port", "-c", "–%"])
  func commandLine(word: String) {
    for piece in ["x", "1", "[", "@", ":", "\u{301}", "\u{A0}", "'"] {
      let paste = String(repeating: piece, count: 5_000)
      let word = word.replacing("%", with: paste)
      var messages = [
        CommandLineOption.problem(unknown: word, followedBy: [paste, "\(paste)@\(paste)"]),
        CommandLineOption.problem(unknown: word, followedBy: [paste], asked: ["h", paste]),
      ]
      for isProbe in [false, true] {
        var line = CommandLineSettings()
        if isProbe { _ = line.problem(adding: .probe) }
        messages += [line.problem(addingOperand: word, followedBy: [paste]), line.remark]
          .compactMap(\.self)
      }
      for setting in Setting.all {
        var line = CommandLineSettings()
        messages += [line.problem(adding: setting, paste)].compactMap(\.self)
      }
      var line = CommandLineSettings()
      messages += [
        line.problem(adding: .reload, Array(paste.utf8)),
        line.problem(adding: .calledAETitle, paste),
      ]
      .compactMap(\.self)
      for message in messages {
        #expect(message.unicodeScalars.count < 600, "\(message)")
      }
    }
  }

  @Test("The origin of a value shortens a long file name")
  func origin() {
    let text = Origin.file(path: "/\(Self.long)", line: 7).text
    #expect(text.unicodeScalars.count == 243 && text.hasSuffix("x:7"))
  }
}
