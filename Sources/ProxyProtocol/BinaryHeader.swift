import ByteCoding

/// Reads a header of version 2, the binary format (section 2.2):
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 12 | the signature |
/// | 12 | 1 | the version, 2, in the upper four bits; the command in the lower ones |
/// | 13 | 1 | the address family in the upper four bits; the transport protocol in the lower ones |
/// | 14 | 2 | the size of the rest in bytes |
/// | 16 | | the addresses, then the extensions |
enum BinaryHeader {
  /// The beginning of a header, chosen so that servers of many other protocols refuse it.
  static let signature: InlineArray<12, UInt8> = [
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
  ]
  /// The size of the fields before the addresses, in bytes.
  static let fixedSize = 16

  /// The protocol and family of addresses (the 14th byte).
  private enum Family: UInt8 {
    case unspecified = 0
    case ipv4 = 1
    case ipv6 = 2
    case unix = 3

    /// The size of both addresses and ports in bytes.
    var addressSize: Int {
      switch self {
      case .unspecified: 0
      case .ipv4: 12
      case .ipv6: 36
      case .unix: 216
      }
    }
  }

  private enum Transport: UInt8 {
    case unspecified = 0
    case stream = 1
    case datagram = 2
  }

  /// What the fields before the addresses say.
  private struct Fields {
    let size: Int
    let family: Family
    let transport: Transport
  }

  /// Reads the header with which `bytes` begin, or returns `nil` if it is incomplete.
  ///
  /// - Precondition: `bytes` begin with the signature.
  static func read(_ bytes: Span<UInt8>) throws(ProxyFault) -> ProxyHeader? {
    guard bytes.count >= fixedSize else { return nil }
    let fields = try fields(of: bytes)
    guard bytes.count >= fields.size else { return nil }
    let header = bytes.extracting(first: fields.size)
    switch fields.family {
    // With an unspecified family, nobody knows where addresses end and extensions begin.
    case .unspecified: return ProxyHeader(version: 2, size: fields.size)
    case .ipv4, .ipv6, .unix: break
    }
    let extensions = try Extensions(of: header, from: fixedSize + fields.family.addressSize)
    return ProxyHeader(
      version: 2, size: fields.size, endpoints: endpoints(of: header, fields),
      extensions: extensions)
  }

  /// Checks the fields before the addresses, so that a header with a wrong one is refused before the rest has come.
  private static func fields(of bytes: Span<UInt8>) throws(ProxyFault) -> Fields {
    let (version, command) = (bytes[12] >> 4, bytes[12] & 0xF)
    guard version == 2 else { throw .version(version) }
    guard command <= 1 else { throw .command(command) }
    let length = Int(bytes.bigEndian(UInt16.self, at: 14))
    let size = fixedSize + length
    // A connection of the proxy's own (LOCAL): all else is ignored, the family too.
    if command == 0 {
      guard size <= ProxyHeader.mostBytes else { throw .tooLong(size) }
      return Fields(size: size, family: .unspecified, transport: .unspecified)
    }
    guard let family = Family(rawValue: bytes[13] >> 4) else { throw .family(bytes[13] >> 4) }
    guard let transport = Transport(rawValue: bytes[13] & 0xF) else {
      throw .transport(bytes[13] & 0xF)
    }
    guard size <= ProxyHeader.mostBytes else { throw .tooLong(size) }
    guard length >= family.addressSize else { throw .addressesTooShort(length) }
    return Fields(size: size, family: family, transport: transport)
  }

  /// The endpoints of a TCP connection, or `nil` if the header is about another one.
  private static func endpoints(
    of header: Span<UInt8>, _ fields: Fields
  ) -> (source: ProxyEndpoint, destination: ProxyEndpoint)? {
    switch fields.transport {
    case .unspecified, .datagram: return nil
    case .stream: break
    }
    // The order is always the same: both addresses, then both ports.
    func port(_ offset: Int) -> UInt16 { header.bigEndian(UInt16.self, at: fixedSize + offset) }
    switch fields.family {
    case .ipv4:
      func ipv4(_ offset: Int) -> UInt32 { header.bigEndian(UInt32.self, at: fixedSize + offset) }
      return (
        ProxyEndpoint(ipv4: ipv4(0), port: port(8)), ProxyEndpoint(ipv4: ipv4(4), port: port(10))
      )
    case .ipv6:
      func ipv6(_ offset: Int) -> InlineArray<16, UInt8> {
        header.load(InlineArray<16, UInt8>.self, at: fixedSize + offset)
      }
      return (
        ProxyEndpoint(address: ipv6(0), port: port(32)),
        ProxyEndpoint(address: ipv6(16), port: port(34))
      )
    case .unspecified, .unix: return nil
    }
  }
}
