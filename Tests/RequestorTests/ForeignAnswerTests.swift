import TestKit
import Testing
import UpperLayer

@testable import Requestor

/// Another protocol whose first byte could begin a PDU is not reported as a fault of an SCP, and a faulty
/// PDU of an SCP is not reported as another protocol.
@Suite struct ForeignAnswerTests {
  /// The failure for `bytes` as the first answer, in pieces of this size.
  private static func failure(_ bytes: [UInt8], by size: Int) -> EchoSCU.Failure? {
    var scu = EchoSCU(.implicit)
    _ = scu.takeOutput()
    for start in stride(from: 0, to: bytes.count, by: size) {
      let events = scu.hear(Array(bytes[start..<min(start + size, bytes.count)]))
      if case .failed(let failure) = events.last { return failure }
    }
    guard case .failed(let failure) = scu.end() else { return nil }
    return failure
  }

  /// Other protocols whose first bytes might begin a PDU.
  static let foreign: [([UInt8], ForeignProtocol)] = [
    // Control characters that frame the lines of scales, readers and analyzers.
    (Array("\u{1}hello, scale 1.0\r\n".utf8), .other),
    (Array("\u{2}hello, scale 1.0\r\n".utf8), .other),
    (Array("\u{2}hello, scale 1.0\n".utf8), .other),
    (Array("\u{3}hello, scale 1.0\r\n".utf8), .other),
    (Array("\u{4}hello, scale 1.0\r\n".utf8), .other),
    (Array("\u{5}hello, scale 1.0\r\n".utf8), .other),
    (Array("\u{6}hello, scale 1.0\r\n".utf8), .other),
    (Array("\u{7}hello, scale 1.0\r\n".utf8), .other),
    (Array("\u{2}42\r\n".utf8), .other),
    (Array("\u{5}\u{5}\u{5}\u{5}\u{5}\u{5}".utf8), .analyzer),
    // A connection confirm in a TPKT.
    ([0x03, 0, 0, 0x13, 0x0E, 0xD0, 0, 0, 0x12, 0x34, 0, 2, 0x1F, 8, 0, 2, 0, 0, 0], .rdp),
    ([0x03, 0, 0, 0x13], .rdp),
    // A bind acknowledgment of DCE/RPC.
    ([0x05, 0, 0x0C, 0x03, 0x10, 0, 0, 0, 0x44, 0], .other),
    ([0x02, 0, 1, 0, 0, 0], .other),
    ([0x03, 0, 1, 0, 0, 0], .other),
    ([0x03, 1, 0, 0, 0, 5, 0, 1, 1, 1, 0], .other),
  ]

  @Test("Bytes with a length that no PDU has are foreign", arguments: foreign)
  func isForeign(_ bytes: [UInt8], _ expected: ForeignProtocol) {
    for size in [1, 3, 1000] {
      guard case .foreign(let found, let shown) = Self.failure(bytes, by: size) else {
        Issue.record("\(String(describing: Self.failure(bytes, by: size)))")
        continue
      }
      #expect(found == expected && bytes.starts(with: shown))
    }
  }

  @Test("A reserved byte alone never makes an answer foreign", arguments: PDUType.allCases)
  func reserved(type: PDUType) {
    let isFixed = ![.associateRequest, .associateAccept, .dataTransfer].contains(type)
    for reserved in UInt8.min...UInt8.max {
      let length = isFixed ? 4 : 68
      let bytes =
        [type.rawValue, reserved] + Wire.be32(length) + [UInt8](repeating: 0, count: length)
      for size in [1, 5, 1000] {
        if case .foreign(let found, _) = Self.failure(bytes, by: size) {
          Issue.record("\(found) for the reserved byte \(reserved)")
        }
      }
    }
  }

  @Test("An A-ASSOCIATE-RJ of wrong length is not foreign", arguments: [0, 3, 5, 10, 0xFFFF])
  func faultyRejection(length: Int) {
    let bytes = Wire.pdu(3, [0, 1, 1, 1], length: length)
    #expect(Self.failure(bytes, by: 1000) == .wrong(.malformed(type: 3)))
    #expect(Self.failure(bytes, by: 1) == .wrong(.malformed(type: 3)))
  }

  @Test("A long A-ASSOCIATE-AC is not foreign", arguments: [1 << 17, 1 << 24 - 1])
  func longAccept(length: Int) {
    let failure = Self.failure(Wire.pdu(2, [], length: length), by: 1000)
    #expect(failure == .wrong(.tooLong(type: 2, length: UInt32(length))))
  }
}
