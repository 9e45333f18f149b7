import FoundationEssentials
import TestKit
import Testing

/// Checks the invariants of ``HandshakeRehearsal`` for the inputs of the fuzz target, unchanged and with some bytes
/// changed.
///
/// `ECHOSCPD_SEEDS=FOLDER swift test --disable-xctest --filter HandshakeCorpusTests` writes new inputs to begin with.
@Suite struct HandshakeCorpusTests {
  private static let corpus = "\(#filePath)".replacing(
    "TLSTests/HandshakeCorpusTests.swift", with: "Fuzz/Corpus/FuzzHandshakes")

  private static func inputs() throws -> [(name: String, bytes: [UInt8])] {
    try FileManager.default.contentsOfDirectory(atPath: corpus).sorted().map { name in
      (name, [UInt8](try Data(contentsOf: URL(filePath: "\(corpus)/\(name)"))))
    }
  }

  @Test func theCorpusIsRehearsed() throws {
    let inputs = try Self.inputs()
    #expect(inputs.count >= 50)
    for (name, bytes) in inputs { Self.rehearse(bytes, name) }
  }

  @Test func theChangedCorpusIsRehearsed() throws {
    var random = Random(seed: 6)
    for (name, bytes) in try Self.inputs() where bytes.count > 2 {
      for _ in 0..<4 {
        var changed = bytes
        for _ in 0...random.next(below: 3) {
          let index = 1 + random.next(below: changed.count - 1)
          changed[index] = UInt8(random.next(below: random.next(below: 2) == 0 ? 10 : 256))
        }
        Self.rehearse(changed, "\(name), changed to \(changed)")
      }
    }
  }

  private static func rehearse(_ bytes: [UInt8], _ name: String) {
    do throws(Rehearsal.Violation) {
      try HandshakeRehearsal.check(bytes)
    } catch {
      Issue.record("\(name): \(error)")
    }
  }

  // MARK: new inputs

  private static let seeds = ProcessInfo.processInfo.environment["ECHOSCPD_SEEDS"]

  @Test(.enabled(if: seeds != nil, "ECHOSCPD_SEEDS names no folder"))
  func newInputsAreWritten() throws {
    let folder = try #require(Self.seeds)
    for (name, bytes) in Self.hellos + Self.certificates + Self.streams + Self.steps {
      try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
    }
  }

  /// The parts of a ClientHello.
  private static let hellos: [(String, [UInt8])] = [
    ("hello-empty", []),
    ("hello-suites", [3, 3] + HelloMessage.vector(HelloMessage.numbers([0x1301, 0xC02B, 0xFF]))),
    (
      "hello-grease",
      [3, 3] + HelloMessage.vector(HelloMessage.numbers([0x0A0A, 0x5600, 0x002F]))
        + part(4, HelloMessage.vector(HelloMessage.numbers([0xFAFA, 0x0304, 0x0303]), 1))
        + part(4, HelloMessage.vector(HelloMessage.numbers([0x2A2A]), 1))
    ),
    ("hello-server-name", [3, 1, 0, 0] + part(0, HelloMessage.serverName(Array("archive".utf8)))),
    ("hello-other-name", [3, 1, 0, 0] + part(0, [0, 4, 1, 0, 1, 0x61]) + part(0, [0, 9, 0, 0])),
    (
      "hello-lists",
      [3, 3, 0, 0] + part(1, HelloMessage.vector(HelloMessage.numbers([29, 23])))
        + part(2, HelloMessage.vector(HelloMessage.numbers([0x0403, 0x0804])))
    ),
    (
      "hello-protocols",
      [3, 3, 0, 0] + part(3, HelloMessage.protocols([Array("h2".utf8), Array("dicom".utf8)]))
        + part(3, HelloMessage.protocols([[], [0]])) + part(3, [0, 9, 4, 0x64])
    ),
    (
      "hello-many",
      [3, 3] + HelloMessage.vector(HelloMessage.numbers(Array(1...150)))
        + part(3, HelloMessage.protocols([[UInt8]](repeating: [1], count: 140)))
    ),
  ].map { ($0, [0] + $1) }

  private static func part(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
    [number] + HelloMessage.vector(body)
  }

  /// Certificates of clients.
  private static let certificates: [(String, [UInt8])] = {
    let names = CertificateProfile("CT 1").with {
      $0.alternativeNames =
        "DNS:ct1.hospital.example,URI:urn:dicom:ct1,IP:192.0.2.1,email:a@b.example"
    }
    let many = CertificateProfile("many").with {
      $0.commonNames = (0..<70).map { Array("CT\($0)".utf8) }
      $0.alternativeNames = (0..<70).map { "DNS:d\($0),URI:u:\($0)" }.joined(separator: ",")
    }
    let raw = { (value: [UInt8]) in
      CertificateProfile("raw").with { $0.extensions = [.init("2.5.29.17", value)] }
    }
    let identities: [(String, Identity)] = [
      ("ca", .ca), ("device", .device), ("ct1", .ct1), ("any-use", .anyUse), ("rsa-1024", .rsa1024),
      ("expired", .expired), ("not-yet-valid", .notYetValid), ("other", .other),
      ("false", .falselyIssued), ("server-only", .serverOnly), ("critical", .critical),
      ("timeless", .timeless), ("names", Identity(names, by: .ca)), ("many-names", Identity(many)),
      ("nul", Identity(CertificateProfile("CT1\0.evil"))),
      ("control", Identity(CertificateProfile("CT1\n\u{1B}[2J"))),
      ("utf-8", Identity(CertificateProfile("Röntgen, 1"))),
      ("sha-1", Identity(CertificateProfile("SHA-1").with { $0.usesSHA1 = true }, by: .ca)),
      ("no-names", Identity(raw([0x30, 0]))),
      ("damaged-names", Identity(raw([0x30, 3, 0x82, 0x7F]))),
      ("usual-end", Identity(CertificateProfile("x").with { $0.endText = "99991231235959Z" })),
    ]
    return identities.map { ("certificate-\($0)", [1] + $1.der) } + [("certificate-none", [1])]
  }()

  /// Connections of clients, each with a byte for the server and the division.
  private static let streams: [(String, [UInt8])] = {
    let alert = HelloMessage.records(21, [2, 48])
    let both = HelloMessage.tls13.with {
      $0.applicationProtocols = ["h2", "dicom"]
      $0.serverName = "archive.hospital.example"
      $0.sessionID = [UInt8](repeating: 7, count: 32)
    }
    let hellos: [(String, HelloMessage)] = [
      ("tls-1.2", .tls12), ("tls-1.3", .tls13), ("both", both),
      ("ssl-3.0", .tls12.with { ($0.legacyVersion, $0.recordVersion) = (0x0300, 0x0300) }),
      ("tls-1.0", .tls12.with { $0.legacyVersion = 0x0301 }),
      ("retired", .tls12.with { $0.cipherSuites = [0x002F, 0x000A, 0x0035, 0x00FF] }),
      ("group", .tls12.with { $0.groups = [22] }),
      ("group-1.3", .tls13.with { ($0.groups, $0.keyShare) = ([22], 22) }),
      ("retry", .tls13.with { ($0.groups, $0.keyShare) = ([0x11EC, 23], 0x11EC) }),
      ("sha-1", .tls12.with { $0.signatureAlgorithms = [0x0201, 0x0203] }),
      ("sha-1-1.3", .tls13.with { $0.signatureAlgorithms = [0x0201] }),
      ("no-algorithms", .tls12.with { $0.signatureAlgorithms = [] }),
      ("browser", .tls13.with { $0.applicationProtocols = ["h2", "http/1.1"] }),
      ("no-extensions", .tls12.with { ($0.groups, $0.signatureAlgorithms) = ([], []) }),
      ("padded", .tls13.with { $0.extensions = [(21, [UInt8](repeating: 0, count: 1200))] }),
      ("ticket", .tls12.with { $0.extensions = [(35, [UInt8](repeating: 6, count: 100))] }),
    ]
    let chain = HelloMessage.vector(
      HelloMessage.vector(Identity.ct1.der, 3) + HelloMessage.vector(Identity.ca.der, 3), 3)
    let key = [16] + HelloMessage.vector(HelloMessage.vector(HelloMessage.generator, 1), 3)
    let certificate =
      HelloMessage.tls12.with { $0.groups = [23] }.bytes
      + HelloMessage.records(22, [11] + HelloMessage.vector(chain, 3))
    let more: [(String, [UInt8])] = [
      ("alert", HelloMessage.tls12.bytes + alert), ("alert-1.3", HelloMessage.tls13.bytes + alert),
      ("alert-first", alert),
      ("warning", HelloMessage.tls12.bytes + HelloMessage.records(21, [1, 112])),
      ("closed", HelloMessage.tls12.bytes + HelloMessage.records(21, [1, 0])),
      ("http", Array("GET / HTTP/1.1\r\n\r\n".utf8)),
      ("dicom", [1, 0, 0, 0, 0, 0xCD, 0, 1] + [UInt8](repeating: 0x20, count: 70)),
      ("many-records", HelloMessage.records(22, HelloMessage.tls13.message, most: 20)),
      ("too-long", HelloMessage.records(22, [1, 2, 1, 0x45] + [UInt8](repeating: 0, count: 40))),
      ("empty-records", (0..<200).map { [22, 3, 1, 0, 0][$0 % 5] }),
      ("sslv2", [0x80, 0x2E, 1, 3, 3, 0, 0x15, 0, 0, 0, 0x10] + [UInt8](repeating: 3, count: 37)),
      ("certificate", certificate),
      (
        "no-certificate",
        HelloMessage.tls12.bytes
          + HelloMessage.records(22, [11, 0, 0, 3, 0, 0, 0])
      ),
      (
        "finished",
        certificate + HelloMessage.records(22, key)
          + HelloMessage.records(
            22,
            [15, 0, 0, 8]
              + [4, 3, 0, 4, 0x30, 2, 2, 0]) + HelloMessage.records(20, [1])
          + HelloMessage.records(22, [UInt8](repeating: 9, count: 40))
      ),
    ]
    let all = hellos.map { ($0, $1.bytes) } + more
    return all.enumerated().map { number, one in
      ("stream-\(one.0)", [2, UInt8(4 * number)] + one.1)
    } + [
      ("stream-strict", [2, 1] + certificate),
      ("stream-1.3-only", [2, 3] + HelloMessage.tls12.bytes),
    ]
  }()

  /// What two sessions do.
  private static let steps: [(String, [UInt8])] = [
    ("data-none", []), ("data-echo", [0, 1, 2, 255, 1, 1, 3, 255]),
    ("data-long", [0, 255, 2, 127, 2, 127, 1, 255, 3, 100, 3, 255]),
    ("data-pieces", [0, 2, 4, 3, 4, 5, 5, 0, 4, 200, 0, 1, 0, 1, 4, 100]),
    ("data-closed", [0, 1, 6, 0, 4, 50, 1, 3, 7, 0, 0, 1, 1, 1]),
    ("data-changed", [0, 3, 8, 77, 2, 255, 0, 1, 1, 1]),
    ("data-changed-end", [6, 0, 8, 3, 2, 255]),
    ("data-idle", [5, 0, 0, 1, 2, 255, 5, 0, 1, 1, 5, 1]),
  ].map { ($0, [3] + $1) }
}
