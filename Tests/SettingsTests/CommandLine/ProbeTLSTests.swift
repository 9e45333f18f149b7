import Testing

@testable import Settings

/// A probe over TLS: the options for it, and what is missing or too much without `--tls`.
@Suite struct ProbeTLSTests {
  @Test(
    "Complete command lines of probes over TLS",
    arguments: [
      "--probe --tls pacs", "--probe pacs:2762 --tls", "--tls --probe", "--probe 2762 --tls",
      "--probe pacs --tls --server-name pacs.example",
      "--probe 192.0.2.1 --tls --server-name auto",
      "--probe pacs --tls --tls-ca-certificates ca.pem --tls-crl crl.pem --tls-min-version 1.3",
      "--probe pacs --tls --tls-certificate c.pem --tls-private-key k.pem",
      "--probe pacs --tls --tls-certificate none", "--probe pacs -tls -server-name pacs",
    ])
  func isRight(line: String) { #expect(problem(of: shellWords(line)) == nil) }

  @Test(
    "Without --tls, the options for TLS are refused with the remedy",
    arguments: [
      ("--server-name pacs", "--server-name"),
      ("--tls-ca-certificates ca", "--tls-ca-certificates"),
      ("--tls-certificate c --tls-private-key k", "--tls-certificate"),
      ("--tls-crl c", "--tls-crl"),
      ("--tls-min-version 1.3", "--tls-min-version"),
      ("--tls-certificate none", "--tls-certificate"),
    ])
  func lacksTLS(options: String, option: String) {
    #expect(
      problem(of: shellWords("--probe pacs \(options)"))
        == "with --probe, \(option) is only valid for TLS; add --tls")
  }

  @Test("A certificate without its key, and a key without its certificate")
  func pairs() {
    #expect(
      problem(of: shellWords("--probe pacs --tls --tls-certificate c"))
        == "--tls-certificate is missing its --tls-private-key; type both, with the same file if it "
        + "contains both")
    #expect(
      problem(of: shellWords("--probe pacs --tls --tls-private-key k --tls-certificate none"))
        == "--tls-private-key is missing its --tls-certificate; type both, with the same file if it "
        + "contains both")
  }

  @Test("Options of the service are refused with a probe")
  func serving() {
    #expect(
      problem(of: shellWords("--probe pacs --tls-port 2762"))
        == "--tls-port is only for serving, not for --probe; type the port after the host, as in --probe "
        + "pacs:2762 --tls")
    for key in ["tls-device-certificates", "tls-client-certificate", "max-tls-associations"] {
      let value = SettingSample.all.first { $0.key == key }?.usual ?? ""
      #expect(
        problem(of: ["--probe", "--tls", "--\(key)", value])
          == "--\(key) is only for serving, not for --probe; see PROBE in echoscpd(8)")
    }
  }

  @Test("Without --probe, --tls is refused with the settings for serving TLS")
  func alone() {
    #expect(
      problem(of: ["--tls", "2762"])
        == "--tls is only valid with --probe; to serve TLS, use --tls-port, --tls-certificate and "
        + "--tls-private-key")
    #expect(
      problem(of: ["--server-name", "pacs"]) == "--server-name is only valid with --probe")
    #expect(
      problem(of: shellWords("--tls-port 2762 --tls-certificate c --tls-private-key k")) == nil)
  }

  @Test("The settings that a line types are those that the probe uses")
  func typed() throws {
    var line = CommandLineSettings()
    #expect(line.problem(adding: .probe, Array("pacs".utf8)) == nil)
    #expect(line.problem(adding: .tls, "") == nil)
    let crl = try #require(Setting.named("tls-crl"))
    #expect(line.problem(adding: crl, "my crl.pem") == nil && line.wholeProblem == nil)
    #expect(line.probe.isTLS && line.probe.serverName == nil)
    let result = configuration(reading: ("a", "[tls]\ntls-crl = b\ntls-ca-certificates = c"))
      .applying(line)
    #expect(result.settings.tlsCrl == "my crl.pem")
    #expect(result.origin(of: "tls-crl") == .commandLine("--tls-crl"))
    #expect(result.origin(of: "tls-ca-certificates") == .file(path: "a", line: 3))
  }

  @Test("The help lists --tls, but not the options that few people need")
  func help() {
    #expect(Help.text.contains("\n  --tls  ") && Help.text.contains("2762"))
    for option in ProbeOption.allCases {
      #expect(Help.text.contains("--\(option.long)") == option.isListed)
    }
    #expect(ProbePlace.tlsPort == 2762)
  }
}
