import CLinux

/// An address, or a network of addresses in CIDR notation (RFC 4632, RFC 4291 §2.3).
///
/// IPv4 addresses are kept in their IPv6-mapped form, so that it does not matter which form a listening
/// socket reports. An IPv6 network wider than the whole mapped range contains no IPv4 address.
public struct AddressRange: Equatable, Sendable {
  /// The length of the prefix that all mapped IPv4 addresses share, in bits.
  private static let mappedPrefix = 96

  /// The first address of the range, as a number.
  public let address: UInt128
  /// The length of the prefix, in bits.
  private let prefix: Int

  /// Why a text is not a range.
  public enum Fault: Error {
    /// The text is neither an address nor a network.
    case unreadable
    /// The address has bits set beyond its prefix; the value is the network without them.
    case bitsBehindPrefix(AddressRange)
    /// The address names a link, as in `fe80::1%eth0`; the value is the range without the link.
    case hasLink(AddressRange)
  }

  /// The range that `text` names.
  public init(_ text: String) throws(Fault) {
    var bytes = InlineArray<16, UInt8>(repeating: 0)
    var span = bytes.mutableSpan
    prefix = Int(cl_parse_network(text.utf8.span, &span))
    guard prefix >= 0 else {
      if let range = Self.withoutLink(text) { throw .hasLink(range) }
      throw .unreadable
    }
    let whole = Self.number(bytes)
    address = whole & Self.mask(prefix)
    if address != whole { throw .bitsBehindPrefix(self) }
  }

  /// Whether the range contains the address `bytes` (IPv4 in its IPv6-mapped form).
  public func contains(_ bytes: InlineArray<16, UInt8>) -> Bool {
    let other = Self.number(bytes)
    if prefix < Self.mappedPrefix, Self.isMapped(other) { return false }
    return other & Self.mask(prefix) == address
  }

  /// The range as text: `192.0.2.0/24`, `2001:db8::/32`, `::1`.
  public var text: String {
    var bytes = InlineArray<16, UInt8>(repeating: 0)
    for index in 0..<16 { bytes[index] = UInt8(truncatingIfNeeded: address >> (120 - 8 * index)) }
    let result = ascii { cl_format_address(bytes.span, 0, &$0) }
    if prefix == 128 { return result }
    let isIPv4 = prefix >= Self.mappedPrefix && Self.isMapped(address)
    return "\(result)/\(isIPv4 ? prefix - Self.mappedPrefix : prefix)"
  }

  /// Returns the range that `text` names without its link, or `nil` if it has no link.
  private static func withoutLink(_ text: String) -> Self? {
    guard let begin = text.firstIndex(of: "%") else { return nil }
    let network = text[begin...].drop { $0 != "/" }
    return try? Self(String(text[..<begin] + network))
  }

  private static func number(_ bytes: InlineArray<16, UInt8>) -> UInt128 {
    var number: UInt128 = 0
    for index in 0..<16 { number = number << 8 | UInt128(bytes[index]) }
    return number
  }

  private static func mask(_ prefix: Int) -> UInt128 { prefix == 0 ? 0 : .max << (128 - prefix) }

  private static func isMapped(_ address: UInt128) -> Bool { address >> 32 == 0xFFFF }
}
