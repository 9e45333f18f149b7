import Testing

@testable import ProxyProtocol

/// The addresses and ports of a line (section 2.1, RFC 4291 §2.2).
@Suite struct AddressTextTests {
  private static func ipv6(_ text: String) -> [UInt8]? {
    AddressText.ipv6(Array(text.utf8).span).map { address in (0..<16).map { address[$0] } }
  }

  private static func ipv4(_ text: String) -> UInt32? {
    AddressText.ipv4(Array(text.utf8).span)
  }

  private static func port(_ text: String) -> UInt16? {
    AddressText.port(Array(text.utf8).span)
  }

  private static func bytes(_ groups: [UInt16]) -> [UInt8] {
    groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
  }

  @Test(
    arguments: [
      ("0.0.0.0", 0), ("255.255.255.255", 0xFFFF_FFFF), ("192.0.2.1", 0xC000_0201),
      ("1.20.255.0", 0x0114_FF00),
    ] as [(String, UInt32)])
  func ipv4IsRead(_ text: String, _ address: UInt32) {
    #expect(Self.ipv4(text) == address)
  }

  @Test(arguments: [
    "", "1", "1.2.3", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.4.", "1.2.3.4.5", "1.2.3.256",
    "256.2.3.4", "1.2.3.04", "00.1.2.3", "1.2.3.4 ", " 1.2.3.4", "1.2.3.0x4", "1.2.3.-4", "1,2,3,4",
    "1.2.3.99999999999999999999", "::1", "1.2.3.4\0", "16909060",
  ])
  func otherTextIsNotIPv4(_ text: String) {
    #expect(Self.ipv4(text) == nil)
  }

  @Test(
    arguments: [
      ("::", [0, 0, 0, 0, 0, 0, 0, 0]), ("::1", [0, 0, 0, 0, 0, 0, 0, 1]),
      ("1::", [1, 0, 0, 0, 0, 0, 0, 0]), ("1:2:3:4:5:6:7:8", [1, 2, 3, 4, 5, 6, 7, 8]),
      ("1:2:3:4:5:6:7::", [1, 2, 3, 4, 5, 6, 7, 0]), ("::2:3:4:5:6:7:8", [0, 2, 3, 4, 5, 6, 7, 8]),
      ("1:2:3::5:6:7:8", [1, 2, 3, 0, 5, 6, 7, 8]), ("1::8", [1, 0, 0, 0, 0, 0, 0, 8]),
      ("ABCD:ef01::0009", [0xABCD, 0xEF01, 0, 0, 0, 0, 0, 9]),
      ("::1.2.3.4", [0, 0, 0, 0, 0, 0, 0x0102, 0x0304]),
      ("::ffff:255.0.0.1", [0, 0, 0, 0, 0, 0xFFFF, 0xFF00, 1]),
      ("1:2:3:4:5:6:7.8.9.10", [1, 2, 3, 4, 5, 6, 0x0708, 0x090A]),
      ("1::5:6:7.8.9.10", [1, 0, 0, 0, 5, 6, 0x0708, 0x090A]),
      ("1:2:3:4:5::7.8.9.10", [1, 2, 3, 4, 5, 0, 0x0708, 0x090A]),
    ] as [(String, [UInt16])])
  func ipv6IsRead(_ text: String, _ groups: [UInt16]) {
    #expect(Self.ipv6(text) == Self.bytes(groups))
  }

  @Test(arguments: [
    "", ":", ":::", "1", "1:", ":1", "1:2", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", ":2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8", "1::2::3",
    "1:::2", "::1:", "12345::", "::g", "::1%1", "fe80::1%eth0", "::1.2.3", "::1.2.3.4.5",
    "::1.2.3.04", "::1.2.3.4:5", "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4", "::1:2:3:4:5:6:1.2.3.4",
    "::a.2.3.4", "::256.2.3.4", "::1234.2.3.4", "[::1]", "::1 ", " ::1", "::1/64", "1.2.3.4",
    "::-1", "::+1", "::1.", "::.1.2.3", "1:2:3:4:5:6:7:8:",
  ])
  func otherTextIsNotIPv6(_ text: String) {
    #expect(Self.ipv6(text) == nil)
  }

  @Test func everyPortIsRead() {
    for port in 0...UInt16.max {
      #expect(Self.port("\(port)") == port)
    }
  }

  @Test(arguments: [
    "", "65536", "99999", "100000", "00", "01", "-1", "+1", " 1", "1 ", "1a", "0x1",
    "99999999999999999999999999999999",
  ])
  func otherTextIsNotAPort(_ text: String) {
    #expect(Self.port(text) == nil)
  }
}
