import Settings
import TestKit
import Testing
import UpperLayer

/// The valid values of every setting, including those at the limits.
@Suite struct ValueTests {
  /// A text that is a value, and the resulting settings.
  struct Right: Sendable, CustomTestStringConvertible {
    let key: String
    let text: String
    let expected: Settings
    var testDescription: String { "\(key) = \"\(text.prefix(40))\"" }

    init(_ key: String, _ text: String, _ change: (inout Settings) -> Void) {
      self.key = key
      self.text = text
      var settings = Settings()
      change(&settings)
      expected = settings
    }
  }

  @Test("A valid value is accepted", arguments: levels + ports + addresses + titles + tls)
  func isTaken(row: Right) throws { try expectTaken(row) }

  @Test("A valid number is accepted", arguments: seconds + lengths + counts + sizes + preferences)
  func isTakenAsNumber(row: Right) throws { try expectTaken(row) }

  private func expectTaken(_ row: Right) throws {
    let setting = try #require(Setting.named(row.key))
    var settings = Settings()
    #expect(setting.problem(setting: row.text, &settings) == nil)
    #expect(settings == row.expected)
  }

  @Test("A later value replaces an earlier one, even a list")
  func replaces() throws {
    var settings = Settings()
    for (key, values) in [
      ("port", ["1,2,3", "104"]), ("bind-address", ["::1 127.0.0.1", "::"]),
      ("workers", ["3", "auto"]), ("max-associations", ["3", "auto"]), ("ae-title", ["A", "B"]),
    ] {
      for value in values {
        #expect(try #require(Setting.named(key)).problem(setting: value, &settings) == nil)
      }
    }
    #expect(settings.port == [104])
    #expect(settings.bindAddress == ["::"])
    #expect(settings.workers == nil)
    #expect(settings.maxAssociations == nil)
    #expect(settings.aeTitle == .named("B"))
  }

  static let levels = [
    Right("log-level", "none") { $0.logLevel = .none },
    Right("log-level", "critical") { $0.logLevel = .critical },
    Right("log-level", "error") { $0.logLevel = .error },
    Right("log-level", "warning") { $0.logLevel = .warning },
    Right("log-level", "warn") { $0.logLevel = .warning },
    Right("log-level", "info") { $0.logLevel = .info },
    Right("log-level", "debug") { $0.logLevel = .debug },
    Right("log-level", "auto") { $0.logLevel = .auto },
    Right("log-target", "auto") { $0.logTarget = .auto },
    Right("log-target", "journal") { $0.logTarget = .journal },
    Right("log-target", "stderr") { $0.logTarget = .stderr },
    Right("log-pdus", "yes") { $0.logPdus = true },
    Right("log-pdus", "no") { $0.logPdus = false },
    Right("user", "none") { $0.user = nil },
    Right("user", "nobody") { $0.user = "nobody" },
    Right("user", "_J.Doe-2") { $0.user = "_J.Doe-2" },
    Right("core-dumps", "yes") { $0.coreDumps = true },
    Right("core-dumps", "no") { $0.coreDumps = false },
  ]

  static let ports = [
    Right("port", "1") { $0.port = [1] },
    Right("port", "104") { $0.port = [104] },
    Right("port", "00104") { $0.port = [104] },
    Right("port", "65535") { $0.port = [65535] },
    Right("port", "104,11112") { $0.port = [104, 11112] },
    Right("port", "104 11112") { $0.port = [104, 11112] },
    Right("port", " 104 ,\t11112, ") { $0.port = [104, 11112] },
    Right("port", "3,2,1") { $0.port = [3, 2, 1] },
  ]

  static let addresses = [
    Right("bind-address", "127.0.0.1") { $0.bindAddress = ["127.0.0.1"] },
    Right("bind-address", "0.0.0.0") { $0.bindAddress = ["0.0.0.0"] },
    Right("bind-address", "::") { $0.bindAddress = ["::"] },
    Right("bind-address", "fe80::1%lo") { $0.bindAddress = ["fe80::1%lo"] },
    Right("bind-address", "127.0.0.1,::1") { $0.bindAddress = ["127.0.0.1", "::1"] },
    Right("bind-address", "all") { $0.bindAddress = [] },
    Right("bind-address", "") { $0.bindAddress = [] },
    Right("bind-address", "\"::1\",\t192.0.2.1") { $0.bindAddress = ["::1", "192.0.2.1"] },
    Right("bind-address", "::1 192.0.2.1") { $0.bindAddress = ["::1", "192.0.2.1"] },
  ]

  static let titles = [
    Right("allow-calling-ae-titles", "all") { $0.allowCallingAeTitles = [] },
    Right("allow-calling-ae-titles", "CT*, MR?") {
      $0.allowCallingAeTitles = patterns("CT*", "MR?")
    },
    Right("allow-calling-ae-titles", "\"CT 1\" \"a,b\"") {
      $0.allowCallingAeTitles = patterns("CT 1", "a,b")
    },
    Right("allow-calling-ae-titles", "A\"B \"C\"\"D\"") {
      $0.allowCallingAeTitles = patterns("A\"B", "C\"D")
    },
    Right("ae-title", "A") { $0.aeTitle = .named("A") },
    Right("ae-title", "ECHO SCP") { $0.aeTitle = .named("ECHO SCP") },
    Right("ae-title", "sixteen.letters!") { $0.aeTitle = .named("sixteen.letters!") },
    Right("ae-title", " !\"#$%&'()*+,-./") { $0.aeTitle = .named(" !\"#$%&'()*+,-./") },
    Right("ae-title", "0:;<=>?@Z[]^_`{~") { $0.aeTitle = .named("0:;<=>?@Z[]^_`{~") },
  ]

  static let tls = [
    Right("tls-port", "none") { $0.tlsPort = [] },
    Right("tls-port", "2762") { $0.tlsPort = [2762] },
    Right("tls-port", "2762 2763") { $0.tlsPort = [2762, 2763] },
    Right("tls-certificate", "none") { $0.tlsCertificate = nil },
    Right("tls-certificate", "/etc/echoscp/my tls.pem") {
      $0.tlsCertificate = "/etc/echoscp/my tls.pem"
    },
    Right("tls-private-key", "key.pem") { $0.tlsPrivateKey = "key.pem" },
    Right("tls-ca-certificates", "/etc/ssl/certs/") { $0.tlsCaCertificates = "/etc/ssl/certs/" },
    Right("tls-device-certificates", "./none") { $0.tlsDeviceCertificates = "./none" },
    Right("tls-crl", "Größe.pem") { $0.tlsCrl = "Größe.pem" },
    Right("tls-client-certificate", "require") { $0.tlsClientCertificate = .require },
    Right("tls-client-certificate", "request") { $0.tlsClientCertificate = .request },
    Right("tls-client-certificate", "no") { $0.tlsClientCertificate = .no },
    Right("tls-min-version", "1.2") { $0.tlsMinVersion = .v12 },
    Right("tls-min-version", "tls1.2") { $0.tlsMinVersion = .v12 },
    Right("tls-min-version", "TLSv1.2") { $0.tlsMinVersion = .v12 },
    Right("tls-min-version", "TLSv1.3") { $0.tlsMinVersion = .v13 },
    Right("tls-min-version", "1.3") { $0.tlsMinVersion = .v13 },
    Right("max-tls-associations", "1") { $0.maxTlsAssociations = 1 },
    Right("max-tls-associations", "10000000") { $0.maxTlsAssociations = 10_000_000 },
  ]

  static let seconds: [Right] =
    [
      ("0", 0), ("0.0", 0), ("0.0004", 1), ("0.001", 1), ("0.0015", 2), ("0.5", 500), (".5", 500),
      ("1", 1000), ("1.", 1000), ("1.0004", 1000), ("1.0006", 1001), ("30", 30_000),
      ("0030", 30_000), ("999999.999", 999_999_999), ("1000000", 1_000_000_000),
      ("1000000.0", 1_000_000_000),
    ].flatMap { (text: String, milliseconds: UInt32) in
      [
        Right("acse-timeout", text) { $0.acseTimeout = milliseconds },
        Right("dimse-timeout", text) { $0.dimseTimeout = milliseconds },
        Right("network-timeout", text) { $0.networkTimeout = milliseconds },
        Right("drain-timeout", text) { $0.drainTimeout = milliseconds },
      ]
    }

  static let lengths = [
    Right("max-pdu", "0") { $0.maxPdu = 0 },
    Right("max-pdu", "16") { $0.maxPdu = 16 },
    Right("max-pdu", "16384") { $0.maxPdu = 16384 },
    Right("max-pdu", "4294967295") { $0.maxPdu = .max },
  ]

  static let counts = [
    Right("workers", "auto") { $0.workers = nil },
    Right("workers", "1") { $0.workers = 1 },
    Right("workers", "64") { $0.workers = 64 },
    Right("max-associations", "auto") { $0.maxAssociations = nil },
    Right("max-associations", "1") { $0.maxAssociations = 1 },
    Right("max-associations", "10000000") { $0.maxAssociations = 10_000_000 },
    Right("max-associations-per-address", "0") { $0.maxAssociationsPerAddress = 0 },
    Right("max-associations-per-address", "5") { $0.maxAssociationsPerAddress = 5 },
    Right("max-pending", "auto") { $0.maxPending = nil },
    Right("max-pending", "7") { $0.maxPending = 7 },
    Right("max-pending-per-address", "0") { $0.maxPendingPerAddress = 0 },
    Right("max-connection-rate", "1000000") { $0.maxConnectionRate = 1_000_000 },
    Right("max-pdus-per-wakeup", "1") { $0.maxPdusPerWakeup = 1 },
  ]

  static let sizes = [
    Right("partial-pdu-memory", "65536") { $0.partialPduMemory = 65_536 },
    Right("partial-pdu-memory", "64K") { $0.partialPduMemory = 65_536 },
    Right("partial-pdu-memory", "0100M") { $0.partialPduMemory = 104_857_600 },
    Right("partial-pdu-memory", "1024G") { $0.partialPduMemory = 1 << 40 },
    Right("max-bytes-per-wakeup", "4096") { $0.maxBytesPerWakeup = 4096 },
    Right("max-bytes-per-wakeup", "64K") { $0.maxBytesPerWakeup = 65_536 },
    Right("max-unread", "16384") { $0.maxUnread = 16_384 },
    Right("max-unread", "16M") { $0.maxUnread = 16 << 20 },
  ]

  static let preferences = [
    Right("prefer", "none") { $0.prefer = .none },
    Right("prefer", "uncompressed") { $0.prefer = .uncompressed },
    Right("prefer", "little") { $0.prefer = .little },
    Right("prefer", "big") { $0.prefer = .big },
    Right("prefer", "implicit") { $0.prefer = .implicit },
  ]
}
