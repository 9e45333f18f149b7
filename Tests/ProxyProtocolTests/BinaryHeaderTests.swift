import TestKit
import Testing

@testable import ProxyProtocol

/// Headers of version 2 without their extensions (section 2.2).
@Suite struct BinaryHeaderTests {
  // MARK: what is accepted

  @Test func ipv4IsRead() throws {
    let header = try header(Sample.ipv4)
    #expect(header.version == 2 && header.size == 28)
    #expect(header.source == ProxyEndpoint(192, 0, 2, 1, port: 56324))
    #expect(header.destination == ProxyEndpoint(198, 51, 100, 7, port: 104))
    #expect(header.tls == nil && header.authority == [] && header.uniqueID == [])
    #expect(Sample.ipv4 == ProxyWire.header(ProxyWire.ipv4))
  }

  @Test func ipv6IsRead() throws {
    let header = try header(Sample.ipv6)
    #expect(header.version == 2 && header.size == 52)
    let network: InlineArray<16, UInt8> = [0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    #expect(header.source == ProxyEndpoint(address: network, port: 65535))
    var second = network
    second[15] = 2
    #expect(header.destination == ProxyEndpoint(address: second, port: 11112))
  }

  @Test func bothVersionsGiveTheSameEndpoints() throws {
    let binary = try header(Sample.ipv4)
    for text in [
      "TCP4 192.0.2.1 198.51.100.7 56324 104",
      "TCP6 ::ffff:192.0.2.1 ::ffff:198.51.100.7 56324 104",
    ] {
      let line = try header(ProxyWire.line(text))
      #expect(line.source == binary.source && line.destination == binary.destination)
    }
  }

  @Test func aConnectionOfTheProxyHasNoEndpoints() throws {
    let header = try header(Sample.local)
    #expect(header.version == 2 && header.size == 16)
    #expect(header.source == nil && header.destination == nil)
  }

  /// The receiver ignores all but the length of a LOCAL header: the family, addresses and extensions, right or wrong.
  @Test(arguments: [0x00, 0x11, 0x21, 0x31, 0x40, 0x1F, 0xFF])
  func aLocalHeaderIsSkipped(_ family: Int) throws {
    for block in [
      [], ProxyWire.ipv4, [1, 2, 3], ProxyWire.ipv4 + ProxyWire.tlv(3, [0], length: 9),
    ] {
      let bytes = ProxyWire.header(command: 0x20, family: family, block)
      let header = try header(bytes)
      #expect(header.source == nil && header.authority == [])
    }
  }

  @Test(arguments: [0x00, 0x01, 0x02])
  func anUnspecifiedFamilyIsSkipped(_ family: Int) throws {
    for block in [[], [1], ProxyWire.ipv4, ProxyWire.tlv(2, [0x61])] {
      let header = try header(ProxyWire.header(family: family, block))
      #expect(header.source == nil && header.authority == [])
    }
  }

  /// Its extensions are read nevertheless.
  @Test(arguments: [0x10, 0x12, 0x20, 0x22, 0x30, 0x31, 0x32])
  func aConnectionOtherThanTCPHasNoEndpoints(_ family: Int) throws {
    let size = [1: 12, 2: 36, 3: 216][family >> 4] ?? 0
    let addresses = [UInt8](repeating: 7, count: size)
    let bytes = ProxyWire.header(family: family, addresses + ProxyWire.tlv(2, [0x61]))
    let header = try header(bytes)
    #expect(header.source == nil && header.destination == nil)
    #expect(header.authority == [0x61])
  }

  // MARK: what is refused

  @Test func everyVersionAndCommandIsJudged() {
    for byte in 0...UInt8.max {
      let reading = read(ProxyWire.header(command: Int(byte), ProxyWire.ipv4))
      switch (byte >> 4, byte & 0xF) {
      case (2, 0...1):
        guard case .header(let header) = reading else {
          Issue.record("\(byte): \(reading)")
          continue
        }
        #expect((header.source == nil) == (byte == 0x20))
      case (2, let command): #expect(reading == .fault(.command(command)))
      case (let version, _): #expect(reading == .fault(.version(version)))
      }
    }
  }

  @Test func everyFamilyAndTransportIsJudged() {
    for byte in 0...UInt8.max {
      let block = [UInt8](repeating: 0, count: 216)
      let reading = read(ProxyWire.header(family: Int(byte), block))
      switch (byte >> 4, byte & 0xF) {
      case (0...3, 0...2):
        guard case .header(let header) = reading else {
          Issue.record("\(byte): \(reading)")
          continue
        }
        #expect((header.source != nil) == [0x11, 0x21].contains(byte))
      case (0...3, let transport): #expect(reading == .fault(.transport(transport)))
      case (let family, _): #expect(reading == .fault(.family(family)))
      }
    }
  }

  /// A wrong field is found as soon as the first 16 bytes have come.
  @Test func aFaultIsToldBeforeTheBlockHasCome() {
    let faults: [([UInt8], ProxyFault)] = [
      ([0x11, 0x11, 0, 12], .version(1)), ([0x2F, 0x11, 0, 12], .command(15)),
      ([0x21, 0x41, 0, 12], .family(4)), ([0x21, 0x13, 0, 12], .transport(3)),
      ([0x21, 0x11, 3, 0xF1], .tooLong(1025)), ([0x21, 0x11, 0xFF, 0xFF], .tooLong(65551)),
      ([0x20, 0x00, 3, 0xF1], .tooLong(1025)), ([0x21, 0x00, 0xFF, 0xFF], .tooLong(65551)),
      ([0x21, 0x11, 0, 11], .addressesTooShort(11)), ([0x21, 0x12, 0, 0], .addressesTooShort(0)),
      ([0x21, 0x21, 0, 35], .addressesTooShort(35)),
      ([0x21, 0x31, 0, 215], .addressesTooShort(215)),
    ]
    for (fields, fault) in faults {
      let bytes = ProxyWire.signature + fields
      #expect(read(bytes.dropLast()) == .incomplete)
      #expect(read(bytes) == .fault(fault))
      #expect(read(bytes + [UInt8](repeating: 0, count: 1100)) == .fault(fault))
    }
  }

  @Test(arguments: [(0x11, 12), (0x21, 36), (0x31, 216)])
  func theAddressesOfEachFamilyAreEnough(_ family: Int, _ size: Int) throws {
    let bytes = ProxyWire.header(family: family, [UInt8](repeating: 1, count: size))
    #expect(try header(bytes).size == 16 + size)
  }

  @Test func aHeaderIsAsLongAsItMayBe() throws {
    let rest = ProxyHeader.mostBytes - 16 - 12 - 3
    let longest = ProxyWire.header(
      ProxyWire.ipv4 + ProxyWire.tlv(4, [UInt8](repeating: 0, count: rest)))
    #expect(longest.count == 1024)
    #expect(try header(longest).source != nil)
    #expect(read(longest.dropLast()) == .incomplete)
    let longer = ProxyWire.header(
      ProxyWire.ipv4 + ProxyWire.tlv(4, [UInt8](repeating: 0, count: rest + 1)))
    #expect(read(longer) == .fault(.tooLong(1025)))
  }
}
