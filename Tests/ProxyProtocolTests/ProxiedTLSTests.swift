import TestKit
import Testing

@testable import ProxyProtocol

/// The TLS connection between client and proxy (section 2.2.6).
@Suite struct ProxiedTLSTests {
  private static let version = ProxyWire.tlv(0x21, Array("TLSv1.2".utf8))
  private static let name = ProxyWire.tlv(0x22, Array("CT1".utf8))
  private static let suite = ProxyWire.tlv(0x23, Array("ECDHE-RSA-AES128-GCM-SHA256".utf8))

  private static func with(_ extensions: [UInt8]) -> [UInt8] {
    ProxyWire.header(ProxyWire.ipv4 + extensions)
  }

  private static func tls(
    client: Int = 0x03, verify: Int = 0, _ parts: [UInt8] = version + name + suite
  ) throws -> ProxiedTLS? {
    try header(with(ProxyWire.tls(client: client, verify: verify, parts))).tls
  }

  @Test func allPartsAreRead() throws {
    let bytes = Self.with(
      [0x20, 0, 53, 0x03, 0, 0, 0, 0, 0x21, 0, 7] + "TLSv1.2".utf8
        + [0x22, 0, 3] + "CT1".utf8 + [0x23, 0, 27] + "ECDHE-RSA-AES128-GCM-SHA256".utf8)
    #expect(bytes.count == 28 + 3 + 5 + 10 + 6 + 30)
    let expected = ProxiedTLS(
      version: "TLSv1.2", cipherSuite: "ECDHE-RSA-AES128-GCM-SHA256",
      commonName: Array("CT1".utf8), hasCertificate: true, isVerified: true)
    #expect(try Self.tls() == expected)
  }

  @Test(arguments: [
    // Flags, verify, whether a certificate was presented and verified.
    (0x01, 0, false, false), (0x01, 1, false, false), (0x03, 0, true, true),
    (0x03, 1, true, false), (0x05, 0, true, true), (0x07, 0, true, true),
    (0x07, 0x0100_0000, true, false), (0x07, 0x7FFF_FFFF, true, false), (0xFB, 0, true, true),
    (0xF9, 0, false, false),
  ])
  func theFlagsTellOfACertificate(
    _ client: Int, _ verify: Int, _ hasCertificate: Bool, _ isVerified: Bool
  ) throws {
    let tls = try #require(try Self.tls(client: client, verify: verify))
    #expect(tls.hasCertificate == hasCertificate && tls.isVerified == isVerified)
    #expect(tls.commonName == (isVerified ? Array("CT1".utf8) : nil))
    #expect(tls.version == "TLSv1.2")
  }

  @Test(arguments: [0x00, 0x02, 0x06, 0xFE])
  func withoutItsFlagThereIsNoTLS(_ client: Int) throws {
    #expect(try Self.tls(client: client) == nil)
  }

  @Test func partsMayBeAbsent() throws {
    let tls = try #require(try Self.tls([]))
    #expect(tls.version == nil && tls.cipherSuite == nil && tls.commonName == nil)
    #expect(tls.isVerified)
  }

  /// PP2_SUBTYPE_SSL_SIG_ALG, PP2_SUBTYPE_SSL_KEY_ALG and later ones.
  @Test func otherPartsAreSkipped() throws {
    let others = [0x24, 0x25, 0x26, 0x02, 0x20, 0xFF].flatMap { ProxyWire.tlv($0, [0x61]) }
    #expect(try Self.tls(others + Self.version)?.version == "TLSv1.2")
  }

  @Test func theFirstOfAKindCounts() throws {
    let twice = Self.version + ProxyWire.tlv(0x21, [0x78]) + Self.name + ProxyWire.tlv(0x22, [0x79])
    let tls = try Self.tls(twice)
    #expect(tls?.version == "TLSv1.2" && tls?.commonName == Array("CT1".utf8))
    let bytes = Self.with(
      ProxyWire.tls(client: 1, Self.version) + ProxyWire.tls(client: 3, Self.name))
    #expect(try header(bytes).tls?.hasCertificate == false)
  }

  // MARK: texts

  @Test(arguments: [1, 15, 16, 63, 64])
  func aTextHasUpTo64Bytes(_ count: Int) throws {
    let text = [UInt8](repeating: 0x7E, count: count)
    let tls = try Self.tls(ProxyWire.tlv(0x21, text) + ProxyWire.tlv(0x23, text))
    #expect(tls?.version == String(repeating: "~", count: count))
    #expect(tls?.cipherSuite == tls?.version)
  }

  @Test(arguments: [
    [], [UInt8](repeating: 0x61, count: 65), [0x61, 0], [0x1F], [0x7F], [0x80], [0x0A, 0x61],
    Array("ä".utf8), [0x1B, 0x5B, 0x32, 0x4A],
  ])
  func aTextThatIsNotPrintableASCIIIsNotRead(_ bytes: [UInt8]) throws {
    let tls = try #require(
      try Self.tls(ProxyWire.tlv(0x21, bytes) + ProxyWire.tlv(0x23, bytes) + Self.name))
    #expect(tls.version == nil && tls.cipherSuite == nil)
    #expect(tls.commonName == Array("CT1".utf8))
  }

  /// It is UTF-8 by the protocol, but the client chose it.
  @Test func aCommonNameHasAnyBytes() throws {
    for name in [[], Array(0...UInt8.max), Array("Röntgen 1".utf8)] {
      #expect(try Self.tls(ProxyWire.tlv(0x22, name))?.commonName == name)
    }
  }

  // MARK: lengths

  @Test func theFixedFieldsHaveFiveBytes() {
    for count in 0..<5 {
      let bytes = Self.with(ProxyWire.tlv(0x20, [UInt8](repeating: 1, count: count)))
      #expect(read(bytes) == .fault(.extensionTooLong(type: 0x20)))
    }
  }

  /// Not even if another extension follows, and also without the flag.
  @Test(arguments: [0x00, 0x01])
  func aPartEndsWithinTheExtension(_ client: Int) {
    for type in [0x21, 0x22, 0x23, 0x24, 0xE0] {
      let fault = ProxyHeader.Reading.fault(.extensionTooLong(type: UInt8(type)))
      for part in [
        [UInt8(type)], [UInt8(type), 0], ProxyWire.tlv(type, [1, 2], length: 3),
        ProxyWire.tlv(type, [], length: 65535),
      ] {
        let bytes = Self.with(
          ProxyWire.tls(client: client, Self.version + part)
            + ProxyWire.tlv(4, [UInt8](repeating: 0, count: 20)))
        #expect(read(bytes) == fault)
      }
    }
  }
}
