import CLinux

/// The address and port of a host, a peer or a listening socket. The fields are ordered to avoid padding,
/// since every log record holds an address.
public struct NetworkAddress: Equatable, Sendable {
  /// The index of the interface whose link a link-local address belongs to (RFC 4007 §6); 0
  /// for any other address.
  public let scope: UInt32
  /// The address; IPv4 in its IPv6-mapped form (RFC 4291 §2.5.5.2).
  public let bytes: InlineArray<16, UInt8>
  /// The TCP port.
  public let port: UInt16

  /// The first and the last eight bytes of the address, each as one number.
  var halves: (first: UInt64, last: UInt64) {
    var (first, last): (UInt64, UInt64) = (0, 0)
    for index in 0..<8 {
      first = first << 8 | UInt64(bytes[index])
      last = last << 8 | UInt64(bytes[index + 8])
    }
    return (first, last)
  }

  /// The address `bytes` with the port `port`, on the link of the interface `scope` if that is not 0.
  public init(bytes: InlineArray<16, UInt8>, port: UInt16, scope: UInt32 = 0) {
    self.scope = scope
    self.bytes = bytes
    self.port = port
  }

  /// The address that the C shim filled in.
  /// The address and port that a socket is bound to.
  init(localOf socket: Int32) throws(SystemError) {
    var local = cl_address()
    // Safe because the call fills in the structure and keeps no pointer to it.
    _ = unsafe try check("getsockname", cl_local_address(socket, &local))
    self.init(local)
  }

  init(_ address: cl_address) {
    let b = address.bytes
    self.init(
      bytes: [
        b.0, b.1, b.2, b.3, b.4, b.5, b.6, b.7, b.8, b.9, b.10, b.11, b.12, b.13, b.14, b.15,
      ], port: address.port, scope: address.scope)
  }

  /// Whether the address is IPv4.
  public var isIPv4: Bool { halves.first == 0 && halves.last >> 32 == 0xFFFF }

  /// Whether `text` is an IPv4 or IPv6 address, with or without a link.
  public static func isAddress(_ text: String) -> Bool { cl_is_address(text.utf8.span) != 0 }

  /// Whether both are the same address and port.
  public static func == (left: NetworkAddress, right: NetworkAddress) -> Bool {
    left.port == right.port && left.hasSameAddress(as: right)
  }

  /// Whether both addresses are the same, on the same link, regardless of their ports.
  public func hasSameAddress(as other: NetworkAddress) -> Bool {
    if scope != other.scope { return false }
    for index in bytes.indices where bytes[index] != other.bytes[index] { return false }
    return true
  }

  /// The address in its usual notation (RFC 5952), without the port: `192.0.2.1`, `fe80::1%eth0`.
  public var address: String { ascii { cl_format_address(bytes.span, scope, &$0) } }

  /// Address and port: `192.0.2.1:104`, `[2001:db8::1]:104`.
  public var text: String {
    let address = address
    return address.utf8.contains(0x3A) ? "[\(address)]:\(port)" : "\(address):\(port)"
  }
}

extension cl_address {
  /// The address as the C shim expects it.
  init(_ address: NetworkAddress) {
    let b = address.bytes
    self.init(
      bytes: (
        b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
        b[14], b[15]
      ), scope: address.scope, port: address.port)
  }
}

extension NetworkAddress {
  /// Why resolving a host failed.
  public enum ResolveFailure: Error {
    /// The name does not exist or has no address.
    case unknown
    /// No name server answered, or one reported a temporary failure.
    case unanswered
    /// Something else went wrong.
    case failed
  }

  /// The most addresses used for one host; a name server that lists more is misconfigured.
  private static let mostOfHost = 16

  /// Returns the addresses of `host`, a name or an address, with `port`; may wait for a name server.
  public static func resolve(
    _ host: String, port: UInt16
  ) throws(ResolveFailure) -> [NetworkAddress] {
    var found = [cl_address](repeating: cl_address(), count: mostOfHost)
    var room = found.mutableSpan
    let count = cl_resolve(host.utf8.span, &room)
    switch count {
    case cl_resolve_unknown.rawValue: throw .unknown
    case cl_resolve_unanswered.rawValue: throw .unanswered
    case ..<0: throw .failed
    default:
      for index in 0..<Int(count) { found[index].port = port }
      return found.prefix(Int(count)).map { NetworkAddress($0) }
    }
  }
}
