import Testing

@testable import Settings

/// Contradictions between settings that come from several sources: each is reported at the origin of one of them.
@Suite struct ContradictionTests {
  /// The configuration of the files and then of the command line with these options.
  private func whole(
    _ files: (path: String, text: String)..., options: [(key: String, value: String)] = []
  ) throws -> Configuration {
    var result = Configuration()
    for (path, text) in files { result.read(path, Array(text.utf8)) }
    #expect(result.problems == [])
    var line = CommandLineSettings()
    for (key, value) in options {
      #expect(line.problem(adding: try #require(Setting.named(key)), value) == nil)
    }
    #expect(line.wholeProblem == nil)
    result.apply(line)
    return result
  }

  private static let pair = "[tls]\ntls-certificate = c.pem\ntls-private-key = k.pem\n"

  @Test("A certificate without its key, and a key without its certificate")
  func pairs() throws {
    #expect(
      try whole(("a", "[tls]\n\ntls-certificate = c.pem")).problems == [
        "a:3: tls-certificate: is set without tls-private-key; set both, to the same file if it contains "
          + "both"
      ])
    #expect(
      try whole(("a", "[tls]\ntls-private-key = k.pem")).problems == [
        "a:2: tls-private-key: is set without tls-certificate; set both, to the same file if it contains "
          + "both"
      ])
    #expect(
      try whole(options: [("tls-certificate", "c.pem")]).problems == [
        "--tls-certificate: is set without tls-private-key; set both, to the same file if it contains both"
      ])
    #expect(try whole(("a", Self.pair)).problems == [])
  }

  @Test("A later source may complete an earlier one, or undo it")
  func sources() throws {
    let (certificate, key) = ("[tls]\ntls-certificate = c.pem", "[tls]\ntls-private-key = k.pem")
    #expect(try whole(("a", certificate), ("b", key)).problems == [])
    #expect(try whole(("a", certificate), options: [("tls-private-key", "k.pem")]).problems == [])
    #expect(try whole(("a", certificate), options: [("tls-certificate", "none")]).problems == [])
    #expect(
      try whole(("a", Self.pair), options: [("tls-private-key", "none")]).problems == [
        "a:2: tls-certificate: is set without tls-private-key; set both, to the same file if it contains "
          + "both"
      ])
  }

  @Test("A TLS port without a certificate")
  func port() throws {
    #expect(
      try whole(("a", "[tls]\ntls-port = 2762")).problems == [
        "a:2: tls-port: needs a certificate; set tls-certificate and tls-private-key"
      ])
    #expect(
      try whole(options: [("tls-port", "2762")]).problems == [
        "--tls-port: needs a certificate; set tls-certificate and tls-private-key"
      ])
    #expect(try whole(("a", "\(Self.pair)tls-port = 2762")).problems == [])
    #expect(try whole(("a", "[tls]\ntls-port = none")).problems == [])
  }

  @Test("The same port for plain DICOM and TLS; the message has both origins")
  func samePort() throws {
    #expect(
      try whole(("a", "\(Self.pair)tls-port = 2762, 11112")).problems
        == ["a:4: tls-port: 11112 is also in port (default); remove it from one of them"])
    #expect(
      try whole(("a", "[network]\nport = 2762"), ("b", "\(Self.pair)tls-port = 2762")).problems
        == ["b:4: tls-port: 2762 is also in port (a:2); remove it from one of them"])
    #expect(
      try whole(
        ("a", Self.pair), options: [("tls-port", "2762"), ("port", "104,2762")]
      ).problems == [
        "--tls-port: 2762 is also in port (command line: --port); remove it from one of them"
      ])
  }

  @Test("A port for load balancers that trusts none, or for TLS without a certificate")
  func proxies() throws {
    let nobody = "accepts nobody; set proxy-trusted to the addresses of the load balancers"
    #expect(
      try whole(("a", "[proxy]\nproxy-port = 7")).problems == ["a:2: proxy-port: \(nobody)"])
    #expect(
      try whole(("a", "\(Self.pair)[proxy]\ntls-proxy-port = 7")).problems
        == ["a:5: tls-proxy-port: \(nobody)"])
    let trust = "[proxy]\nproxy-trusted = 192.0.2.1"
    #expect(try whole(("a", "[proxy]\nproxy-port = 7"), ("b", trust)).problems == [])
    #expect(
      try whole(("a", "\(trust)\ntls-proxy-port = 7")).problems == [
        "a:3: tls-proxy-port: needs a certificate; set tls-certificate and tls-private-key"
      ])
    #expect(
      try whole(("a", "\(Self.pair)tls-port = 7\n\(trust)\nproxy-port = 7, 8\ntls-proxy-port = 8"))
        .problems
        == [
          "a:7: proxy-port: 7 is also in tls-port (a:4); remove it from one of them",
          "a:8: tls-proxy-port: 8 is also in proxy-port (a:7); remove it from one of them",
        ])
  }

  @Test("A client certificate is required, but none is trusted")
  func require() throws {
    let text = "\(Self.pair)tls-client-certificate = require\n"
    #expect(
      try whole(("a", text)).problems == [
        "a:4: tls-client-certificate: require trusts no certificate; set tls-ca-certificates or "
          + "tls-device-certificates, or use request"
      ])
    for key in ["tls-ca-certificates", "tls-device-certificates"] {
      #expect(try whole(("a", "\(text)\(key) = x")).problems == [])
      #expect(try whole(("a", text), options: [(key, "x")]).problems == [])
    }
    #expect(try whole(options: [("tls-client-certificate", "no")]).problems == [])
  }

  @Test("All contradictions are reported at once, after the errors in the files")
  func several() throws {
    var result = configuration(
      reading: (
        "a",
        """
        [tls]
        tls-port = 11112
        tls-private-key = k
        tls-client-certificate = require
        colour = red
        """
      ))
    #expect(result.problems.map { $0.prefix { $0 != " " } } == ["a:5:"])
    result.apply(CommandLineSettings())
    let all: [Substring] = ["a:5:", "a:3:", "a:2:", "a:2:", "a:4:"]
    #expect(result.problems.map { $0.prefix { $0 != " " } } == all)
    // Applied again, they are not there twice.
    #expect(result.applying(CommandLineSettings()).problems == result.problems)
  }

  @Test("A setting with an error of its own is in no contradiction")
  func ownErrors() {
    for text in [
      "[tls]\ntls-certificate = ~/c.pem\ntls-private-key = k.pem\ntls-port = 2762",
      "[tls]\ntls-client-certificate = require\ntls-ca-certificates = \\",
    ] {
      var result = configuration(reading: ("a", text))
      #expect(result.problems.count == 1)
      result.apply(CommandLineSettings())
      #expect(result.problems.count == 1)
    }
  }

  @Test("Before the command line is applied, nothing is known to be missing")
  func unfinished() {
    #expect(configuration(reading: ("a", "[tls]\ntls-port = 2762")).problems == [])
    #expect(Configuration().applying(CommandLineSettings()).problems == [])
  }

  @Test("A hundred thousand ports are compared quickly")
  func manyPorts() throws {
    let ports = (0..<100_000).map { "\($0 % 30_000 + 1)" }.joined(separator: ",")
    let others = (0..<100_000).map { "\($0 % 30_000 + 30_002)" }.joined(separator: ",")
    let text = "[network]\nport = \(ports)\n\(Self.pair)tls-port = \(others)"
    #expect(try whole(("a", text)).problems == [])
  }
}
