import TestKit
import Testing

@testable import ProxyProtocol

/// The checksum of the extension PP2_TYPE_CRC32C, by the examples of RFC 3720 §B.4 and the usual check value.
@Suite struct CRC32CTests {
  private static func sum(_ bytes: [UInt8]) -> UInt32 {
    var sum = CRC32C()
    sum.add(bytes.span)
    return sum.value
  }

  @Test(
    arguments: [
      ([], 0), (Array("123456789".utf8), 0xE306_9283),
      ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
      ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43), (Array(0...31), 0x46DD_794E),
      (Array((0...31).reversed()), 0x113F_DB5C),
    ] as [([UInt8], UInt32)])
  func theKnownSumsAreRight(_ bytes: [UInt8], _ value: UInt32) {
    #expect(Self.sum(bytes) == value)
    #expect(ProxyWire.crc32c(bytes) == value)
  }

  @Test func aSumIsThatOfAllPartsAdded() {
    let bytes = Array("123456789".utf8)
    for count in 0...9 {
      var sum = CRC32C()
      sum.add(bytes.span.extracting(first: count))
      for byte in bytes[count...] { sum.add(byte) }
      #expect(sum.value == 0xE306_9283)
    }
  }
}
