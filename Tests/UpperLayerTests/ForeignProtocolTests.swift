import TestKit
import Testing
import UpperLayer

/// What reaches a DICOM port by mistake or by a scanner, told by its first bytes.
struct ForeignProtocolTests {
  static func found(_ bytes: [UInt8]) -> ForeignProtocol? {
    ForeignProtocol(firstBytes: bytes.span)
  }

  /// What a client opens with, and what it is taken for.
  static let openings: [([UInt8], ForeignProtocol?)] = [
    (Wire.bytes("GET / HTTP/1.1\r\n"), .http),
    (Wire.bytes("HEAD /x HTTP/1.0\r\n"), .http),
    (Wire.bytes("POST / HTTP/1.1\r\n"), .http),
    (Wire.bytes("PUT / HTTP/1.1\r\n"), .http),
    (Wire.bytes("DELETE / HTTP/1.1\r\n"), .http),
    (Wire.bytes("OPTIONS * HTTP/1.1\r\n"), .http),
    (Wire.bytes("CONNECT a:1 HTTP/1.1\r\n"), .http),
    (Wire.bytes("TRACE / HTTP/1.1\r\n"), .http),
    (Wire.bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), .http),
    (Wire.bytes("HTTP/1.1 400 Bad Request\r\n"), .http),
    (Wire.bytes("PROPFIND / HTTP/1.1\r\n"), .http),
    (Wire.bytes("GET /\r\n"), .http),
    (Wire.bytes("GET /\r\nX: RTSP/1.0\r\n"), .http),
    (Wire.bytes("GET /" + String(repeating: "x", count: 3000)), .http),
    (Wire.bytes("OPTIONS / RTSP/1.0\r\n\r\n"), .other),
    (Wire.bytes("OPTIONS sip:nm SIP/2.0\r\nVia: SIP/2.0/TCP nm"), .other),
    (Wire.bytes("DESCRIBE rtsp://a/ RTSP/1.0\r\n"), .other),
    (Wire.bytes("EHLO a\r\nX: HTTP/1.1\r\n"), .other),
    (Wire.bytes("GETTING"), .other),
    (Wire.bytes("get / http/1.1"), .other),
    (Wire.bytes("GET"), .other),
    (Wire.bytes("SSH-2.0-OpenSSH_9.2\r\n"), .ssh),
    (Wire.bytes("SSH"), .other),
    (Wire.bytes("MSH|^~\\&|"), .hl7),
    ([0x0B] + Wire.bytes("MSH|"), .hl7),
    ([0x0B], .hl7),
    (Wire.bytes("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"), .proxy),
    ([0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A], .proxy),
    ([0x16, 0x03, 0x01, 0x02, 0x00, 0x01], .tls),
    ([0x16, 0x03, 0x00], .tls),
    ([0x16, 0x03, 0x03], .tls),
    ([0x16], .tls),
    ([0x16, 0x02], .other),
    ([0x00, 0x00, 0x00, 0x45, 0xFF, 0x53, 0x4D, 0x42], .smb),
    ([0x00, 0x00, 0x00, 0x45, 0xFE, 0x53, 0x4D, 0x42], .smb),
    ([0x00, 0x00, 0x00, 0x45, 0xFC, 0x53, 0x4D, 0x42], .other),
    ([0x00, 0x00, 0x00, 0x45, 0xFF, 0x53, 0x4D, 0x43], .other),
    ([0x00, 0x00, 0x00, 0x45, 0xFF, 0x53, 0x4D], .other),
    ([0x00], .other),
    ([0x03, 0x00, 0x00, 0x13, 0x0E, 0xE0], .rdp),
    ([0x03, 0x00, 0x00, 0x2B], .rdp),
    ([0x03, 0x00, 0x00, 0x00, 0x00, 0x04], nil),
    ([0x03, 0x00, 0x00], nil),
    ([0x03, 0x00, 0x01, 0x13], nil),
    ([0x03, 0x01, 0x00, 0x13], nil),
    ([0x04, 0x01, 0x00, 0x50], .socks),
    ([0x04, 0x01], .socks),
    ([0x04], nil),
    ([0x04, 0x00], nil),
    ([0x05, 0x01, 0x00], .socks),
    ([0x05, 0x01], nil),
    ([0x05, 0x00, 0x00], nil),
    ([0x05, 0x01, 0x01], nil),
    ([0x05, 0x02, 0x00, 0x02], .socks),
    ([0x05, 0x03, 0x00, 0x01, 0x02], .socks),
    ([0x05, 0x02, 0x00], nil),
    ([0x05, 0x02, 0x00, 0x00, 0x00, 0x04], nil),
    ([], nil),
    ([0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A], .proxy),
    (Wire.bytes("\r\n\r\n"), .other),
    (Wire.bytes("\r\n\r\nQUIT\r\n"), .other),
    ([0x0D], .other),
    (Wire.bytes("\n"), .other),
    ([0x80, 0x2E, 0x01, 0x00, 0x02, 0x00, 0x15], .tls),
    ([0x80, 0x67, 0x01, 0x03, 0x01, 0x00, 0x4E], .tls),
    ([0x80, 0x2E, 0x01, 0x00, 0x03], .other),
    ([0x80, 0x2E, 0x04, 0x00, 0x02], .other),
    ([0x80, 0x2E, 0x01], .other),
    ([0xFF, 0xFB, 0x01, 0xFF, 0xFB, 0x03], .other),
    (Array(repeating: 0, count: 128) + Wire.bytes("DICM"), .other),
    (Wire.bytes("*1\r\n$4\r\nPING\r\n"), .other),
    ([0x00, 0x00, 0x00, 0x08, 0x04, 0xD2, 0x16, 0x2F], .other),
    ([0x12, 0x01, 0x00, 0x34], .other),
    ([0x30, 0x0C, 0x02, 0x01, 0x01, 0x60, 0x07], .other),
    ([0xFF, 0xFF], .other),
    ([0x08], .other),
  ]

  @Test(arguments: openings) func firstBytes(_ bytes: [UInt8], _ expected: ForeignProtocol?) {
    #expect(Self.found(bytes) == expected)
  }

  /// No PDU that is as it should be is ever mistaken, however little of it has come.
  @Test(arguments: [
    Wire.associateRequest(), Wire.associateAccept(), Wire.reject(1, 1, 7), Wire.echoRequest(),
    Wire.releaseRequest, Wire.releaseReply, Wire.abort(0, 0),
  ])
  func aPDUIsNotForeign(_ pdu: [UInt8]) {
    for length in 0...pdu.count {
      #expect(Self.found(Array(pdu.prefix(length))) == nil)
    }
  }

  /// A first byte outside 01H to 07H can never become a PDU.
  @Test func everyOtherFirstByteIsForeign() {
    for byte in 0...255 {
      #expect((Self.found([UInt8(byte)]) == nil) == (1...7).contains(byte))
    }
  }

  /// Each of them on the wire: refused with an A-ABORT, and not waited on for long.
  @Test(arguments: openings.filter { $0.1 != nil })
  func onTheWire(_ bytes: [UInt8], _ expected: ForeignProtocol?) throws {
    let foreign = try #require(expected)
    var peer = Peer()
    #expect(peer.send(bytes) == Wire.abort(0, 0))
    #expect(peer.host.lines == [aborting(0, 0, .foreignProtocol(foreign), in: 2)])
    #expect(peer.connection.waiting == .foreignClose)
    #expect(peer.send(Wire.associateRequest()) == [])
    #expect(peer.kept == [])
  }

  /// A good request after which somebody speaks HTTP is an association with a wrong PDU.
  @Test func behindARequestNothingIsForeign() {
    var peer = Peer.arrived(in: .established)
    #expect(peer.send(Wire.bytes("GET / HTTP/1.1\r\n")) == Wire.abort(2, 1))
    #expect(peer.host.lines == [aborting(2, 1, .unrecognizedPDU(type: 0x47), in: 6)])
    #expect(peer.connection.waiting == .close)
  }
}
