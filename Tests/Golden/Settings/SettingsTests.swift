import Testing

@testable import Settings

/// What a person reads of the settings: help, file, dump, diagnostics.
@Suite struct SettingsTests {
  @Test("--help is the text that was agreed on, and fits a terminal")
  func help() throws {
    try Golden.expect(Help.text, at: "Tests/Golden/help.txt")
    let lines = Help.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.count <= 40)
  }

  @Test("The file that is installed has every setting with its default")
  func installedFile() throws {
    try Golden.expect(ConfigurationFileText.text, at: "etc/echoscp.conf")
  }

  @Test("The file that is installed changes nothing, and nothing either once all of it is said")
  func installedFileIsRight() throws {
    let text = try Golden.content(of: "etc/echoscp.conf")
    for content in [text, text.replacing("\n#", with: "\n").replacing("\n ", with: "\n# ")] {
      var configuration = Configuration()
      configuration.read(ConfigurationFile(path: "echoscp.conf", bytes: Array(content.utf8)))
      #expect(configuration.diagnostics.isEmpty)
      let isSaid = content != text
      // The section of a device is there as an example.
      #expect(configuration.settings.devices.map(\.section) == (isSaid ? ["[device CT1]"] : []))
      configuration.settings.devices = []
      #expect(configuration.settings == Settings())
      for setting in Setting.all {
        #expect((configuration.origin(of: setting.key) != .builtIn) == isSaid)
      }
    }
    for setting in Setting.all { #expect(text.contains("\n#\(setting.key) = ")) }
  }

  @Test("Twenty mistakes are told at once, each with its line and what would be right")
  func twentyMistakes() throws {
    let path = "Tests/Golden/twenty-mistakes.conf"
    var configuration = Configuration()
    configuration.read(
      ConfigurationFile(path: path, bytes: Array(try Golden.content(of: path).utf8)))
    let text = configuration.diagnostics.map { "\($0.text)\n" }.joined()
    try Golden.expect(text, at: "Tests/Golden/twenty-mistakes.txt")
    #expect(Set(configuration.diagnostics.map(\.line)).count >= 20)
  }

  @Test("--dump-config shows every setting with its origin")
  func dump() throws {
    var configuration = Configuration()
    for (path, text) in [
      ("/etc/echoscp.conf", "[network]\nae-title = \"CT #1\"\nport = 104 11112\n"),
      ("/etc/echoscp.conf.d/10-site.conf", "[access]\n\nallow-calling-ae-titles = CT*,\"MR 1\"\n"),
      ("/etc/echoscp.conf.d/20-devices.conf", "[device CT1]\naddress=192.0.2.7 2001:db8::/32\n"),
    ] { configuration.read(ConfigurationFile(path: path, bytes: Array(text.utf8))) }
    var line = CommandLineSettings()
    let timeout = try #require(Setting.named("acse-timeout"))
    try line.add(timeout, "0.5")
    try line.add(operand: "2762")
    configuration.apply(line)
    #expect(configuration.diagnostics.isEmpty)
    try Golden.expect(configuration.dump, at: "Tests/Golden/dump-config.txt")
  }

  @Test("The README shows --dump-config as it is")
  func dumpInReadme() throws {
    let pdu = try #require(Setting.named("max-pdu"))
    let title = try #require(Setting.named("ae-title"))
    var line = CommandLineSettings()
    try line.add(pdu, "0")
    try line.add(title, "MYAE")
    try line.add(operand: "11113")
    var configuration = Configuration()
    configuration.apply(line)
    let text =
      "```console\n$ echoscpd --dump-config -pdu 0 -aet MYAE 11113\n\(configuration.dump)```"
    try Golden.expect(text, asPart: "dump", of: "README.md")
  }

  @Test("The fuzz target for configuration files knows every section and key")
  func fuzzDictionary() throws {
    let sections = Setting.Section.allCases.map { "\($0.name)=\"[\($0.name)]\"" }
    let keys = (Setting.all.map(\.key) + DeviceSetting.all.map(\.key)).map {
      "key_\($0)=\"\\x0a\($0) = \""
    }
    let text =
      ["# What a configuration file is made of, for libFuzzer's -dict.", ""] + sections
      + ["device=\"[device CT1]\""] + keys
      + [#"mark="\xef\xbb\xbf""#, #"wide="\xff\xfe""#, #"crlf="\x0d\x0a""#, ""]
    try Golden.expect(text.joined(separator: "\n"), at: "Tests/Fuzz/FuzzConfiguration.dict")
  }
}
