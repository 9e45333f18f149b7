import TestKit
import Testing

@testable import ProxyProtocol

/// Headers of version 1 (section 2.1).
@Suite struct LineHeaderTests {
  private static func fault(_ text: String) -> ProxyHeader.Reading { read(ProxyWire.line(text)) }

  // MARK: what is accepted

  /// The example of the standard, before an HTTP request.
  @Test func theExampleIsRead() throws {
    let bytes = Array("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\nGET / HTTP/1.1\r\n".utf8)
    guard case .header(let header) = read(bytes) else {
      throw Unexpected(reading: read(bytes), bytes: bytes)
    }
    #expect(header.version == 1 && header.size == 47)
    #expect(header.source == ProxyEndpoint(192, 168, 0, 1, port: 56324))
    #expect(header.destination == ProxyEndpoint(192, 168, 0, 11, port: 443))
    #expect(header.tls == nil && header.authority == [] && header.uniqueID == [])
  }

  @Test func ipv6IsRead() throws {
    let header = try header(ProxyWire.line("TCP6 2001:DB8::a fe80::1:2 0 65535"))
    #expect(
      header.source
        == ProxyEndpoint(
          address: [0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0A], port: 0))
    #expect(
      header.destination
        == ProxyEndpoint(
          address: [0xFE, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2], port: 65535))
  }

  @Test func aMappedAddressIsTheIPv4Address() throws {
    let header = try header(ProxyWire.line("TCP6 ::ffff:192.0.2.1 ::ffff:c633:6407 1 2"))
    #expect(header.source == ProxyEndpoint(192, 0, 2, 1, port: 1))
    #expect(header.destination == ProxyEndpoint(198, 51, 100, 7, port: 2))
  }

  @Test(arguments: [
    "UNKNOWN", "UNKNOWN ", "UNKNOWN ffff::1 ffff::2 1 2", "UNKNOWN \r", "UNKNOWN a\nb\rc",
    "UNKNOWN TCP4",
  ])
  func unknownHasNoEndpoints(_ text: String) throws {
    let header = try header(ProxyWire.line(text))
    #expect(header.source == nil && header.destination == nil && header.version == 1)
  }

  // MARK: what is refused

  @Test(arguments: [
    ("", ProxyFault.LinePart.family), (" TCP4 1.2.3.4 5.6.7.8 1 2", .family),
    ("TCP5 1.2.3.4 5.6.7.8 1 2", .family), ("tcp4 1.2.3.4 5.6.7.8 1 2", .family),
    ("TCP 1.2.3.4 5.6.7.8 1 2", .family), ("UDP4 1.2.3.4 5.6.7.8 1 2", .family),
    ("UNKNOWN2", .family), ("UNKNOW", .family), ("TCP4\t1.2.3.4 5.6.7.8 1 2", .family),
    ("TCP4", .sourceAddress), ("TCP4 ", .sourceAddress),
    ("TCP4  1.2.3.4 5.6.7.8 1 2", .sourceAddress), ("TCP4 ::1 5.6.7.8 1 2", .sourceAddress),
    ("TCP4 1.2.3 5.6.7.8 1 2", .sourceAddress), ("TCP6 1.2.3.4 ::1 1 2", .sourceAddress),
    ("TCP6 fe80::1%eth0 ::1 1 2", .sourceAddress), ("TCP4 host 5.6.7.8 1 2", .sourceAddress),
    ("TCP4 1.2.3.4", .destinationAddress), ("TCP4 1.2.3.4  5.6.7.8 1 2", .destinationAddress),
    ("TCP4 1.2.3.4 5.6.7.256 1 2", .destinationAddress),
    ("TCP6 ::1 :: :2", .sourcePort), ("TCP4 1.2.3.4 5.6.7.8", .sourcePort),
    ("TCP4 1.2.3.4 5.6.7.8 65536 2", .sourcePort), ("TCP4 1.2.3.4 5.6.7.8 01 2", .sourcePort),
    ("TCP4 1.2.3.4 5.6.7.8 -1 2", .sourcePort), ("TCP4 1.2.3.4 5.6.7.8  1 2", .sourcePort),
    ("TCP4 1.2.3.4 5.6.7.8 1", .destinationPort), ("TCP4 1.2.3.4 5.6.7.8 1 ", .destinationPort),
    ("TCP4 1.2.3.4 5.6.7.8 1 +2", .destinationPort),
    ("TCP4 1.2.3.4 5.6.7.8 1 2x", .destinationPort),
    ("TCP4 1.2.3.4 5.6.7.8 1 2 ", .end), ("TCP4 1.2.3.4 5.6.7.8 1 2 3", .end),
    ("TCP4 1.2.3.4 5.6.7.8 1 2\n", .end), ("TCP4 1.2.3.4 5.6.7.8 1 2\r", .end),
    ("TCP4\n1.2.3.4 5.6.7.8 1 2", .end), ("TCP4 1.2.3.4 5.6.7.8\r1 2", .end),
    ("UNKNOWN\n", .end), ("UNKNOWN\r", .end), ("\n", .end),
  ])
  func aMalformedPartIsNamed(_ text: String, _ part: ProxyFault.LinePart) {
    #expect(Self.fault(text) == .fault(.line(part)))
  }

  /// A proxy that ends its line with LF alone would otherwise seem to wait.
  @Test func aLineEndingInLFAloneIsRefusedAtOnce() {
    #expect(read(Array("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n".utf8)) == .fault(.line(.end)))
    #expect(read(Array("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r".utf8)) == .incomplete)
    #expect(read(Array("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\rA".utf8)) == .fault(.line(.end)))
  }

  @Test func aFaultIsToldBeforeTheLineEnds() {
    #expect(read(Array("PROXY TCP4 1.2.3.999 ".utf8)) == .fault(.line(.sourceAddress)))
    #expect(read(Array("PROXY TCP4 1.2.3.999".utf8)) == .incomplete)
    #expect(read(Array("PROXY HTTP ".utf8)) == .fault(.line(.family)))
  }

  @Test func aChangedByteIsAFaultUnlessADigitBecomesAnother() throws {
    let line = ProxyWire.line("TCP4 1.2.3.4 5.6.7.8 9 9")
    let good = try header(line)
    for index in 6..<line.count {
      for byte in 0...UInt8.max where byte != line[index] {
        var changed = line
        changed[index] = byte
        switch read(changed) {
        case .header(let header):
          #expect([byte, line[index]].allSatisfy { (0x30...0x39).contains($0) }, "\(changed)")
          #expect(header != good && header.size == good.size)
        case .fault(.line): break
        case let other: Issue.record("\(other) in \(changed)")
        }
      }
    }
  }

  // MARK: length

  /// The longest line has 107 bytes.
  @Test func aLineIsAsLongAsItMayBe() throws {
    let full = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    let longest = ProxyWire.line("UNKNOWN \(full) \(full) 65535 65535")
    #expect(longest.count == 107)
    #expect(try header(longest).size == 107)
    let longer = ProxyWire.line("UNKNOWN \(full) \(full) 65535 65535 ")
    #expect(longer.count == 108)
    #expect(read(longer) == .fault(.lineTooLong))
    #expect(try header(ProxyWire.line("TCP6 \(full) \(full) 65535 65535")).size == 104)
  }

  /// The form with an IPv4 tail can be longer than the standard provides for.
  @Test func twoLongFormsMayNotFit() throws {
    let long = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"
    let short = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2"
    #expect(try header(ProxyWire.line("TCP6 \(long) \(short) 1 22")).size == 107)
    #expect(read(ProxyWire.line("TCP6 \(long) \(short) 11 22")) == .fault(.lineTooLong))
  }

  @Test(arguments: ["", "TCP4 ", "TCP6 ", "UNKNOWN ", "TCP4 1.2.3.4 5.6.7.8 1 "])
  func aLineWithoutAnEndIsRefusedAfter107Bytes(_ beginning: String) {
    let bytes = Array("PROXY \(beginning)".utf8) + [UInt8](repeating: 0x41, count: 200)
    #expect(read(Array(bytes.prefix(106))) == .incomplete)
    #expect(read(Array(bytes.prefix(107))) == .fault(.lineTooLong))
    #expect(read(bytes + Array("\r\n".utf8)) == .fault(.lineTooLong))
  }
}
