import ByteCoding

/// An IP address and port of a header, in the one form that addresses have everywhere in this program: 16 bytes, with
/// IPv4 mapped into IPv6 (RFC 4291 §2.5.5.2). So a client has one address, whichever way the proxy writes it.
public struct ProxyEndpoint: Equatable, Sendable {
  /// The IPv6 address, or the IPv4 address as `::ffff:a.b.c.d`; in network byte order.
  public let address: InlineArray<16, UInt8>
  /// The TCP port.
  public let port: UInt16

  /// Whether both the addresses and the ports are the same.
  public static func == (one: ProxyEndpoint, other: ProxyEndpoint) -> Bool {
    one.port == other.port
      && one.address.span.load(UInt128.self, at: 0) == other.address.span.load(UInt128.self, at: 0)
  }

  init(address: InlineArray<16, UInt8>, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// An IPv4 endpoint.
  init(ipv4: UInt32, port: UInt16) {
    self.init(address: Self.mapped(ipv4), port: port)
  }

  /// The IPv4 address `ipv4`, of which the highest byte comes first, mapped into IPv6.
  static func mapped(_ ipv4: UInt32) -> InlineArray<16, UInt8> {
    var address = InlineArray<16, UInt8>(repeating: 0)
    (address[10], address[11]) = (0xFF, 0xFF)
    for index in 0..<4 {
      address[12 + index] = UInt8(truncatingIfNeeded: ipv4 >> UInt32(24 - 8 * index))
    }
    return address
  }
}
