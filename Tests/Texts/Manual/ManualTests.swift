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
    #expect(try entries("PROBE", of: program) == causes + ["0", "2", "3"])
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

  @Test("Text is escaped for mdoc, and only words that are more than text become macros")
  func escapes() {
    #expect(
      Mdoc.prose("a (max-pdu), `-v`; see x(5).")
        == ["a", ".Cm ( max-pdu ) ,", ".Ql \\-v ;", "see", ".Xr x 5 ."])
    #expect(Mdoc.prose("One. Two-fold, as well.") == ["One.", "Two-fold, as well."])
    #expect(Mdoc.prose(".conf and so on") == ["\\&.conf and so on"])
    #expect(
      Mdoc.literal("-ba \\ 'x' \"y\" `^~ §")
        == "\\-ba \\e \\(aqx\\(aq \\(dqy\\(dq \\(ga\\(ha\\(ti \\[u00A7]")
  }
}
