import TestKit
import Testing
import UpperLayer

/// The PDU-length of every kind of PDU in every state. The acceptor checks in this order: whether
/// the type is known, whether it is allowed in this state, the length, the contents.
struct FramingTests {
  /// The lengths in the heading of the table below.
  static let lengths = [0, 1, 3, 4, 5, 67, 68, 256 << 10, 256 << 10 + 1, 0xFFFF_FFFF]

  // The answer: s/r is an A-ABORT with this source and reason, rj an A-ASSOCIATE-RJ, rp an
  // A-RELEASE-RP, - no answer; idle is no answer and Sta1. Of a longer body only 68 bytes are sent.
  // swift-format-ignore
  static let rows: [LengthRow] = [
    //                    0    1    3    4    5    67   68   2^18 +1   2^32-1
    LengthRow(2, 0x01, "0/0  0/0  0/0  0/0  0/0  0/0  rj   -    0/0  0/0"),
    LengthRow(2, 0x02, "0/0  0/0  0/0  0/0  0/0  0/0  0/0  0/0  0/0  0/0"),
    LengthRow(2, 0x03, "0/0  0/0  0/0  0/0  0/0  0/0  0/0  0/0  0/0  0/0"),
    LengthRow(2, 0x04, "0/0  0/0  0/0  0/0  0/0  0/0  0/0  0/0  0/0  0/0"),
    LengthRow(2, 0x05, "0/0  0/0  0/0  0/0  0/0  0/0  0/0  0/0  0/0  0/0"),
    LengthRow(2, 0x06, "0/0  0/0  0/0  0/0  0/0  0/0  0/0  0/0  0/0  0/0"),
    LengthRow(2, 0x07, "idle idle idle idle idle idle idle idle idle idle"),
    LengthRow(2, 0x08, "0/0  0/0  0/0  0/0  0/0  0/0  0/0  0/0  0/0  0/0"),

    LengthRow(6, 0x01, "2/2  2/2  2/2  2/2  2/2  2/2  2/2  2/2  2/2  2/2"),
    LengthRow(6, 0x02, "2/2  2/2  2/2  2/2  2/2  2/2  2/2  2/2  2/2  2/2"),
    LengthRow(6, 0x03, "2/2  2/2  2/2  2/2  2/2  2/2  2/2  2/2  2/2  2/2"),
    LengthRow(6, 0x04, "2/6  2/6  2/6  2/6  2/6  -    -    2/6  2/6  2/6"),
    LengthRow(6, 0x05, "2/6  2/6  2/6  rp   2/6  2/6  2/6  2/6  2/6  2/6"),
    LengthRow(6, 0x06, "2/2  2/2  2/2  2/2  2/2  2/2  2/2  2/2  2/2  2/2"),
    LengthRow(6, 0x07, "idle idle idle idle idle idle idle idle idle idle"),
    LengthRow(6, 0x08, "2/1  2/1  2/1  2/1  2/1  2/1  2/1  2/1  2/1  2/1"),

    LengthRow(13, 0x01, "2/2  2/2  2/2  2/2  2/2  2/2  2/2  2/2  2/2  2/2"),
    LengthRow(13, 0x02, "-    -    -    -    -    -    -    -    -    -"),
    LengthRow(13, 0x03, "-    -    -    -    -    -    -    -    -    -"),
    LengthRow(13, 0x04, "-    -    -    -    -    -    -    -    -    -"),
    LengthRow(13, 0x05, "2/6  2/6  2/6  -    2/6  2/6  2/6  2/6  2/6  2/6"),
    LengthRow(13, 0x06, "2/6  2/6  2/6  -    2/6  2/6  2/6  2/6  2/6  2/6"),
    LengthRow(13, 0x07, "idle idle idle idle idle idle idle idle idle idle"),
    LengthRow(13, 0x08, "2/1  2/1  2/1  2/1  2/1  2/1  2/1  2/1  2/1  2/1"),

    LengthRow(1, 0x01, "idle idle idle idle idle idle idle idle idle idle"),
    LengthRow(1, 0x04, "idle idle idle idle idle idle idle idle idle idle"),
    LengthRow(1, 0x07, "idle idle idle idle idle idle idle idle idle idle"),
    LengthRow(1, 0x08, "idle idle idle idle idle idle idle idle idle idle"),
  ]

  @Test(arguments: rows) func everyPDULengthInEveryState(_ row: LengthRow) throws {
    #expect(row.verdicts.count == Self.lengths.count)
    for (length, verdict) in zip(Self.lengths, row.verdicts) {
      var peer = Peer.arrived(in: try #require(AcceptorState(rawValue: UInt8(row.state))))
      let whole = Wire.pdu(row.type, LengthRow.body(row.type, length), length: length)
      let answer = peer.send(Array(whole.prefix(6 + 68)))
      #expect(answer == LengthRow.replies[verdict], "length \(length)")
      let next =
        switch verdict {
        case "-": row.state
        case "idle": 1
        default: 13
        }
      #expect(Int(peer.state.rawValue) == next, "length \(length)")
    }
  }

  /// A first byte that is not a PDU type is refused at once, before the rest of the header arrives.
  @Test(arguments: [0] + Array(8...255)) func anUnknownTypeIsRefusedByItsFirstByte(_ type: Int) {
    var fresh = Peer.arrived(in: .awaitingRequest)
    #expect(fresh.send([UInt8(type)]) == Wire.abort(0, 0))
    #expect(fresh.connection.waiting == .foreignClose)

    var associated = Peer.arrived(in: .established)
    #expect(associated.send([UInt8(type)]) == Wire.abort(2, 1))
    #expect(associated.host.lines == [aborting(2, 1, .unrecognizedPDU(type: UInt8(type)), in: 6)])
    #expect(associated.connection.waiting == .close)

    var ending = Peer.arrived(in: .awaitingClose)
    #expect(ending.send([UInt8(type)]) == Wire.abort(2, 1))
    #expect(ending.connection.waiting == .close)
  }

  /// The first byte could begin a PDU, but the next ones cannot: refused before all six have arrived.
  @Test(arguments: [
    (ForeignProtocol.rdp, [0x03, 0x00, 0x00, 0x13] as [UInt8]),
    (.socks, [0x04, 0x01]),
    (.socks, [0x05, 0x01, 0x00]),
  ])
  func aForeignProtocolIsRefusedAsSoonAsItShows(_ foreign: ForeignProtocol, _ bytes: [UInt8]) {
    var peer = Peer()
    #expect(peer.send(Array(bytes.dropLast())) == [])
    #expect(peer.state == .awaitingRequest)
    #expect(peer.send(Array(bytes.suffix(1))) == Wire.abort(0, 0))
    #expect(peer.host.lines == [aborting(0, 0, .foreignProtocol(foreign), in: 2)])
    #expect(peer.connection.waiting == .foreignClose)
  }

  /// Bytes that look foreign at the start of a connection are read as a PDU inside an association.
  @Test func insideAnAssociationNothingIsForeign() {
    var peer = Peer.arrived(in: .established)
    #expect(peer.send([0x03, 0x00, 0x00, 0x13, 0, 0]) == Wire.abort(2, 2))
    #expect(peer.host.lines == [aborting(2, 2, .unexpectedPDU(.associateReject), in: 6)])
  }

  /// After an impossible length the start of the next PDU is unknown, so nothing more is read.
  @Test(arguments: [
    Wire.pdu(4, [], length: 5), Wire.pdu(5, [], length: 5), Wire.pdu(4, [], length: 16383),
    Wire.pdu(8, []), Wire.data(Wire.pdv(1, 3, [], length: 1)),
  ])
  func afterFramingIsLostNothingIsRead(_ bytes: [UInt8]) {
    var peer = Peer.arrived(in: .established)
    #expect(peer.send(bytes).first == 7)
    peer.host.lines = []
    #expect(peer.send(Wire.associateRequest() + Wire.abort(0, 0) + [0xFF]) == [])
    #expect(peer.host.lines == [])
    #expect(peer.kept == [])
    #expect(peer.state == .awaitingClose)
  }

  /// A PDU that is merely unexpected has a known end, so the next one is read.
  @Test(arguments: [0, 1, 100, 70_000]) func behindAnUnexpectedPDUTheNextOneIsRead(_ size: Int) {
    var peer = Peer.arrived(in: .established)
    let unexpected = Wire.pdu(2, [UInt8](repeating: 7, count: size))
    #expect(peer.send(unexpected + Wire.abort(0, 1), inPiecesOf: 1000) == Wire.abort(2, 2))
    #expect(peer.host.lines.last == "abort received 0/1 in Sta13")
    #expect(peer.state == .idle)
  }

  /// Reserved bytes, byte 2 of the header and those in the body, are never tested.
  @Test func reservedBytesAreNotTested() {
    var peer = Peer.arrived(in: .established)
    #expect(peer.send([5, 0xFF, 0, 0, 0, 4, 1, 2, 3, 4]) == Wire.releaseReply)
    #expect(peer.send([7, 0xFF, 0, 0, 0, 4, 1, 2, 3, 4]) == [])
    #expect(peer.host.lines == ["released notes=0", "abort received 3/4 in Sta13"])
  }
}

/// The answers to one type of PDU in one state, for each PDU-length.
struct LengthRow: Sendable, CustomTestStringConvertible {
  var state: Int
  var type: Int
  var verdicts: [String]

  init(_ state: Int, _ type: Int, _ verdicts: String) {
    self.state = state
    self.type = type
    self.verdicts = verdicts.split(separator: " ").map(String.init)
  }

  var testDescription: String { "Sta\(state), type \(type)" }

  static let replies: [String: [UInt8]] = [
    "-": [], "idle": [], "rj": Wire.reject(1, 1, 2), "rp": Wire.releaseReply,
    "0/0": Wire.abort(0, 0), "2/1": Wire.abort(2, 1), "2/2": Wire.abort(2, 2),
    "2/6": Wire.abort(2, 6),
  ]

  /// The best possible body for a PDU of `length`, up to its first 68 bytes: fixed fields, or a
  /// fragment of a message.
  static func body(_ type: Int, _ length: Int) -> [UInt8] {
    if type == 0x01 { return Array(Wire.fixedFields().prefix(length)) }
    let size = min(length, 68)
    guard type == 0x04, size >= 6 else { return [UInt8](repeating: 0, count: size) }
    return Wire.pdv(1, 1, [UInt8](repeating: 0, count: size - 6))
  }
}
