import TestKit
import Testing
import UpperLayer

@testable import Settings

/// `--probe` with its options, and the settings that are valid with it.
@Suite struct ProbeOptionTests {
  private func take(_ line: inout CommandLineSettings, _ key: String, _ value: String) throws {
    #expect(line.problem(adding: try #require(Setting.named(key)), value) == nil)
  }

  @Test("Each option sets its property")
  func sets() {
    var line = CommandLineSettings()
    #expect(line.problem(adding: .probe) == nil && line.problem(addingOperand: "pacs:104") == nil)
    #expect(line.problem(adding: .calledAETitle, "ARCHIVE") == nil)
    #expect(line.problem(adding: .callingAETitle, "CT 1") == nil)
    #expect(line.problem(adding: .tls, "") == nil)
    #expect(line.problem(adding: .serverName, "pacs.example") == nil)
    #expect(
      line.problem(adding: .count, "3") == nil && line.problem(adding: .interval, "0.5") == nil)
    #expect(line.problem(adding: .warning, "0.05") == nil)
    #expect(line.problem(adding: .critical, "2") == nil)
    #expect(line.problem(adding: .json, "") == nil && line.wholeProblem == nil)
    var expected = ProbeSettings()
    expected.targets = [ProbeTarget(.host("pacs", port: 104))]
    expected.calledAETitle = .named("ARCHIVE")
    expected.callingAETitle = .named("CT 1")
    expected.isTLS = true
    expected.serverName = "pacs.example"
    expected.count = 3
    expected.interval = 500
    (expected.warning, expected.critical) = (50, 2000)
    expected.isJSON = true
    #expect(line.probe == expected)
  }

  @Test(
    "A wrong value is refused",
    arguments: [
      (.count, "0"), (.count, "many"), (.interval, "soon"), (.warning, "0"), (.warning, "soon"),
      (.critical, "5x"), (.critical, "-1"), (.critical, "1000001"), (.calledAETitle, ""),
      (.callingAETitle, "12345678901234567"), (.serverName, ""), (.serverName, "::1"),
      (.serverName, "192.0.2.1"), (.serverName, "pacs:2762"), (.serverName, "bücher.example"),
      (.serverName, "a b"), (.serverName, ".pacs"), (.serverName, "-pacs"),
      (.serverName, String(repeating: "a", count: 254)),
    ] as [(ProbeOption, String)])
  func wrong(option: ProbeOption, value: String) throws {
    var line = CommandLineSettings()
    let taken = line.problem(adding: option, value)
    let problem = try #require(taken)
    #expect(problem.hasPrefix("--\(option.long): ") && problem.contains(": expected "))
  }

  @Test("Without --probe its options are refused", arguments: ProbeOption.allCases)
  func aloneIsRefused(option: ProbeOption) {
    var line = CommandLineSettings()
    #expect(line.problem(adding: option, "7") == nil)
    let advice = option == .tls ? "; to serve TLS, \(CommandHabit.servingTLS)" : ""
    #expect(line.wholeProblem == "--\(option.long) is only valid with --probe\(advice)")
  }

  @Test("A threshold in another unit, and one above the other, are refused with the right ones")
  func thresholds() {
    #expect(
      problem(of: shellWords("--probe pacs -w 50ms"))
        == "--warning: \"50ms\" is not a time; write 0.05")
    #expect(problem(of: shellWords("--probe pacs -w 0.5 -c 0.5")) == nil)
    #expect(problem(of: shellWords("--probe pacs -w none -c 0.5")) == nil)
    #expect(
      problem(of: shellWords("--probe pacs -w 2 -c 0.5"))
        == "--warning (2 s) is above --critical (0.5 s); type -w 0.5 -c 2 if you mean the reverse")
  }

  @Test("The message about a wrong host begins with --probe")
  func wrongHost() {
    var line = CommandLineSettings()
    #expect(line.problem(adding: .probe, Array("a b".utf8))?.hasPrefix("--probe: ") == true)
    #expect(line.action == .probe)
  }

  @Test("Each setting is valid with any probe, with a probe of this host, or with none")
  func settings() throws {
    for setting in Setting.all where setting.placeholder != nil {
      for target in ["pacs", "11112"] {
        var line = CommandLineSettings()
        #expect(line.problem(adding: .probe, Array(target.utf8)) == nil)
        if setting.section == .tls { #expect(line.problem(adding: .tls, "") == nil) }
        try take(&line, setting.key, setting.defaultText)
        let isRight = setting.use == .always || setting.use == .local && target == "11112"
        #expect((line.wholeProblem == nil) == isRight, "\(setting.key) \(target)")
      }
    }
    let always = Setting.all.filter { $0.use == .always }.map(\.key)
    #expect(
      always == [
        "log-level", "acse-timeout", "dimse-timeout", "network-timeout", "max-pdu", "prefer",
        "tls-certificate", "tls-private-key", "tls-ca-certificates", "tls-crl", "tls-min-version",
      ])
    #expect(
      Setting.all.filter { $0.use == .local }.map(\.key) == ["port", "ae-title", "bind-address"])
  }

  @Test("Every option has descriptions, and its default is a valid value")
  func table() {
    for option in ProbeOption.allCases {
      #expect(!option.help.isEmpty && !option.about.isEmpty)
      if let text = option.defaultText {
        var settings = ProbeSettings()
        #expect(option.problem(setting: text, &settings) == nil)
      }
    }
  }
}
