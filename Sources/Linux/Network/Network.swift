/// Whom a connection is charged to when connections are shared out: an IPv4 address, or an IPv6 network of
/// 48 bits, since that is what a site is given (RFC 6177). It is never 0.
public struct Network: BitwiseCopyable, Hashable, Sendable {
  /// Which kind it is, in the two lowest bits, and what tells it from the others of its kind.
  public let value: UInt64

  /// The network of `peer`.
  public init(_ peer: NetworkAddress) {
    let (high, low) = peer.halves
    // IPv4, as it is or as NAT64 makes it (RFC 6052 §2.1).
    if high == 0 || high == 0x0064_FF9B_0000_0000 {
      value = low << 2 | 1
    } else if high >> 54 == 0xFE80 >> 6 {
      // Each link-local address is a host of its own on each link; that two of them come to the same
      // number is as unlikely as it is harmless.
      value = (low &+ UInt64(peer.scope) &* 0x9E37_79B9_7F4A_7C15) << 2 | 2
    } else {
      value = (high >> 16) << 2 | 3
    }
  }

  /// The IPv4 address that it is, in its IPv6-mapped form; nil for any other.
  public var addressOfIPv4: InlineArray<16, UInt8>? {
    let low = value >> 2
    guard value & 3 == 1, low >> 32 == 0xFFFF else { return nil }
    var bytes = InlineArray<16, UInt8>(repeating: 0)
    for index in 0..<8 {
      bytes[8 + index] = UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * index))
    }
    return bytes
  }
}
