/// An address as the limits count it: an IPv4 address, or an IPv6 /64 network, since a host with one
/// address there has all of them.
///
/// The key is a hash seeded for each run of the program, so that nobody can find addresses with neighboring
/// keys. It is never 0.
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

  /// Whether unrelated hosts share the network: all of IPv4, link-local addresses, and IPv4 addresses
  /// translated by NAT64 (RFC 6052 §2.1).
  private static func isShared(_ network: UInt64, _ host: UInt64) -> Bool {
    network == 0 || network >> 54 == 0xFE80 >> 6 || network == 0x0064_FF9B_0000_0000
  }
}

/// The network that a connection is charged to when connections are shared out: an IPv4 address, or an IPv6
/// /48 network, the size given to a site (RFC 6177). It is never 0.
public struct Network: BitwiseCopyable, Hashable, Sendable {
  /// The kind of network, in the two lowest bits, and what distinguishes it from others of its kind.
  public let value: UInt64

  /// The network of `peer`.
  public init(_ peer: NetworkAddress) {
    let (high, low) = peer.halves
    // IPv4, native or translated by NAT64 (RFC 6052 §2.1).
    if high == 0 || high == 0x0064_FF9B_0000_0000 {
      value = low << 2 | 1
    } else if high >> 54 == 0xFE80 >> 6 {
      // Each link-local address is a separate host on each link; two of them with the same number
      // are unlikely and harmless.
      value = (low &+ UInt64(peer.scope) &* 0x9E37_79B9_7F4A_7C15) << 2 | 2
    } else {
      value = (high >> 16) << 2 | 3
    }
  }

  /// The IPv4 address in its IPv6-mapped form, or `nil` if the network is not a native IPv4 address.
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
