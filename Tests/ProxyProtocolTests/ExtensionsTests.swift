import TestKit
import Testing

@testable import ProxyProtocol

/// The extensions of a header of version 2 but for PP2_TYPE_SSL (sections 2.2.1 to 2.2.5).
@Suite struct ExtensionsTests {
  private static func with(_ extensions: [UInt8]) -> [UInt8] {
    ProxyWire.header(ProxyWire.ipv4 + extensions)
  }

  @Test func allExtensionsAreRead() throws {
    let header = try header(Sample.full)
    #expect(header.source == ProxyEndpoint(192, 0, 2, 1, port: 56324))
    #expect(header.authority == Array("pacs.example".utf8))
    #expect(header.uniqueID == [0, 0xFF, 7])
    #expect(header.tls?.version == "TLSv1.3" && header.tls?.commonName == Array("CT1".utf8))
  }

  @Test func authorityAndUniqueIDHaveAnyBytes() throws {
    let all = Array(0...UInt8.max)
    #expect(try header(Self.with(ProxyWire.tlv(2, all))).authority == all)
    #expect(try header(Self.with(ProxyWire.tlv(5, all.suffix(128)))).uniqueID == all.suffix(128))
    #expect(try header(Self.with(ProxyWire.tlv(2, []) + ProxyWire.tlv(5, []))).uniqueID == [])
  }

  @Test func aUniqueIDThatIsTooLongIsNotRead() throws {
    let id = [UInt8](repeating: 1, count: 129)
    #expect(try header(Self.with(ProxyWire.tlv(5, id))).uniqueID == [])
  }

  @Test func theFirstOfATypeCounts() throws {
    let header = try header(
      Self.with(
        ProxyWire.tlv(2, [1]) + ProxyWire.tlv(5, [2]) + ProxyWire.tlv(2, [3])
          + ProxyWire.tlv(5, [4])))
    #expect(header.authority == [1] && header.uniqueID == [2])
  }

  @Test func otherTypesAreSkipped() throws {
    let known: [Int] = [0x02, 0x03, 0x05, 0x20]
    for type in 0...255 where !known.contains(type) {
      let header = try header(
        Self.with(ProxyWire.tlv(type, [0x61, 0x62]) + ProxyWire.tlv(2, [9])))
      #expect(header.authority == [9] && header.uniqueID == [] && header.tls == nil)
    }
  }

  // MARK: lengths

  @Test func anExtensionEndsWithinTheHeader() {
    for type in [0x01, 0x02, 0x03, 0x04, 0x05, 0x20, 0xFF] {
      let fault = ProxyHeader.Reading.fault(.extensionTooLong(type: UInt8(type)))
      for length in [4, 5, 255, 256, 65535] {
        #expect(read(Self.with(ProxyWire.tlv(type, [1, 2, 3], length: length))) == fault)
      }
      #expect(read(Self.with([UInt8(type)])) == fault)
      #expect(read(Self.with([UInt8(type), 0])) == fault)
      #expect(read(Self.with(ProxyWire.tlv(4, []) + [UInt8(type), 0])) == fault)
      // What follows the header does not belong to the extension.
      #expect(read(Self.with([UInt8(type), 0, 1]) + [7, 7, 7]) == fault)
    }
  }

  // MARK: checksum

  /// A header with a checksum that another implementation computed (Python, table-driven).
  @Test func aKnownChecksumIsRight() throws {
    let bytes = Self.with([0x03, 0, 4, 0x51, 0x57, 0x14, 0x7A])
    #expect(try header(bytes).source == ProxyEndpoint(192, 0, 2, 1, port: 56324))
    #expect(bytes == ProxyWire.withChecksum(Sample.ipv4))
  }

  @Test func aChecksumMayStandAnywhere() throws {
    let other = ProxyWire.tlv(2, Array("pacs".utf8))
    var bytes = Self.with(ProxyWire.tlv(3, [0, 0, 0, 0]) + other)
    let sum = Wire.be32(Int(ProxyWire.crc32c(bytes)))
    bytes.replaceSubrange(31..<35, with: sum)
    #expect(try header(bytes).authority == Array("pacs".utf8))
    #expect(read(bytes + [1, 2, 3]) == .header(try header(bytes)))
  }

  @Test(arguments: [[], [0], [0, 0, 0], [0, 0, 0, 0, 0]] as [[UInt8]])
  func aChecksumHasFourBytes(_ value: [UInt8]) {
    #expect(read(Self.with(ProxyWire.tlv(3, value))) == .fault(.checksum))
  }

  @Test func aSecondChecksumIsAFault() {
    #expect(read(ProxyWire.withChecksum(Sample.full)) == .fault(.checksum))
  }

  @Test(arguments: [Sample.full, ProxyWire.withChecksum(Sample.ipv6)])
  func aChangedBitNeverGivesAnotherClient(_ bytes: [UInt8]) throws {
    let good = try header(bytes)
    let addresses = 16..<(bytes[13] == 0x11 ? 28 : 52)
    for index in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[index] ^= 1 << UInt8(bit)
        let reading = read(changed)
        let place = "bit \(bit) of byte \(index): \(reading)"
        switch reading {
        case .fault(.notAHeader): #expect(index < 12, "\(place)")
        case .fault: #expect(index >= 12, "\(place)")
        // The length is greater.
        case .incomplete: #expect(index == 14 || index == 15, "\(place)")
        case .header(let header):
          // LOCAL, the unspecified family, and the type or length without which there is no checksum.
          #expect(header.source == nil || header.source == good.source, "\(place)")
        }
        if addresses.contains(index) || index >= bytes.count - 4 {
          #expect(reading == .fault(.checksum), "\(place)")
        }
      }
    }
  }

  /// Within PP2_TYPE_SSL, the number has no meaning.
  @Test func aPartOfTLSIsNotAChecksum() throws {
    let bytes = Self.with(ProxyWire.tls(client: 1, ProxyWire.tlv(3, [1])))
    #expect(try header(bytes).tls != nil)
  }
}
