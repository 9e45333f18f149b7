import Testing

@testable import Linux

/// Addresses and networks: which addresses they contain, and how they are written.
@Suite struct AddressRangeTests {
  /// A range, and addresses that it contains or does not contain, as text.
  static let ranges: [(range: String, holds: [String], holdsNot: [String])] = [
    ("192.0.2.7", ["192.0.2.7", "::ffff:192.0.2.7"], ["192.0.2.6", "192.0.2.8", "::1"]),
    ("192.0.2.0/24", ["192.0.2.0", "192.0.2.255"], ["192.0.1.255", "192.0.3.0", "::c000:200"]),
    ("192.0.2.0/31", ["192.0.2.0", "192.0.2.1"], ["192.0.2.2"]),
    ("192.0.2.7/32", ["192.0.2.7"], ["192.0.2.6"]),
    ("128.0.0.0/1", ["128.0.0.0", "255.255.255.255"], ["127.255.255.255", "8000::"]),
    ("0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::", "::1", "2001:db8::1"]),
    ("::1", ["::1"], ["::", "::2", "0.0.0.1"]),
    ("2001:db8::/32", ["2001:db8::", "2001:db8:ffff::1"], ["2001:db9::", "2001:db7:ffff::"]),
    ("2001:db8::/128", ["2001:db8::"], ["2001:db8::1"]),
    ("::/0", ["::", "2001:db8::1", "::1"], ["192.0.2.7", "0.0.0.0"]),
    ("::ffff:192.0.2.0/120", ["192.0.2.9"], ["192.0.3.9"]),
    ("::ffff:0:0/96", ["192.0.2.9"], ["::1"]),
  ]

  @Test("A range contains its addresses and no others", arguments: ranges)
  func holds(range: String, holds: [String], holdsNot: [String]) throws {
    let range = try AddressRange(range)
    for address in holds { #expect(range.contains(try bytes(address)), "\(address)") }
    for address in holdsNot { #expect(!range.contains(try bytes(address)), "\(address)") }
  }

  @Test(
    "A range is written in its usual notation, and read back as the same range",
    arguments: [
      ("192.0.2.7", "192.0.2.7"), ("192.0.2.7/32", "192.0.2.7"), ("192.0.2.0/24", "192.0.2.0/24"),
      ("0.0.0.0/0", "0.0.0.0/0"), ("::", "::"), ("::/0", "::/0"),
      ("2001:DB8:0::/32", "2001:db8::/32"),
      ("::ffff:192.0.2.0/120", "192.0.2.0/24"), ("::ffff:0:0/96", "0.0.0.0/0"), ("::1/128", "::1"),
    ])
  func isWritten(text: String, written: String) throws {
    let range = try AddressRange(text)
    #expect(range.text == written)
    #expect(try AddressRange(range.text) == range)
  }

  /// The sixteen bytes of one address, IPv4 in its mapped form.
  private func bytes(_ text: String) throws -> InlineArray<16, UInt8> {
    let address = try AddressRange(text)
    var bytes = InlineArray<16, UInt8>(repeating: 0)
    for index in 0..<16 {
      bytes[index] = UInt8(truncatingIfNeeded: address.address >> (120 - 8 * index))
    }
    return bytes
  }
}
