import Settings
import Testing
import UpperLayer

/// The manual pages: what was agreed on, complete, and true in what does not come from the table.
@Suite struct ManualPageTests {
  @Test("echoscpd(8) is the page that was agreed on")
  func program() throws {
    try Golden.expect(ManualPage.text, at: "packaging/man/echoscpd.8")
  }

  @Test("echoscp.conf(5) is the page that was agreed on")
  func file() throws {
    try Golden.expect(ConfigurationManualPage.text, at: "packaging/man/echoscp.conf.5")
  }

  @Test("echoscpd(8) has every option, the default of each, and every group")
  func everyOption() {
    let page = ManualPage.text
    for option in CommandLineOption.all {
      for name in option.usualNames {
        let isThere = page.split(separator: "\n").contains { line in
          line.hasPrefix("\\fB") && line.contains(Roff.bold(name))
        }
        #expect(isThere, "no \(name)")
      }
    }
    for setting in Setting.all where setting.placeholder != nil || setting.isOperand {
      #expect(page.contains("Default: \(Roff.bold(setting.defaultText))\n"))
    }
    for section in Setting.Section.allCases { #expect(page.contains(section.heading)) }
  }

  @Test("echoscp.conf(5) has every key below its section", arguments: Setting.Section.allCases)
  func everyKey(section: Setting.Section) throws {
    let page = ConfigurationManualPage.text
    let parts = page.split(separator: ".SS ").dropFirst()
    let part = try #require(parts.first { $0.hasPrefix(Roff.literal("[\(section.name)]")) })
    for setting in Setting.all {
      let isThere = part.contains(".TP\n\(Roff.bold(setting.key))\n")
      #expect(isThere == (setting.section == section), "\(setting.key)")
    }
  }

  @Test("What the manual says of a value is what the program says of a wrong one")
  func values() {
    let values = Setting.all.map { "\($0.key): \($0.valueText)" }
    #expect(values.contains("port: a list; each a number from 1 to 65535"))
    #expect(values.contains("require-called-ae-title: yes or no"))
    #expect(values.contains("workers: a number from 1 to 64, or auto"))
    #expect(!values.contains { $0.hasSuffix(": text") || $0.contains("\\") })
  }

  @Test("echoscp.conf(5) has every key of a device below its section")
  func everyKeyOfADevice() throws {
    let parts = ConfigurationManualPage.text.split(separator: ".SS ").dropFirst()
    let part = try #require(parts.first { $0.hasPrefix("\"[device TITLE]\"") })
    for setting in DeviceSetting.all {
      #expect(part.contains(".TP\n\(Roff.bold(setting.key))\n"))
      #expect(!setting.valueText.contains("\\") && setting.valueText != "text")
    }
  }

  @Test("The options of the examples are options")
  func examples() throws {
    let names = CommandLineOption.all.flatMap(\.usualNames)
    let words = ManualPage.examples.flatMap { $0.lines.split(separator: "\n") }
      .filter { $0.contains("echoscpd ") && $0.hasPrefix("$") }
      .flatMap { $0.split(separator: " ") }.filter { $0.hasPrefix("-") }.map(String.init)
    #expect(words.count >= 8)
    for word in words { #expect(names.contains(word), "\(word)") }
  }

  @Test("The example of a file is a good one")
  func exampleOfAFile() {
    var configuration = Configuration()
    let bytes = Array(ConfigurationManualPage.example.utf8)
    configuration.read(ConfigurationFile(path: "example", bytes: bytes))
    #expect(configuration.diagnostics.isEmpty)
    #expect(
      configuration.settings.allowCallingAeTitles.map(\.unpadded) == ["CT*", "MR 1"])
    #expect(configuration.settings.devices.map(\.title.unpadded) == ["CT1"])
  }

  @Test("The exit statuses are those that the program has")
  func exitStatuses() throws {
    let code = try Golden.content(of: "Sources/echoscpd/Exit.swift")
    let statuses = code.matches(of: /case \w+ = ([0-9]+)/).compactMap { Int($0.1) }
    #expect(ManualPage.exitStatuses.map(\.0) == [0] + statuses)
  }

  @Test(
    "What roff would take for its own is written otherwise",
    arguments: [
      ("-ba", "\\-ba"), ("a\\b", "a\\(rsb"), ("'CT*'", "\\(aqCT*\\(aq"), ("\"x\"", "\\(dqx\\(dq"),
      ("`^~", "\\(ga\\(ha\\(ti"), ("§9", "\\[u00A7]9"), ("\u{1F600}", "\\[u1F600]"),
    ])
  func escapes(text: String, roff: String) { #expect(Roff.literal(text) == roff) }

  @Test("Sentences begin lines, and no line is a request by accident")
  func sentences() {
    #expect(Roff.lines(of: "One. Two, as well.") == ["One.", "Two, as well."])
    #expect(Roff.lines(of: ".conf and so on") == ["\\&.conf and so on"])
    #expect(Roff.lines(of: "'quoted'") == ["\\&'quoted'"])
    let long = Roff.lines(of: String(repeating: "what? ", count: 40))
    #expect(long.count > 2 && long.dropLast().allSatisfy { $0.hasSuffix("?\\&") })
    #expect(
      Roff.prose("a (max-pdu), `-v`; see x(5).")
        == "a (\\fBmax\\-pdu\\fR), \\fB\\-v\\fR; see \\fBx\\fR(5).")
  }
}
