import TestKit
import Testing

@testable import ProxyProtocol

/// Reads all of `bytes`.
func read(_ bytes: [UInt8]) -> ProxyHeader.Reading { ProxyHeader.read(bytes.span) }

/// Whether `bytes` begin with a whole signature.
func begins(_ bytes: [UInt8]) -> Bool { ProxyHeader.begins(bytes.span) }

/// The header that is all of `bytes`.
func header(_ bytes: [UInt8], _ place: SourceLocation = #_sourceLocation) throws -> ProxyHeader {
  guard case .header(let header) = read(bytes) else {
    throw Unexpected(reading: read(bytes), bytes: bytes)
  }
  #expect(header.size == bytes.count, sourceLocation: place)
  return header
}

/// A reading that is not a header.
struct Unexpected: Error {
  let reading: ProxyHeader.Reading
  let bytes: [UInt8]
}

extension ProxyEndpoint {
  /// The endpoint with this IPv4 address.
  init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, port: UInt16) {
    self.init(address: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, a, b, c, d], port: port)
  }
}

/// Headers of every kind, as a proxy sends them.
enum Sample {
  /// PROXY, TCP over IPv4, from 192.0.2.1 port 56324 to 198.51.100.7 port 104.
  static let ipv4: [UInt8] = [
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, 0x11, 0x00, 0x0C,
    0xC0, 0x00, 0x02, 0x01, 0xC6, 0x33, 0x64, 0x07, 0xDC, 0x04, 0x00, 0x68,
  ]
  /// PROXY, TCP over IPv6, from 2001:db8::1 port 65535 to 2001:db8::2 port 11112.
  static let ipv6: [UInt8] = [
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, 0x21, 0x00, 0x24,
    0x20, 0x01, 0x0D, 0xB8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01,
    0x20, 0x01, 0x0D, 0xB8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02,
    0xFF, 0xFF, 0x2B, 0x68,
  ]
  /// LOCAL without addresses, a health check.
  static let local: [UInt8] = [
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x20, 0x00, 0x00, 0x00,
  ]
  /// PROXY, TCP over IPv4, with each extension that is read, NOOP, a part of an application, and a checksum.
  static let full = ProxyWire.withChecksum(
    ProxyWire.header(
      ProxyWire.ipv4 + ProxyWire.tlv(0x02, Array("pacs.example".utf8))
        + ProxyWire.tlv(0x04, [1, 2, 3]) + ProxyWire.tlv(0x05, [0, 0xFF, 7])
        + ProxyWire.tls(
          client: 0x03,
          ProxyWire.tlv(0x21, Array("TLSv1.3".utf8)) + ProxyWire.tlv(0x22, Array("CT1".utf8))
            + ProxyWire.tlv(0x23, Array("TLS_AES_128_GCM_SHA256".utf8)))
        + ProxyWire.tlv(0xE0, [])))

  static let lines: [[UInt8]] = [
    "TCP4 192.168.0.1 192.168.0.11 56324 443", "TCP4 255.255.255.255 255.255.255.255 65535 65535",
    "TCP6 2001:db8::1 ::ffff:198.51.100.7 0 104", "UNKNOWN", "UNKNOWN any thing\rat \n all",
  ].map { ProxyWire.line($0) }

  static let all: [[UInt8]] =
    lines + [
      ipv4, ipv6, local, full, ProxyWire.header(family: 0, [1, 2, 3]),
      ProxyWire.header(family: 0x31, [UInt8](repeating: 0x2F, count: 216)),
      ProxyWire.header(family: 0x12, ProxyWire.ipv4),
    ]
}
