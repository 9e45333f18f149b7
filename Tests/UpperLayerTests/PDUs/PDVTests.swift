import TestKit
import Testing

@testable import UpperLayer

/// PS3.8 §9.3.5: the PDVs of a P-DATA-TF, whose lengths must add up to the PDU-length, which must
/// not exceed the announced maximum length.
struct PDVTests {
  static let invalid = AbortReason.malformedPDU(
    .dataTransfer, Malformed(item: 0, offset: 6, .doesNotAddUp))

  /// The body of a P-DATA-TF, and the resulting abort reason.
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var body: [UInt8]
    var reason: AbortReason?

    init(_ description: String, _ body: [UInt8], _ reason: AbortReason?) {
      testDescription = description
      self.body = body
      self.reason = reason
    }
  }

  private static let data = [UInt8](repeating: 0, count: 10)

  static let rows: [Row] = [
    Row("length 0", Wire.pdv(1, 1, data, length: 0), invalid),
    Row("length 1", Wire.pdv(1, 1, data, length: 1), invalid),
    Row("length 2: no data", Wire.pdv(1, 1, []), nil),
    Row("length 3: an odd fragment", Wire.pdv(1, 1, [0]), nil),
    Row("exact", Wire.pdv(1, 1, data), nil),
    Row("exact - 1: one byte is left", Wire.pdv(1, 1, data, length: 11), invalid),
    Row("exact + 1", Wire.pdv(1, 1, data, length: 13), invalid),
    Row("the PDU-length", Wire.pdv(1, 1, data, length: 16), invalid),
    Row("the largest number", Wire.pdv(1, 1, data, length: 0xFFFF_FFFF), invalid),
    Row("a number that wraps", Wire.pdv(1, 1, data, length: 0xFFFF_FFFC), invalid),
    Row("1 byte after it", Wire.pdv(1, 1, data) + [0], invalid),
    Row("2 bytes after it", Wire.pdv(1, 1, data) + [0, 0], invalid),
    Row("3 bytes after it", Wire.pdv(1, 1, data) + [0, 0, 0], invalid),
    Row("4 bytes after it", Wire.pdv(1, 1, data) + [0, 0, 0, 2], invalid),
    Row("5 bytes after it", Wire.pdv(1, 1, data) + [0, 0, 0, 2, 1], invalid),
    Row("another PDV after it", Wire.pdv(1, 1, data) + Wire.pdv(1, 1, []), nil),
    Row(
      "a bad PDV after it", Wire.pdv(1, 1, data) + Wire.pdv(1, 1, [], length: 1),
      .malformedPDU(.dataTransfer, Malformed(item: 0, offset: 22, .doesNotAddUp))),
    Row(
      "a PDV after it that is too long", Wire.pdv(1, 1, data) + Wire.pdv(1, 1, [], length: 3),
      .malformedPDU(.dataTransfer, Malformed(item: 0, offset: 22, .doesNotAddUp))),
    Row("another context", Wire.pdv(2, 1, data), .unknownPresentationContext(2)),
    Row("context 0", Wire.pdv(0, 1, data), .unknownPresentationContext(0)),
    Row("a data set fragment", Wire.pdv(1, 0, data), .dataSetFragment),
    Row("a last data set fragment", Wire.pdv(1, 2, data), .dataSetFragment),
    Row("other control bits set", Wire.pdv(1, 0xFD, data), nil),
  ]

  @Test(arguments: rows) func lengthsAndContents(_ row: Row) {
    for size in [1, 7, 1000] {
      var peer = Peer.arrived(in: .established)
      let answer = peer.send(Wire.pdu(4, row.body), inPiecesOf: size)
      guard let reason = row.reason else {
        #expect(answer == [])
        #expect(peer.host.lines == [])
        #expect(peer.state == .established)
        continue
      }
      let abort = reason.abort
      #expect(answer == Wire.abort(Int(abort.source), Int(abort.reason)))
      #expect(peer.host.lines == [aborting(Int(abort.source), Int(abort.reason), reason, in: 6)])
      #expect(peer.state == .awaitingClose)
    }
  }

  /// A bad PDV is refused by its header, before its fragment arrives.
  @Test(arguments: [
    Wire.pdv(1, 1, [], length: 0), Wire.pdv(1, 1, [], length: 1000),
    Wire.pdv(9, 1, [], length: 90), Wire.pdv(1, 0, [], length: 96),
  ])
  func aBadPDVIsRefusedByItsHeader(_ header: [UInt8]) {
    var peer = Peer.arrived(in: .established)
    #expect(peer.send(Wire.pdu(4, header, length: 100)).first == 7)
    #expect(peer.state == .awaitingClose)
  }

  /// The rest of a P-DATA-TF with a refused PDV is skipped, and the next PDU is read.
  @Test(arguments: [1, 5, 1000]) func theRestOfAnAbortedPDUIsSkipped(_ size: Int) {
    var peer = Peer.arrived(in: .established)
    let pdu = Wire.data(Wire.pdv(9, 3, Self.data), Wire.pdv(1, 3, Wire.echoCommand(messageID: 1)))
    #expect(peer.send(pdu + Wire.abort(0, 3), inPiecesOf: size) == Wire.abort(0, 0))
    #expect(peer.host.lines.last == "abort received 0/3 in Sta13")
  }

  /// PS3.8 annex D.1: the announced maximum length does not count the PDU header.
  @Test(arguments: [16, 100, 16382, 1 << 20]) func aPDUUpToTheMaximumIsTaken(_ maximum: Int) {
    var peer = Peer.arrived(in: .established, maximumLength: UInt32(maximum))
    let largest = Wire.pdu(4, Wire.pdv(1, 1, [0, 0]), length: maximum)
    #expect(peer.send(Array(largest.prefix(6))) == [])
    #expect(peer.state == .established)
  }

  @Test(arguments: [16, 100, 16382, 1 << 20]) func aPDUBeyondTheMaximumIsNot(_ maximum: Int) {
    var peer = Peer.arrived(in: .established, maximumLength: UInt32(maximum))
    #expect(peer.send(Wire.pdu(4, [], length: maximum + 1)) == Wire.abort(2, 6))
    let reason = AbortReason.pduTooLong(
      .dataTransfer, length: UInt32(maximum + 1), limit: UInt32(maximum))
    #expect(peer.host.lines == [aborting(2, 6, reason, in: 6)])
  }

  @Test(arguments: [6, 1 << 20, 0xFFFF_FFFF]) func withoutAMaximumAnyPDUIsTaken(_ length: Int) {
    var peer = Peer.arrived(in: .established, maximumLength: 0)
    #expect(peer.send(Wire.pdu(4, [], length: length)) == [])
    #expect(peer.send(Wire.pdv(1, 1, [])) == [])
    #expect(peer.state == .established)
  }

  /// A PDU of 4 GiB is allowed; a fragment too long for a command set is refused by its header.
  @Test(arguments: [(16384, nil), (16385, 16385), (0xFFFF_FFF9, 0xFFFF_FFF9)] as [(Int, UInt32?)])
  func aHugePDUIsRefusedByItsPDV(_ fragment: Int, _ tooLong: UInt32?) {
    var peer = Peer.arrived(in: .established, maximumLength: 0)
    let answer = peer.send(
      Wire.pdu(4, Wire.pdv(1, 3, [], length: fragment + 2), length: 0xFFFF_FFFF))
    if let tooLong {
      #expect(answer == Wire.abort(0, 0))
      #expect(peer.host.lines == [aborting(0, 0, .commandTooLong(tooLong), in: 6)])
    } else {
      #expect(answer == [])
      #expect(peer.state == .established)
    }
  }

  /// The largest possible PDV does not wrap the 32-bit size of the command set.
  @Test func aFragmentWhoseSumWrapsIsTooLong() throws {
    var peer = Peer.arrived(in: .established, maximumLength: 0)
    peer.send(Wire.data(Wire.pdv(1, 1, [UInt8](repeating: 0, count: 100))))
    let answer = peer.send(
      Wire.pdu(4, Wire.pdv(1, 1, [], length: 0xFFFF_FFFB), length: 0xFFFF_FFFF))
    #expect(answer == Wire.abort(0, 0))
    let line = try #require(peer.host.lines.last)
    #expect(line == aborting(0, 0, .commandTooLong(.max), in: 6))
  }

  @Test func theFieldsOfAHeader() {
    let bytes: [UInt8] = [0xEE, 0x00, 0x00, 0x01, 0x02, 0x7F, 0x02, 0xEE]
    let pdv = PDV(bytes.span, at: 1)
    #expect(pdv.length == 0x102)
    #expect(pdv.fragmentLength == 0x100)
    #expect(pdv.contextID == 0x7F)
    #expect(!pdv.isCommand)
    #expect(pdv.isLast)
  }

  @Test(arguments: 0...255) func onlyTwoBitsOfTheControlHeaderCount(_ control: Int) {
    let bytes: [UInt8] = [0, 0, 0, 2, 1, UInt8(control)]
    let pdv = PDV(bytes.span, at: 0)
    #expect(pdv.isCommand == (control % 2 == 1))
    #expect(pdv.isLast == (control / 2 % 2 == 1))
  }
}
