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
