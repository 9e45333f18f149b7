import Linux
import TestKit
import Testing
import UpperLayer

@testable import Settings

/// `--dump-config`: its output is a configuration file with the same settings.
@Suite struct ConfigurationDumpTests {
  @Test("The dump of the defaults marks each as a default")
  func defaults() {
    let lines = Configuration().dump.split(separator: "\n")
    for setting in Setting.all {
      let line = lines.first { $0.hasPrefix("\(setting.key) = \(setting.defaultText) ") }
      #expect(line?.hasSuffix("  # default") == true, "\(setting.key)")
    }
    #expect(lines.count { $0.hasPrefix("[") } == Setting.Section.allCases.count)
    expectSame(Configuration())
  }

  @Test("The origin of a value is its line, however odd the name of its file")
  func origins() {
    let result = configuration(
      reading: ("/etc/a b\n[x]\u{1B}#\".conf", "[network]\n\nport = 104"))
    let line = result.dump.split(separator: "\n").first { $0.hasPrefix("port") }
    #expect(line?.hasPrefix("port = 104  ") == true)
    #expect(line?.hasSuffix("  # /etc/a b\\n[x]\\u{1B}#\".conf:3") == true)
    expectSame(result)
  }

  @Test(
    "The dump quotes values that a file must quote",
    arguments: [
      ("ae-title", " A"), ("ae-title", "A #1"), ("ae-title", "#"), ("ae-title", ";A"),
      ("ae-title", "\""), ("ae-title", "\"A\""), ("ae-title", "A\"B"), ("ae-title", "A "),
      ("ae-title", "A, B"), ("ae-title", "[A] = B"), ("ae-title", "all"),
      ("allow-calling-ae-titles", "all"), ("allow-calling-ae-titles", "\"all\""),
      ("allow-calling-ae-titles", "\"all\", all"), ("allow-calling-ae-titles", "A, all"),
      ("allow-calling-ae-titles", "\"A #\" \"\"\"\" \"#\" \" ,\" *?"),
      ("bind-address", "all"), ("bind-address", "::1,fe80::1%lo"), ("port", "1,2,3"),
      ("tls-port", "none"), ("tls-port", "2762,2763"), ("tls-certificate", "/srv/my files/a.pem"),
      ("tls-certificate", " a"), ("tls-private-key", "a #1"), ("tls-crl", "a ;b"),
      ("tls-crl", "a, b "),
      ("tls-ca-certificates", "#"), ("tls-ca-certificates", "./none"),
      ("tls-min-version", "TLSv1.3"),
    ])
  func quotation(key: String, value: String) throws {
    var line = CommandLineSettings()
    #expect(line.problem(adding: try #require(Setting.named(key)), value) == nil)
    var configuration = Configuration()
    configuration.apply(line)
    expectSame(configuration)
  }

  @Test("The title \"all\" restricts callers to itself, and its dump does, too")
  func titleAll() {
    let result = configuration(reading: ("a", "[access]\nallow-calling-ae-titles = \"all\""))
    #expect(result.problems == [])
    #expect(result.settings.allowCallingAeTitles == patterns("all"))
    #expect(result.dump.contains("allow-calling-ae-titles = \"all\" "))
  }

  @Test("Random settings are read from their dump unchanged")
  func randomSettings() throws {
    var random = Random(seed: 42)
    var seen: [String: Set<String>] = [:]
    for _ in 0..<2000 {
      let settings = Self.settings(&random)
      var configuration = Configuration()
      var line = CommandLineSettings()
      for setting in Setting.all {
        let text = setting.text(settings)
        seen[setting.key, default: []].insert(text)
        // The option has no quotation marks around its title or the name of a file.
        let isQuoted = !setting.isList && text.hasPrefix("\"")
        let value = isQuoted ? try ConfigurationLine.value(text, Traits(isTitle: true)) : text
        #expect(line.problem(adding: setting, value) == nil, "\(setting.key) = \(value)")
      }
      configuration.apply(line)
      #expect(configuration.settings == settings)
      expectSame(configuration)
    }
    for setting in Setting.all { #expect(seen[setting.key, default: []].count > 1) }
  }

  private static func settings(_ random: inout Random) -> Settings {
    var settings = Settings()
    for sample in SettingSample.all {
      let value = element(of: [sample.usual] + sample.values, &random)
      try? Setting.named(sample.key)?.set(value, &settings)
    }
    settings.logLevel = element(of: LogLevel.allCases, &random)
    settings.logTarget = element(of: LogTarget.allCases, &random)
    settings.logPdus = random.next(below: 2) == 0
    settings.user = element(of: [nil, "nobody", "J.Doe", "_echo-scp"], &random)
    settings.coreDumps = random.next(below: 2) == 0
    settings.port = list(1...4, &random) { UInt16(1 + $0.next(below: 65535)) }
    settings.bindAddress = list(0...3, &random) {
      element(of: ["127.0.0.1", "::1", "::", "0.0.0.0", "fe80::1%lo", "2001:db8::104"], &$0)
    }
    settings.aeTitle = .named(title(&random))
    settings.acseTimeout = milliseconds(&random)
    settings.dimseTimeout = milliseconds(&random)
    settings.networkTimeout = milliseconds(&random)
    settings.maxPdu = element(
      of: [0, 16, UInt32.max, 16 + UInt32(random.next(below: 1 << 31))], &random)
    settings.workers = element(of: [nil, 1 + random.next(below: 64)], &random)
    settings.drainTimeout = milliseconds(&random)
    settings.prefer = element(of: TransferSyntaxPreference.allCases, &random)
    settings.requireCalledAeTitle = random.next(below: 2) == 0
    settings.allowCallingAeTitles = list(0...4, &random) { AETitlePattern(title(&$0))! }
    settings.allowAddresses = list(0...3, &random, range)
    settings.denyAddresses = list(0...3, &random, range)
    settings.tlsPort = list(0...3, &random) { UInt16(1 + $0.next(below: 65535)) }
    settings.tlsCertificate = fileName(&random)
    settings.tlsPrivateKey = fileName(&random)
    settings.tlsCaCertificates = fileName(&random)
    settings.tlsDeviceCertificates = fileName(&random)
    settings.tlsCrl = fileName(&random)
    settings.tlsClientCertificate = element(of: ClientCertificateMode.allCases, &random)
    settings.tlsMinVersion = element(of: TLSVersion.allCases, &random)
    settings.maxTlsAssociations = 1 + random.next(below: 10_000_000)
    settings.proxyPort = list(0...3, &random) { UInt16(1 + $0.next(below: 65535)) }
    settings.tlsProxyPort = list(0...3, &random) { UInt16(1 + $0.next(below: 65535)) }
    settings.proxyTrusted = list(0...3, &random, range)
    settings.maxAssociations = element(of: [nil, 1 + random.next(below: 10_000_000)], &random)
    settings.maxAssociationsPerAddress = random.next(below: 10_000_001)
    settings.maxPending = element(of: [nil, 1 + random.next(below: 10_000_000)], &random)
    settings.maxPendingPerAddress = random.next(below: 10_000_001)
    settings.maxConnectionRate = random.next(below: 1_000_001)
    settings.partialPduMemory = (64 << random.next(below: 24)) << 10 | random.next(below: 2)
    settings.maxPdusPerWakeup = 1 + random.next(below: 1_000_000)
    settings.maxBytesPerWakeup = 4096 + random.next(below: 61_441)
    settings.maxUnread = 16_384 + random.next(below: 1 << 23)
    return settings
  }

  /// A random title of awkward characters.
  private static func title(_ random: inout Random) -> String {
    let all = (0x20...0x7E).filter { $0 != 0x5C }.map { UInt8($0) }
    let awkward = Array(" \"#;,=[]*?al".utf8)
    while true {
      let bytes = list(1...16, &random) { random in
        element(of: random.next(below: 3) == 0 ? all : awkward, &random)
      }
      let title = String(decoding: bytes, as: UTF8.self)
      if bytes.contains(where: { $0 != 0x20 }) { return title }
    }
  }

  /// A random name of a file, of awkward characters, or `nil`.
  private static func fileName(_ random: inout Random) -> String? {
    let all: [Unicode.Scalar] = [
      "a", "/", ".", " ", " ", "#", ";", ",", "=", "[", "]", "\"", "~", "ä",
    ]
    while true {
      var name = String.UnicodeScalarView()
      for _ in 0..<random.next(below: 9) { name.append(element(of: all, &random)) }
      if name.isEmpty { return nil }
      if FileName.accepts(String(name)) { return String(name) }
    }
  }

  /// A random network with an IPv4 or IPv6 prefix of any length.
  private static func range(_ random: inout Random) -> AddressRange {
    let prefix = random.next(below: 33)
    // That many leading ones are always a network of that length.
    let bits = UInt32(truncatingIfNeeded: (0xFFFF_FFFF as UInt64) << UInt64(32 - prefix))
    let text =
      random.next(below: 2) == 0
      ? "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)/\(prefix)"
      : "\(String(bits >> 16, radix: 16)):\(String(bits & 0xFFFF, radix: 16))::/\(prefix)"
    guard let range = try? AddressRange(text) else { fatalError(text) }
    return range
  }

  private static func milliseconds(_ random: inout Random) -> UInt32 {
    let most = element(of: [1, 1000, 60_000, 1_000_000_001], &random)
    return UInt32(random.next(below: most))
  }

  private static func element<T>(of all: [T], _ random: inout Random) -> T {
    all[random.next(below: all.count)]
  }

  private static func list<T>(
    _ counts: ClosedRange<Int>, _ random: inout Random, _ make: (inout Random) -> T
  ) -> [T] {
    let count = counts.lowerBound + random.next(below: counts.count)
    return (0..<count).map { _ in make(&random) }
  }

  /// Expects the dump to be read as the same settings.
  private func expectSame(_ original: Configuration) {
    let again = configuration(reading: ("dump", original.dump))
    #expect(again.problems == [])
    #expect(again.settings == original.settings, "\(original.dump)")
    for setting in Setting.all { #expect(again.origin(of: setting.key) != .builtIn) }
  }
}
