import ProxyProtocol

/// Builds what a proxy sends before the bytes of its client ("The PROXY protocol"): correct headers, and ones with
/// wrong lengths.
public enum ProxyWire {
  /// A header of version 1, a line with this text between `PROXY` and its end.
  public static func line(_ text: String) -> [UInt8] { Array("PROXY \(text)\r\n".utf8) }

  /// The signature of version 2.
  public static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A] + "QUIT\n".utf8

  /// A header of version 2 with these addresses and extensions in its `block`, with their true length or `length`; by
  /// default about a TCP connection over IPv4 (PROXY).
  public static func header(
    command: Int = 0x21, family: Int = 0x11, _ block: [UInt8], length: Int? = nil
  ) -> [UInt8] {
    signature + [UInt8(command), UInt8(family)] + Wire.be16(length ?? block.count) + block
  }

  /// The addresses and ports of a connection from 192.0.2.1, port 56324, to 198.51.100.7, port 104.
  public static let ipv4: [UInt8] = [192, 0, 2, 1, 198, 51, 100, 7, 0xDC, 0x04, 0, 104]

  /// An extension, or a part of PP2_TYPE_SSL, with its true length or `length`.
  public static func tlv(_ type: Int, _ value: [UInt8], length: Int? = nil) -> [UInt8] {
    [UInt8(type)] + Wire.be16(length ?? value.count) + value
  }

  /// PP2_TYPE_SSL with these parts.
  public static func tls(client: Int, verify: Int = 0, _ parts: [UInt8]) -> [UInt8] {
    tlv(0x20, [UInt8(client)] + Wire.be32(verify) + parts)
  }

  /// This complete header of version 2 with a checksum as its last extension.
  public static func withChecksum(_ header: [UInt8]) -> [UInt8] {
    var longer = header + tlv(3, [0, 0, 0, 0])
    longer.replaceSubrange(14..<16, with: Wire.be16(longer.count - 16))
    return longer.dropLast(4) + Wire.be32(Int(crc32c(longer)))
  }

  /// CRC32c by a table, unlike that of the program.
  public static func crc32c(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
  }

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 0 ? value >> 1 : value >> 1 ^ 0x82F6_3B78
    }
  }

  /// The header of version 1 with the endpoints of `header`, all addresses as full IPv6 ones, or `nil` without any.
  static func line(of header: ProxyHeader) -> [UInt8]? {
    guard let source = header.source, let destination = header.destination else { return nil }
    func text(_ endpoint: ProxyEndpoint) -> String {
      stride(from: 0, to: 16, by: 2).map { index in
        String(Int(endpoint.address[index]) << 8 | Int(endpoint.address[index + 1]), radix: 16)
      }.joined(separator: ":")
    }
    return line(
      "TCP6 \(text(source)) \(text(destination)) \(source.port) \(destination.port)")
  }

  /// The header of version 2 with the endpoints of `header`, as IPv6 ones, or `nil` without any.
  static func binary(of header: ProxyHeader) -> [UInt8]? {
    guard let source = header.source, let destination = header.destination else { return nil }
    func bytes(_ endpoint: ProxyEndpoint) -> [UInt8] { (0..<16).map { endpoint.address[$0] } }
    return Self.header(
      family: 0x21,
      bytes(source) + bytes(destination) + Wire.be16(Int(source.port))
        + Wire.be16(Int(destination.port)))
  }
}
