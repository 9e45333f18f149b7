import Settings
import TestKit
import Testing
import UpperLayer

/// The settings from a whole command line, and its contradictions.
@Suite struct CommandLineSettingsTests {
  /// A word of a command line, as split by getopt.
  enum Word: Sendable {
    case setting(String, String)
    case flag(String)
    case action(Action, String)
    case operand(String)
  }

  /// A command line, the message about its first mistake, and the resulting settings.
  struct Line: Sendable, CustomTestStringConvertible {
    let words: [Word]
    let problem: String?
    let expected: Settings
    var testDescription: String { "\(words)" }

    init(_ words: Word..., problem: String? = nil, change: (inout Settings) -> Void = { _ in }) {
      self.words = words
      self.problem = problem
      var settings = Settings()
      change(&settings)
      expected = settings
    }
  }

  static let lines = [
    Line(),
    Line(.operand("104")) { $0.port = [104] },
    Line(.operand("104,11112")) { $0.port = [104, 11112] },
    Line(.operand("colour"), problem: "port: \"colour\" is not a port: expected 1 to 65535"),
    Line(
      .operand("dicom"),
      problem: "port: \"dicom\" is the name of a port; use its number, 104 or 11112"),
    Line(
      .operand("104"), .operand("105"),
      problem: "\"105\" is one port too many; give several as one list: 104,11112"
    ) { $0.port = [104] },
    Line(.setting("ae-title", "A"), .setting("ae-title", "B")) { $0.aeTitle = .named("B") },
    Line(
      .setting("max-pdu", "15"),
      problem: "--max-pdu: \"15\" is not a PDU length: expected 16 to 4294967295 bytes, or 0 for "
        + "no limit"),
    Line(.flag("quiet")) { $0.logLevel = .none },
    Line(.flag("verbose")) { $0.logLevel = .info },
    Line(.flag("debug")) { $0.logLevel = .debug },
    Line(.flag("verbose"), .flag("verbose")) { $0.logLevel = .info },
    Line(.flag("prefer-uncompr")) { $0.prefer = .uncompressed },
    Line(.flag("prefer-little")) { $0.prefer = .little },
    Line(.flag("prefer-big")) { $0.prefer = .big },
    Line(.flag("implicit")) { $0.prefer = .implicit },
    Line(.flag("implicit"), .flag("implicit")) { $0.prefer = .implicit },
    Line(.flag("debug"), .flag("prefer-big"), .operand("104")) {
      $0.logLevel = .debug
      $0.prefer = .big
      $0.port = [104]
    },
    Line(.setting("log-level", "error")) { $0.logLevel = .error },
    Line(.setting("log-level", "error"), .flag("verbose")) { $0.logLevel = .error },
    Line(.flag("verbose"), .setting("log-level", "error")) { $0.logLevel = .error },
    Line(.setting("log-level", "info"), .flag("debug")) { $0.logLevel = .info },
    Line(.flag("debug"), .setting("log-level", "info")) { $0.logLevel = .info },
    Line(.setting("log-level", "info"), .flag("debug"), .setting("log-level", "none")) {
      $0.logLevel = .none
    },
    Line(.setting("log-level", "none"), .flag("debug"), .flag("debug")) { $0.logLevel = .none },
    Line(.flag("quiet"), .setting("log-level", "debug")) { $0.logLevel = .none },
    Line(.setting("log-level", "debug"), .flag("quiet")) { $0.logLevel = .none },
    Line(.setting("require-called-ae-title", "yes")) { $0.requireCalledAeTitle = true },
    Line(
      .setting("require-called-ae-title", "maybe"),
      problem: "--require-called-ae-title: \"maybe\" is neither yes nor no"),
    Line(.action(.checkConfig, "")),
    Line(.action(.dumpConfig, ""), .action(.dumpConfig, "")),
    Line(
      .action(.checkConfig, ""), .action(.dumpConfig, ""),
      problem: "--dump-config conflicts with --check-config; use only one of them"),
    Line(.action(.config, ""), problem: "--config: the file name is missing"),
  ]

  @Test("A command line results in its settings, or in a message", arguments: lines)
  func comesTo(line: Line) throws {
    var command = CommandLineSettings()
    var problem: String?
    for word in line.words {
      problem = try problem ?? take(word, &command)
    }
    #expect(problem == line.problem)
    #expect(settings(of: command) == line.expected)
  }

  @Test("Two switches of the same setting exclude each other, in either order; others do not")
  func switchesExcludeEachOther() throws {
    for first in Switch.all {
      for second in Switch.all {
        var command = CommandLineSettings()
        #expect(command.problem(adding: first) == nil)
        let before = settings(of: command)
        let problem = command.problem(adding: second)
        if first.key == second.key, first.long != second.long {
          #expect(
            problem == "--\(second.long) conflicts with --\(first.long); use only one of them")
          #expect(settings(of: command) == before)
        } else {
          #expect(problem == nil, "\(first.long) \(second.long)")
        }
      }
    }
  }

  @Test("A switch conflicts with another even if -ll overrides both")
  func contradictionIsNotOverridden() throws {
    var command = CommandLineSettings()
    #expect(try take(.setting("log-level", "error"), &command) == nil)
    #expect(try take(.flag("verbose"), &command) == nil)
    #expect(
      try take(.flag("debug"), &command)
        == "--debug conflicts with --verbose; use only one of them")
  }

  @Test("Actions are kept apart from the settings")
  func actions() {
    var command = CommandLineSettings()
    #expect(command.configurationFile == nil && command.action == nil)
    #expect(command.problem(adding: .config, Array("/tmp/a.conf".utf8)) == nil)
    #expect(command.problem(adding: .config, Array("b.conf".utf8)) == nil)
    #expect(command.problem(adding: .checkConfig) == nil)
    #expect(command.configurationFile == Array("b.conf".utf8))
    #expect(command.action == .checkConfig)
    #expect(command.assignments.isEmpty)
  }

  @Test("Each assignment names the option that made it")
  func namesTheOption() throws {
    var command = CommandLineSettings()
    for word: Word in [
      .operand("104"), .setting("ae-title", "A"), .flag("verbose"), .flag("implicit"),
    ] { #expect(try take(word, &command) == nil) }
    #expect(
      command.assignments.map { "\($0.setting.key)=\($0.text) by \($0.option)" } == [
        "log-level=info by --verbose", "port=104 by port", "ae-title=A by --ae-title",
        "prefer=implicit by --implicit",
      ])
  }

  private func settings(of command: CommandLineSettings) -> Settings {
    var configuration = Configuration()
    configuration.apply(command)
    return configuration.settings
  }

  private func take(_ word: Word, _ command: inout CommandLineSettings) throws -> String? {
    switch word {
    case .setting(let key, let value):
      command.problem(adding: try #require(Setting.named(key)), value)
    case .flag(let long):
      command.problem(adding: try #require(Switch.all.first { $0.long == long }))
    case .action(let action, let value): command.problem(adding: action, Array(value.utf8))
    case .operand(let text): command.problem(addingOperand: text)
    }
  }
}
