import TestKit
import Testing

@testable import TLS

/// Why a handshake fails, from ClientHellos of clients that OpenSSL no longer contains.
@Suite struct FaultReasonsTests {
  static let context = Result { try Party.archive.server() }
  static let contextOf13 = Result {
    try Party.archive.with { $0.requiresTLS13 = true }.server()
  }
  static let contextOfRSA = Result { try Party(.serverRSA, chain: [.issuing]).server() }

  /// A ClientHello, the fault, and the number of the alert in the answer.
  struct Row: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let hello: HelloMessage
    let fault: HandshakeFault?
    let alert: UInt8?
    var requiresTLS13 = false
    var isRSA = false
  }

  /// The suites of the profiles that PS3.15 has retired, and others without forward secrecy or AEAD.
  private static let retired = [0x002F, 0x000A, 0x0035, 0x003C, 0x009C, 0xC013, 0xC009, 0x009E]

  static let rows = [
    Row(testDescription: "TLS 1.2", hello: .tls12, fault: nil, alert: nil),
    Row(testDescription: "TLS 1.3", hello: .tls13, fault: nil, alert: nil),
    Row(
      testDescription: "SSL 3.0 only",
      hello: .tls12.with {
        $0.legacyVersion = 0x0300
        $0.recordVersion = 0x0300
      }, fault: .versionTooOld, alert: 40),
    Row(
      testDescription: "TLS 1.0 only", hello: .tls12.with { $0.legacyVersion = 0x0301 },
      fault: .versionTooOld, alert: 70),
    Row(
      testDescription: "TLS 1.1 only", hello: .tls12.with { $0.legacyVersion = 0x0302 },
      fault: .versionTooOld, alert: 70),
    Row(
      testDescription: "TLS 1.0 and 1.1 in supported_versions",
      hello: .tls13.with { $0.versions = [0x0302, 0x0301] }, fault: .versionTooOld, alert: 70),
    Row(
      testDescription: "TLS 1.2 where 1.3 is required", hello: .tls12, fault: .versionTooOld,
      alert: 70, requiresTLS13: true),
    Row(
      testDescription: "retired suites", hello: .tls12.with { $0.cipherSuites = retired },
      fault: .noCommonCipher, alert: 40),
    Row(
      testDescription: "only suites of TLS 1.3, with TLS 1.2",
      hello: .tls12.with { $0.cipherSuites = [0x1301] }, fault: .noCommonCipher, alert: 40),
    Row(
      testDescription: "TLS 1.3 with an unknown suite",
      hello: .tls13.with {
        $0.versions = [0x0304]
        $0.cipherSuites = [0x13FF]
      }, fault: .noCommonCipher, alert: 40),
    Row(
      testDescription: "TLS 1.2 with suites for an RSA key only",
      hello: .tls12.with { $0.cipherSuites = [0xC02F, 0xC030] }, fault: .noCommonCipher,
      alert: 40),
    Row(
      testDescription: "TLS 1.2 with suites for an ECDSA key only",
      hello: .tls12.with { $0.cipherSuites = [0xC02B] }, fault: .noCommonCipher, alert: 40,
      isRSA: true),
    Row(
      testDescription: "TLS 1.2 with secp256k1 only", hello: .tls12.with { $0.groups = [22] },
      fault: .noCommonGroup, alert: 40),
    Row(
      testDescription: "TLS 1.3 with secp256k1 only",
      hello: .tls13.with {
        $0.groups = [22]
        $0.keyShare = 22
      }, fault: .noCommonGroup, alert: 40),
    Row(
      testDescription: "TLS 1.2 with SHA-1 only",
      hello: .tls12.with { $0.signatureAlgorithms = [0x0201, 0x0203] },
      fault: .noCommonSignatureAlgorithm, alert: 40),
    Row(
      testDescription: "TLS 1.3 with SHA-1 only",
      hello: .tls13.with { $0.signatureAlgorithms = [0x0201, 0x0203] },
      fault: .noCommonSignatureAlgorithm, alert: 40),
    Row(
      testDescription: "TLS 1.2 without signature_algorithms, which means SHA-1",
      hello: .tls12.with { $0.signatureAlgorithms = [] },
      fault: .noCommonSignatureAlgorithm, alert: 40),
    Row(
      testDescription: "a browser",
      hello: .tls13.with { $0.applicationProtocols = ["h2", "http/1.1"] },
      fault: .noCommonApplicationProtocol, alert: 120),
    Row(
      testDescription: "a browser with TLS 1.2 and no common suite",
      hello: .tls12.with {
        $0.applicationProtocols = ["h2"]
        $0.cipherSuites = retired
      }, fault: .noCommonApplicationProtocol, alert: 120),
    Row(
      testDescription: "dicom among others",
      hello: .tls13.with { $0.applicationProtocols = ["h2", "dicom"] }, fault: nil, alert: nil),
    Row(
      testDescription: "a session and a ticket that nobody has",
      hello: .tls12.with {
        $0.sessionID = [UInt8](repeating: 5, count: 32)
        $0.extensions = [(35, [UInt8](repeating: 6, count: 100))]
      }, fault: nil, alert: nil),
    Row(
      testDescription: "a server name that nobody has",
      hello: .tls13.with { $0.serverName = "elsewhere" }, fault: nil, alert: nil),
    Row(
      testDescription: "a hybrid group first", hello: .tls13.with { $0.groups = [0x11EC, 29] },
      fault: nil, alert: nil),
  ]

  @Test(arguments: rows) func aClientHelloHasAFault(_ row: Row) throws {
    let context =
      row.requiresTLS13 ? Self.contextOf13 : row.isRSA ? Self.contextOfRSA : Self.context
    for size in [1, 7, 1 << 14] {
      let server = SessionEndpoint(serverOf: try context.get())
      var answer: [UInt8] = []
      for start in stride(from: 0, to: row.hello.bytes.count, by: size) {
        answer += server.receive(Array(row.hello.bytes[start...].prefix(size)))
      }
      #expect(server.fault == row.fault)
      #expect(HelloMessage.alert(in: answer) == row.alert)
      if row.fault == nil { #expect(answer.first == 22 && answer.count > 500) }
      let hello = server.facts.hello
      #expect(hello?.cipherSuites.map(Int.init) == row.hello.cipherSuites || hello == nil)
      // Nothing more comes out of a session that has failed.
      if row.fault != nil { #expect(server.receive(row.hello.bytes).isEmpty) }
    }
  }

  // MARK: the format of SSL 2

  /// A hello in the format of SSL 2, as old clients send it (RFC 5246 §E.2).
  private static func oldHello(_ version: Int, _ suites: [Int]) -> [UInt8] {
    var list: [UInt8] = []
    for suite in suites { list += [0] + HelloMessage.numbers([suite]) }
    var body: [UInt8] = [1]
    body += HelloMessage.numbers([version, list.count, 0, 32])
    body += list + [UInt8](repeating: 7, count: 32)
    return [0x80, UInt8(body.count)] + body
  }

  @Test(
    arguments: [
      (0x0300, [0x000A, 0x0004], HandshakeFault.versionTooOld),
      (0x0301, [0x000A, 0x002F], .versionTooOld),
      (0x0303, [0x000A, 0x002F], .noCommonCipher),
      (0x0303, [0xC02B, 0x002F], .noCommonSignatureAlgorithm),
    ] as [(Int, [Int], HandshakeFault)])
  func anOldHelloHasAFault(_ version: Int, _ suites: [Int], _ fault: HandshakeFault) throws {
    let bytes = Self.oldHello(version, suites)
    for size in [1, 20, 1 << 14] {
      let server = SessionEndpoint(serverOf: try Self.context.get())
      var answer: [UInt8] = []
      for start in stride(from: 0, to: bytes.count, by: size) {
        if start >= 5 { #expect(server.facts.expected == UInt32(bytes.count)) }
        answer += server.receive(Array(bytes[start...].prefix(size)))
      }
      #expect(server.fault == fault && HelloMessage.alert(in: answer) != nil)
      guard let hello = server.facts.hello else { continue }
      #expect(
        hello.cipherSuites.map(Int.init) == suites && hello.versions.map(Int.init) == [version])
    }
  }

  // MARK: what is not a ClientHello

  @Test(
    arguments: [
      ("a message that is not a ClientHello", HelloMessage.records(22, [2, 0, 0, 2, 3, 3])),
      ("an empty ClientHello", HelloMessage.records(22, [1, 0, 0, 0])),
      ("a ClientHello that is cut off", HelloMessage.records(22, [1, 0, 0, 3, 3, 3, 0])),
      ("application data", HelloMessage.records(23, [1, 2, 3])),
      ("change_cipher_spec", HelloMessage.records(20, [1])),
      ("an unknown type of record", HelloMessage.records(99, [1])),
      ("many empty records", (0..<200).map { [22, 3, 1, 0, 0][$0 % 5] }),
      ("a record that is too long", [22, 3, 1, 0x48, 0x01] + [UInt8](repeating: 0, count: 0x4801)),
      ("another major version", [22, 9, 1, 0, 4, 1, 0, 0, 0]),
      ("HTTP", Array("GET / HTTP/1.1\r\n\r\n".utf8)),
      ("DICOM", [1, 0, 0, 0, 0, 0xCD, 0, 1] + [UInt8](repeating: 0x20, count: 199)),
      ("zeros", [UInt8](repeating: 0, count: 64)),
    ] as [(String, [UInt8])])
  func isNotAHandshake(_ name: String, _ bytes: [UInt8]) throws {
    for size in [1, 1 << 15] {
      let server = SessionEndpoint(serverOf: try Self.context.get())
      for start in stride(from: 0, to: bytes.count, by: size) {
        _ = server.receive(Array(bytes[start...].prefix(size)))
      }
      guard case .other(let error) = server.fault else {
        Issue.record("\(name): \(String(describing: server.fault))")
        continue
      }
      #expect(error.text != "unknown error", "\(name) has no words")
      #expect(server.facts.hello == nil)
    }
  }

  /// A ClientHello that OpenSSL finds too long is not a chain of certificates.
  @Test func aClientHelloThatIsTooLongIsNotAChain() throws {
    let server = SessionEndpoint(serverOf: try Self.context.get())
    _ = server.receive(
      HelloMessage.records(22, [1, 2, 1, 0x45] + [UInt8](repeating: 0, count: 100)))
    guard case .other = server.fault else {
      Issue.record("\(String(describing: server.fault))")
      return
    }
  }
}
