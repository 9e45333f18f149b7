import Linux
import Testing

/// Addresses in their usual notation.
@Suite struct NetworkAddressTests {
  static let addresses: [(bytes: [UInt8], port: UInt16, address: String, text: String)] = [
    (mapped(192, 0, 2, 7), 104, "192.0.2.7", "192.0.2.7:104"),
    (mapped(0, 0, 0, 0), 11112, "0.0.0.0", "0.0.0.0:11112"),
    (mapped(255, 255, 255, 255), 65535, "255.255.255.255", "255.255.255.255:65535"),
    (six([:]), 0, "::", "[::]:0"),
    (six([15: 1]), 104, "::1", "[::1]:104"),
    (six([0: 0x20, 1: 0x01, 2: 0x0D, 3: 0xB8, 15: 1]), 104, "2001:db8::1", "[2001:db8::1]:104"),
    (six([0: 0xFE, 1: 0x80, 15: 1]), 1, "fe80::1", "[fe80::1]:1"),
    (
      .init(repeating: 0xFF, count: 16), 65535, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
      "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535"
    ),
  ]

  @Test("An address is written as in RFC 5952, in brackets before a port", arguments: addresses)
  func isWritten(bytes: [UInt8], port: UInt16, address: String, text: String) {
    let peer = NetworkAddress(bytes: .init { bytes[$0] }, port: port)
    #expect(peer.address == address)
    #expect(peer.text == text)
  }

  @Test("The interface of its link follows a link-local address")
  func link() {
    let bytes = Self.six([0: 0xFE, 1: 0x80, 15: 1])
    let peer = NetworkAddress(bytes: .init { bytes[$0] }, port: 104, scope: 1)
    #expect(peer.address == "fe80::1%lo")
    #expect(peer.text == "[fe80::1%lo]:104")
    let gone = NetworkAddress(bytes: peer.bytes, port: 104, scope: 99_999)
    #expect(gone.text == "[fe80::1%99999]:104")
    #expect(gone != peer && !gone.hasSameAddress(as: peer))
    #expect(peer == NetworkAddress(bytes: peer.bytes, port: 104, scope: 1))
  }

  @Test("An address has no padding in it or after it")
  func size() { #expect(MemoryLayout<NetworkAddress>.size == 4 + 16 + 2) }

  @Test("Two addresses are equal if every byte and the port are")
  func equality() {
    let peer = NetworkAddress(bytes: .init(repeating: 7), port: 104)
    #expect(peer == NetworkAddress(bytes: .init(repeating: 7), port: 104))
    #expect(peer != NetworkAddress(bytes: .init(repeating: 7), port: 105))
    for index in 0..<16 {
      var bytes = InlineArray<16, UInt8>(repeating: 7)
      bytes[index] = 8
      #expect(peer != NetworkAddress(bytes: bytes, port: 104), "byte \(index)")
    }
  }

  private static func mapped(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) -> [UInt8] {
    six([10: 0xFF, 11: 0xFF, 12: a, 13: b, 14: c, 15: d])
  }

  /// Sixteen bytes, all 0 but these.
  private static func six(_ bytes: [Int: UInt8]) -> [UInt8] { (0..<16).map { bytes[$0] ?? 0 } }
}
