import Testing

@testable import Settings

/// The words of the settings for TLS, and those of other programs for them.
@Suite struct TLSWordsTests {
  private func problem(_ key: String, _ text: String) throws -> String? {
    var settings = Settings()
    return try #require(Setting.named(key)).problem(reading: text, &settings)
  }

  @Test(
    "A version may have the name of the protocol before it, in any case",
    arguments: [
      ("1.2", .v12), ("tls1.2", .v12), ("TLSv1.2", .v12), ("TLS1.2", .v12), ("tlsv1.2", .v12),
      ("1.3", .v13), ("TLSv1.3", .v13),
    ] as [(String, TLSVersion)])
  func versions(text: String, version: TLSVersion) throws {
    var settings = Settings()
    settings.tlsMinVersion = version == .v12 ? .v13 : .v12
    let setting = try #require(Setting.named("tls-min-version"))
    #expect(setting.problem(setting: text, &settings) == nil)
    #expect(settings.tlsMinVersion == version)
    #expect(setting.text(settings) == version.text)
  }

  @Test(
    "Any other version is refused, and an old one with the reason",
    arguments: [
      ("1.0", "is prohibited by RFC 8996: expected 1.2 or 1.3"),
      ("TLSv1.1", "is prohibited by RFC 8996: expected 1.2 or 1.3"),
      ("tls1", "is prohibited by RFC 8996: expected 1.2 or 1.3"),
      ("1.4", "is not a version of TLS: expected 1.2 or 1.3"),
      ("SSLv3", "is not a version of TLS: expected 1.2 or 1.3"),
      ("", "is not a version of TLS: expected 1.2 or 1.3"),
      ("tls", "is not a version of TLS: expected 1.2 or 1.3"),
      ("TLSv1.2 TLSv1.3", "is not a version of TLS: expected 1.2 or 1.3"),
      ("TLS 1.2", "is not a version of TLS; write 1.2"),
      ("TLSv1_3", "is not a version of TLS; write 1.3"),
      ("tls12", "is not a version of TLS; write 1.2"),
      ("\"1.3\",", "is not a version of TLS; write 1.3"),
    ])
  func otherVersions(text: String, answer: String) throws {
    #expect(try problem("tls-min-version", text) == "\"\(text)\" \(answer)")
  }

  @Test(
    "The message about the mode of another program has the mode here",
    arguments: [
      ("optional", "request"), ("optional_no_ca", "request"), ("on", "require"), ("off", "no"),
      ("none", "no"), ("required", "require"), ("Require", "require"), ("yes", "require"),
      ("true", "require"), ("false", "no"),
    ])
  func modes(text: String, right: String) throws {
    #expect(
      try problem("tls-client-certificate", text)
        == "\"\(text)\" is not one of the modes; write \(right)"
    )
  }

  @Test("A mode of no program is refused with all modes")
  func noMode() throws {
    #expect(
      try problem("tls-client-certificate", "maybe")
        == "\"maybe\" is not one of the modes: expected one of require, request, no")
  }

  @Test("services(5): the name of the port for TLS")
  func portName() throws {
    #expect(
      try problem("tls-port", "dicom-tls")
        == "\"dicom-tls\" is the name of a port; use its number, 2762")
    #expect(try problem("tls-port", "0") == "\"0\" is not a port: expected 1 to 65535")
    #expect(
      try problem("tls-port", "") == "the list is empty: expected at least one value, or none")
  }
}
