/// An address as the limits count it: an IPv4 address, or a /64 network of IPv6, since whoever has
/// one address there has all of them.
///
/// It is a hash with a key of this run of the program, so that nobody can find addresses whose keys
/// are neighbours. It is never 0.
public struct AddressKey: BitwiseCopyable, Equatable, Sendable {
  /// The hash.
  public let value: UInt64

  /// The key of `peer`.
  public init(_ peer: NetworkAddress) {
    let (network, host) = peer.halves
    var hasher = Hasher()
    hasher.combine(network)
    if Self.isShared(network, host) {
      hasher.combine(host)
      hasher.combine(peer.scope)
    }
    value = UInt64(bitPattern: Int64(hasher.finalize())) | 1
  }

  /// Whether hosts that have nothing to do with each other share the network: all of IPv4, the
  /// link-local addresses, and what NAT64 makes of IPv4 addresses (RFC 6052 §2.1).
  private static func isShared(_ network: UInt64, _ host: UInt64) -> Bool {
    network == 0 || network >> 54 == 0xFE80 >> 6 || network == 0x0064_FF9B_0000_0000
  }
}

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
