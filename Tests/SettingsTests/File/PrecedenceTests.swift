import TestKit
import Testing
import UpperLayer

@testable import Settings

/// The precedence of built-in defaults, file, later file and command line, and the origin of the resulting value.
@Suite struct PrecedenceTests {
  /// A source of settings, numbered like the value that it sets.
  enum Source: Int, CaseIterable {
    case file = 1
    case laterFile
    case commandLine
  }

  @Test(
    "The last source that sets a setting takes precedence, for every combination of sources",
    arguments: SettingSample.all)
  func lastOneCounts(sample: SettingSample) throws {
    let (key, values) = (sample.key, sample.values)
    let setting = try #require(Setting.named(key))
    for chosen in 0..<8 {
      let sources = Source.allCases.filter { chosen & (1 << $0.rawValue) >> 1 != 0 }
      var configuration = Configuration()
      for source in sources { try apply(source, setting, values, to: &configuration) }
      // A setting alone may lack its companion.
      let conflicts = sources.contains(.commandLine) ? configuration.contradictions() : []
      #expect(configuration.diagnostics == conflicts)
      let expected = sources.last.map { values[$0.rawValue - 1] } ?? setting.defaultText
      #expect(setting.text(configuration.settings) == expected)
      #expect(configuration.origin(of: key) == origin(sources.last, setting))
    }
  }

  @Test("A setting that a later source does not set keeps its value and its origin")
  func otherSettingsStay() {
    var result = configuration(
      reading: ("a", "[network]\nport = 1\nae-title = A\nmax-pdu = 16"),
      ("b", "[network]\n\nae-title = B"))
    var line = CommandLineSettings()
    #expect(line.problem(addingOperand: "3") == nil)
    result.apply(line)
    var expected = Settings()
    expected.port = [3]
    expected.aeTitle = .named("B")
    expected.maxPdu = 16
    #expect(result.settings == expected)
    #expect(result.origin(of: "port") == .commandLine("port"))
    #expect(result.origin(of: "ae-title") == .file(path: "b", line: 3))
    #expect(result.origin(of: "max-pdu") == .file(path: "a", line: 4))
    #expect(result.origin(of: "workers") == .builtIn)
    #expect(result.origin(of: "no-such-key") == .builtIn)
  }

  @Test("A value equal to the default has the origin of the source that sets it")
  func defaultsThatAreSaid() {
    var result = configuration(
      reading: ("a", "[network]\nport = 104\nae-title = ECHOSCP"), ("b", "[network]\nport = 11112"))
    #expect(result.settings == Settings())
    #expect(result.origin(of: "port") == .file(path: "b", line: 2))
    #expect(result.origin(of: "ae-title") == .file(path: "a", line: 3))
    result.apply(CommandLineSettings())
    #expect(result.origin(of: "port") == .file(path: "b", line: 2))
  }

  @Test("A list in a later source replaces the earlier list instead of adding to it")
  func listsAreReplaced() {
    let result = configuration(
      reading: ("a", "[access]\nallow-calling-ae-titles = A, B"),
      ("b", "[access]\nallow-calling-ae-titles = C"))
    #expect(result.settings.allowCallingAeTitles == patterns("C"))
  }

  @Test("A switch such as -v takes precedence over a file, and is the origin of its value")
  func switches() throws {
    for flag in Switch.all {
      var result = configuration(
        reading: ("a", "[general]\nlog-level = critical\n[transfer-syntaxes]\nprefer = none"))
      var line = CommandLineSettings()
      #expect(line.problem(adding: flag) == nil)
      result.apply(line)
      let setting = try #require(Setting.named(flag.key))
      #expect(setting.text(result.settings) == flag.value)
      #expect(result.origin(of: flag.key) == .commandLine("--\(flag.long)"))
    }
  }

  private func apply(
    _ source: Source, _ setting: Setting, _ values: [String], to configuration: inout Configuration
  ) throws {
    let value = values[source.rawValue - 1]
    let text = "# \(source)\n[\(setting.section.name)]\n\(setting.key) = \(value)"
    switch source {
    case .file: configuration.read("a", Array(text.utf8))
    case .laterFile: configuration.read("b", Array("\n\(text)".utf8))
    case .commandLine:
      var line = CommandLineSettings()
      #expect(line.problem(adding: setting, value) == nil)
      configuration.apply(line)
    }
  }

  private func origin(_ source: Source?, _ setting: Setting) -> Origin {
    switch source {
    case nil: .builtIn
    case .file: .file(path: "a", line: 3)
    case .laterFile: .file(path: "b", line: 4)
    case .commandLine: .commandLine("--\(setting.key)")
    }
  }
}
