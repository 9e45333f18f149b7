import TestKit
import Testing

@testable import Settings

/// The texts of the settings that a person reads as a whole: help, mistakes, dump.
@Suite struct SettingTextsTests {
  @Test("--help is the agreed text, and fits a terminal")
  func help() throws {
    try TextFile("Tests/SettingsTests/Texts/help.txt").expect(Help.text)
    let lines = Help.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.count <= 40)
  }

  @Test("Twenty mistakes are reported at once, each with its line and a correction")
  func twentyMistakes() throws {
    let path = "Tests/SettingsTests/Texts/twenty-mistakes.conf"
    var configuration = Configuration()
    configuration.read(
      ConfigurationFile(path: path, bytes: Array(try TextFile(path).content.utf8)))
    let text = configuration.diagnostics.map { "\($0.text)\n" }.joined()
    try TextFile("Tests/SettingsTests/Texts/twenty-mistakes.txt").expect(text)
    #expect(Set(configuration.diagnostics.map(\.line)).count >= 20)
  }

  @Test("--dump-config shows every setting with its origin")
  func dump() throws {
    var configuration = Configuration()
    for (path, text) in [
      ("/etc/echoscp.conf", "[network]\nae-title = \"CT #1\"\nport = 104 11112\n"),
      ("/etc/echoscp.conf.d/10-site.conf", "[access]\n\nallow-calling-ae-titles = CT*,\"MR 1\"\n"),
      ("/etc/echoscp.conf.d/20-devices.conf", "[device CT1]\naddress=192.0.2.7 2001:db8::/32\n"),
      (
        "/etc/echoscp.conf.d/30-tls.conf",
        """
        [tls]
        tls-certificate = /etc/ssl/my tls.pem
        tls-private-key = "/etc/ssl/key #1.pem"
        tls-client-certificate = require
        tls-device-certificates = /etc/echoscp.devices
        [device CT1]
        certificate = "cn:CT 1" dns:ct1.example
        """
      ),
    ] { configuration.read(ConfigurationFile(path: path, bytes: Array(text.utf8))) }
    var line = CommandLineSettings()
    let timeout = try #require(Setting.named("acse-timeout"))
    try line.add(timeout, "0.5")
    try line.add(#require(Setting.named("tls-port")), "2762")
    try line.add(operand: "104")
    configuration.apply(line)
    #expect(configuration.diagnostics.isEmpty)
    try TextFile("Tests/SettingsTests/Texts/dump-config.txt").expect(configuration.dump)
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
    try TextFile("Tests/Fuzz/FuzzConfiguration.dict").expect(text.joined(separator: "\n"))
  }
}
