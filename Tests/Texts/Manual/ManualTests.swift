import TestKit
import Testing
import UpperLayer
import Verification

@testable import Log
@testable import Probe
@testable import Settings
@testable import SettingsTests

/// The manual pages: complete, and true in their hand-written parts.
@Suite struct ManualTests {
  private let program = TextFile("packaging/man/echoscpd.8")
  private let configuration = TextFile("packaging/man/echoscp.conf.5")
  private let journal = TextFile("packaging/man/echoscpd-journal.7")

  /// Returns the headings of the list entries in a section.
  private func entries(_ section: String, of page: TextFile) throws -> [String] {
    let lines = try page.lines
    let begin = try #require(lines.firstIndex { $0 == ".Sh \(section)" }, "\(section)")
    return lines[(begin + 1)...].prefix { !$0.hasPrefix(".Sh ") }
      .filter { $0.hasPrefix(".It ") }.map { String($0.dropFirst(".It ".count)) }
  }

  @Test("Each page has the version of the program")
  func version() throws {
    for page in [program, configuration, journal] {
      #expect(try page.lines.contains(".Os \"echoscpd \(Implementation.version)\""), "\(page.path)")
    }
  }

  @Test("echoscpd(8) has each option with its value and its default")
  func options() throws {
    let page = try program.content
    for option in CommandLineOption.all {
      #expect(page.contains("\n.It \(SettingsInManual.head(of: option))\n"), "\(option.long)")
      if let text = option.defaultText {
        #expect(page.contains("\nDefault:\n.Cm \(Mdoc.quotedIfNeeded(text))\n"))
      }
    }
  }

  @Test("The manual and the program allow the same values")
  func values() {
    let values = Setting.all.map { "\($0.key): \($0.valueText)" }
    #expect(values.contains("require-called-ae-title: yes or no"))
    #expect(!values.contains { $0.hasSuffix(": text") || $0.contains("\\") })
    for setting in DeviceSetting.all {
      #expect(!setting.valueText.contains("\\") && setting.valueText != "text")
    }
  }

  @Test("The options of the examples exist")
  func examples() throws {
    let names = CommandLineOption.all.flatMap(\.usualNames)
    let words = try program.lines.filter {
      $0.hasPrefix("$ echoscpd ") || $0.hasPrefix("$ sudo echoscpd ")
    }
    .flatMap { $0.replacing("\\-", with: "-").split(separator: " ") }
    .filter { $0.hasPrefix("-") }.map(String.init)
    #expect(words.count >= 8)
    for word in words { #expect(names.contains(word), "\(word)") }
  }

  @Test("The example of a configuration file is valid")
  func exampleOfAFile() throws {
    let text = try configuration.content
    let begin = try #require(
      text.firstRange(of: "example: the tests read this file\n.Bd -literal -offset indent\n"))
    let rest = text[begin.upperBound...]
    let end = try #require(rest.firstRange(of: ".Ed"))
    var configuration = Configuration()
    let bytes = Array(rest[..<end.lowerBound].replacing("\\-", with: "-").utf8)
    configuration.read(ConfigurationFile(path: "example", bytes: bytes))
    #expect(configuration.diagnostics.isEmpty)
    #expect(configuration.settings.allowCallingAeTitles.map(\.unpadded) == ["CT*", "MR 1"])
    #expect(configuration.settings.devices.map(\.title.unpadded) == ["CT1"])
    #expect(text.contains("more than \(ConfigurationFile.largestSize) bytes"))
    for section in Setting.Section.allCases {
      #expect(text.contains("\n.Ql [\(Mdoc.literal(section.name))]"), "\(section.name)")
    }
  }

  @Test("The exit statuses and the causes of a probe agree with the program")
  func wordsOfTheProgram() throws {
    let code = try TextFile("Sources/echoscpd/Exit.swift").content
    let statuses = code.matches(of: /case \w+ = ([0-9]+)/).map { String($0.1) }
    #expect(try entries("EXIT STATUS", of: program) == ["0"] + statuses)
    let causes = ProbeCause.allCases.map { "Cm \($0.rawValue)" }
    #expect(try entries("PROBE", of: program) == causes + ["0", "1", "2", "3"])
  }

  @Test("echoscpd-journal(7) describes each field, each cause and each note")
  func wordsOfTheJournal() throws {
    let fields = JournalField.allCases.map(\.rawValue)
    let described = try entries("FIELDS", of: journal).filter { $0.hasPrefix("Sy ") }
    #expect(described == fields.map { "Sy \($0)" })
    let causes = CatalogID.allCases.compactMap(\.cause).map { "Cm \($0)" }
    #expect(try entries("CAUSES", of: journal).filter { $0.hasPrefix("Cm ") } == causes.sorted())
    let notes = Notes.all.map(\.name) + [Remark.newAddress]
    #expect(try entries("TOLERATED", of: journal) == notes.map { "Cm \($0)" })
    // The fields that journalctl inserts into the catalog are filled in.
    #expect(try !journal.content.contains("@"))
  }

  @Test("Each key, option and field that a page names exists")
  func names() throws {
    let causes = CatalogID.allCases.compactMap(\.cause) + ProbeCause.allCases.map(\.rawValue)
    let values = Setting.all.flatMap { $0.choices + [$0.defaultText] }
    let words = Set(
      Setting.all.map(\.key) + DeviceSetting.all.map(\.key) + causes + values
        + CommandLineOption.all.compactMap(\.defaultText) + Notes.all.map(\.name)
        + [Remark.newAddress])
    let options = Set(CommandLineOption.all.flatMap(\.usualNames))
    let fields = Set(JournalField.allCases.map(\.rawValue))
    for page in [program, configuration, journal] {
      let text = try page.content
      for match in text.matches(of: /\n\.(?:It )?Cm (?:\( )?"?([^\n ,"]+)/) {
        #expect(words.contains(String(match.1).replacing("\\-", with: "-")), "\(match.1)")
      }
      for match in text.matches(of: /\bFl ((?:Fl )?[a-zA-Z][a-zA-Z=-]*)/) {
        // `.Fl Fl` alone ends the options.
        guard match.1 != "Fl" else { continue }
        let name = match.1.hasPrefix("Fl ") ? "--\(match.1.dropFirst(3))" : "-\(match.1)"
        #expect(options.contains(name), "\(name) in \(page.path)")
      }
      for match in text.matches(of: /\b(?:DICOM|ECHOSCP)_[A-Z_]+/) {
        #expect(fields.contains(String(match.0)), "\(match.0)")
      }
    }
  }

  @Test("Numbers and lists on the pages are those of the code")
  func numbers() throws {
    func words(_ page: TextFile) throws -> String {
      try page.content.split { $0 == "\n" || $0 == " " }.joined(separator: " ")
    }
    func number(_ value: Int) -> String {
      value < 1000 ? "\(value)" : "\(value / 1000),\(String(value % 1000 + 1000).dropFirst())"
    }
    let budget = try words(journal)
    for claim in [
      "\(number(RecordBudget.common.burst)) tokens and regain \(RecordBudget.common.rate) a second",
      "\(RecordBudget.address.burst) and regains one a second",
      "another \(number(RecordBudget.reserve.burst)) tokens and \(RecordBudget.reserve.rate) a second",
      "more than \(RepeatFilter.mostOfAddress) such",
      "\(number(KnownPeers.capacity)) pairs of address and title, up to \(KnownPeers.mostOfNetwork)",
      "up to \(JournalBacklog.capacity >> 20) MiB of records",
      "more than \(number(Excess.addresses)), at least",
    ] { #expect(budget.contains(claim), "\(claim)") }
    #expect(
      RepeatFilter.successes == 10 && RepeatFilter.failures == 10
        && RepeatFilter.failurePace == 2000 && JournalBacklog.patience == 10_000
        && RecordBudget.address.rate == 1)
    let restart = Setting.all.filter { $0.effect != .reload }.map { ".Cm \($0.key)" }
    let list = try #require(
      try words(program).split(separator: "settings that need a restart:").last)
    let sentence = list.prefix { $0 != "Y" }.prefix(200)
    for key in restart { #expect(sentence.contains(key), "\(key)") }
    #expect(try words(program).contains("\(ConfigurationFile.standardPath) "))
  }

  @Test("Text is escaped for mdoc, and only words that are more than text become macros")
  func escapes() {
    #expect(
      Mdoc.prose("a (max-pdu), `-v`; see x(5).")
        == ["a", ".Cm ( max-pdu ) ,", ".Ql \\-v ;", "see", ".Xr x 5 ."])
    #expect(Mdoc.prose("One. Two-fold, as well.") == ["One.", "Two-fold, as well."])
    #expect(Mdoc.prose(".conf and so on") == ["\\&.conf and so on"])
    #expect(Mdoc.prose("'quoted' and ? for one") == ["\\&'quoted' and ?\\& for one"])
    #expect(
      Mdoc.literal("-ba \\ 'x' \"y\" `^~ §")
        == "\\-ba \\e \\(aqx\\(aq \\(dqy\\(dq \\(ga\\(ha\\(ti \\[u00A7]")
  }
}
