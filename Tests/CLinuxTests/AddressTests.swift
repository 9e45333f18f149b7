import CLinux
import Testing

/// Conversions between the text of an address and the sixteen bytes that everything else works with.
@Suite struct AddressTests {
  /// The text of an address, its bytes, and the text written for them (RFC 5952).
  static let addresses: [(written: String, bytes: String, read: String)] = [
    ("192.0.2.1", "00000000000000000000FFFFC0000201", "192.0.2.1"),
    ("0.0.0.0", "00000000000000000000FFFF00000000", "0.0.0.0"),
    ("255.255.255.255", "00000000000000000000FFFFFFFFFFFF", "255.255.255.255"),
    ("127.0.0.1", "00000000000000000000FFFF7F000001", "127.0.0.1"),
    ("::ffff:192.0.2.1", "00000000000000000000FFFFC0000201", "192.0.2.1"),
    ("::FFFF:c000:201", "00000000000000000000FFFFC0000201", "192.0.2.1"),
    ("::", "00000000000000000000000000000000", "::"),
    ("::1", "00000000000000000000000000000001", "::1"),
    ("2001:db8::1", "20010DB8000000000000000000000001", "2001:db8::1"),
    ("2001:DB8:0:0:0:0:0:1", "20010DB8000000000000000000000001", "2001:db8::1"),
    (
      "2001:0db8:0000:0000:0001:0000:0000:0001", "20010DB8000000000001000000000001",
      "2001:db8::1:0:0:1"
    ),
    (
      "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
      "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    ),
    ("::fffe:c000:201", "00000000000000000000FFFEC0000201", "::fffe:c000:201"),
    ("fe80::1", "FE800000000000000000000000000001", "fe80::1"),
    ("fe80::1%lo", "FE800000000000000000000000000001", "fe80::1%lo"),
  ]

  @Test("An address is read, and written in its usual notation", arguments: addresses)
  func isReadAndWritten(written: String, bytes: String, read: String) {
    let address = parsed(written)
    #expect(address.map { hex($0.bytes) } == bytes)
    #expect(address.map { formatted($0.bytes, scope: $0.scope) } == read)
    #expect(cl_is_address(written.utf8.span) != 0)
  }

  @Test("An address that was written is read back as the same one", arguments: addresses)
  func survivesTheWayBack(written: String, bytes: String, read: String) {
    #expect(parsed(read).map { hex($0.bytes) } == bytes)
  }

  @Test("Only a zone gives an address a scope, and every other field is 0")
  func hasAScopeOnlyWithAZone() throws {
    let plain = try #require(parsed("fe80::1"))
    let zoned = try #require(parsed("fe80::1%lo"))
    #expect(plain.scope == 0)
    #expect(zoned.scope != 0)
    #expect(plain.port == 0 && zoned.port == 0)
  }

  @Test("An interface is written by name, or by number if it has none")
  func interfaces() throws {
    let zoned = try #require(parsed("fe80::1%lo"))
    #expect(formatted(zoned.bytes, scope: zoned.scope) == "fe80::1%lo")
    #expect(formatted(zoned.bytes, scope: 4_294_967_295) == "fe80::1%4294967295")
    #expect(formatted(zoned.bytes, scope: 99_999) == "fe80::1%99999")
    #expect(formatted(zoned.bytes, scope: 0) == "fe80::1")
  }

  @Test(
    "A text that is not an address is refused",
    arguments: [
      "", " ", "localhost", "192.0.2", "192.0.2.1.1", "192.0.2.256", "192.0.2.01", "0x7f.0.0.1",
      " 127.0.0.1", "127.0.0.1 ", "127.0.0.1:104", "127.0.0.1/8", "127.0.0.1%lo", "[::1]",
      ":::", "::1::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::12345", "::g", "fe80::1%",
      "fe80::1%no-such-if0", "%lo", "::1\0", "\0::1", "::1\0::1", "١٢٧.٠.٠.١",
      String(repeating: "1", count: 62), String(repeating: "1", count: 63),
      String(repeating: ":", count: 1000),
    ])
  func isRefused(text: String) {
    #expect(parsed(text) == nil)
    #expect(cl_is_address(text.utf8.span) == 0)
  }

  @Test("An address must have sixteen bytes", arguments: [0, 4, 15, 17])
  func isNotWritten(size: Int) {
    let address = [UInt8](repeating: 0xFF, count: size)
    var text = [UInt8](repeating: 0, count: 64)
    var room = text.mutableSpan
    #expect(cl_format_address(address.span, 0, &room) < 0)
    #expect(text.allSatisfy { $0 == 0 })
  }

  @Test("The text may fit exactly, but may not be one byte too long")
  func fitsExactly() {
    let address = [UInt8](repeating: 0xFF, count: 16)
    var exact = [UInt8](repeating: 0, count: 39)
    var room = exact.mutableSpan
    #expect(cl_format_address(address.span, 0, &room) == 39)
    var short = [UInt8](repeating: 0, count: 38)
    room = short.mutableSpan
    #expect(cl_format_address(address.span, 0, &room) < 0)
    #expect(short.allSatisfy { $0 == 0 })
  }
}

/// The address in `text`, or `nil` if it is not one.
private func parsed(_ text: String) -> cl_address? {
  var address = cl_address()
  // Safe because the call fills in the structure and keeps no pointer to it.
  return unsafe cl_parse_address(text.utf8.span, &address) == 0 ? address : nil
}

private func formatted(_ address: cl_address.Bytes, scope: UInt32 = 0) -> String {
  var text = [UInt8](repeating: 0, count: 64)
  var room = text.mutableSpan
  let length = cl_format_address(array(address).span, scope, &room)
  return String(decoding: text.prefix(Int(max(length, 0))), as: UTF8.self)
}

private func hex(_ address: cl_address.Bytes) -> String {
  array(address).map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
}

private func array(_ b: cl_address.Bytes) -> [UInt8] {
  [b.0, b.1, b.2, b.3, b.4, b.5, b.6, b.7, b.8, b.9, b.10, b.11, b.12, b.13, b.14, b.15]
}

extension cl_address {
  // swift-format-ignore
  fileprivate typealias Bytes = (
    UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8,
    UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8
  )
}
