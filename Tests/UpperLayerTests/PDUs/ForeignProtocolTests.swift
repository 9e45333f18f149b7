import TestKit
import Testing
import UpperLayer

/// Other protocols that reach a DICOM port by mistake or from a scanner, recognized by their first bytes.
struct ForeignProtocolTests {
  static func found(_ bytes: [UInt8]) -> ForeignProtocol? {
    ForeignProtocol(firstBytes: bytes.span)
  }

  /// The first bytes of a client, and the protocol that they are taken for.
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
    (Wire.bytes("OPTIONS / RTSP/1.0\r\n\r\n"), .rtsp),
    (Wire.bytes("OPTIONS sip:nm SIP/2.0\r\nVia: SIP/2.0/TCP nm"), .sip),
    (Wire.bytes("DESCRIBE rtsp://a/ RTSP/1.0\r\n"), .rtsp),
    (Wire.bytes("EHLO a\r\nX: HTTP/1.1\r\n"), .smtp),
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
    ([0x03, 0x00, 0x01, 0x13], .other),
    ([0x03, 0x01, 0x00, 0x13], .other),
    ([0x04, 0x01, 0x00, 0x50], .socks),
    ([0x04, 0x01], .socks),
    ([0x04], nil),
    ([0x04, 0x00], nil),
    ([0x05, 0x01, 0x00], .socks),
    ([0x05, 0x01], nil),
    ([0x05, 0x00, 0x00], nil),
    ([0x05, 0x01, 0x01], .socks),
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
    ([0xFF, 0xFB, 0x01, 0xFF, 0xFB, 0x03], .telnet),
    (Array(repeating: 0, count: 128) + Wire.bytes("DICM"), .dicomFile),
    (Wire.bytes("*1\r\n$4\r\nPING\r\n"), .redis),
    ([0x00, 0x00, 0x00, 0x08, 0x04, 0xD2, 0x16, 0x2F], .postgreSQL),
    ([0x12, 0x01, 0x00, 0x34, 0x00, 0x00], .sqlServer),
    ([0x30, 0x0C, 0x02, 0x01, 0x01, 0x60, 0x07], .ldap),
    ([0xFF, 0xFF], .other),
    ([0x08], .other),
    ([0x08, 0x00, 0x05, 0x00, 0x49, 0x53, 0x0A, 0x00], .dataSet),
    ([0x10, 0x00, 0x10, 0x00, 0x06, 0x00, 0x00, 0x00], .dataSet),
    ([0x10, 0x0C, 0x00, 0x04] + Wire.bytes("MQTT") + [4, 2, 0, 60], .mqtt),
    ([0x10, 0x80, 0x01, 0x00, 0x06] + Wire.bytes("MQIsdp") + [3, 2, 0, 60], .mqtt),
    ([0x10, 0x0C], .other),
    ([0x30, 0x82, 0x01, 0x0C, 0x02, 0x01, 0x01], .ldap),
    ([0x30, 0xFF, 0x01, 0x0C], .other),
    (Wire.bytes("0 is a digit"), .other),
    ([0x00, 0x00, 0x00, 0x21, 0x00, 0x03, 0x00, 0x00], .postgreSQL),
    ([0x05, 0x05], .analyzer),
    ([0x05, 0x02] + Wire.bytes("1H|\\^&"), .analyzer),
    ([0x05, 0x00, 0x0B, 0x03, 0x10, 0x00, 0x00, 0x00], .rpc),
    ([0x05, 0x01, 0x02], .socks),
    (Wire.bytes("\u{1}default\n"), .printQueue),
    (Wire.bytes("\u{2}lp\n"), .printQueue),
    (Wire.bytes("\u{4}lp job\n"), .printQueue),
    (Wire.bytes("\u{1}de"), .other),
    (Wire.bytes("\u{1}d"), nil),
    (Wire.bytes("\u{1}\n"), nil),
    (Wire.bytes("\u{1B}%-12345X@PJL JOB\r\n"), .printJob),
    (Wire.bytes("%!PS-Adobe-3.0\n"), .printJob),
    (Wire.bytes("<?xml version=\"1.0\"?>"), .xml),
    (Wire.bytes("<soap:Envelope>"), .xml),
    (Wire.bytes("<13>Nov 29 05:00:00 host"), .other),
    (Wire.bytes("{ \"a\": 1 }"), .json),
    (Wire.bytes("[{\"a\": 1}]"), .json),
    (Wire.bytes("{"), .other),
  ]

  @Test(arguments: openings) func firstBytes(_ bytes: [UInt8], _ expected: ForeignProtocol?) {
    #expect(Self.found(bytes) == expected)
  }

  /// No well-formed PDU is taken for another protocol, however little of it has arrived.
  @Test(arguments: [
    Wire.associateRequest(), Wire.associateAccept(), Wire.reject(1, 1, 7), Wire.echoRequest(),
    Wire.releaseRequest, Wire.releaseReply, Wire.abort(0, 0),
  ])
  func aPDUIsNotForeign(_ pdu: [UInt8]) {
    for length in 0...pdu.count {
      #expect(Self.found(Array(pdu.prefix(length))) == nil)
    }
  }

  /// A PDU type byte followed by text is recognized at once as not DICOM. (A print job, "\\x01default\\n",
  /// was reported as an A-ASSOCIATE-RQ of 1,701,208,437 bytes.)
  @Test(arguments: PDUType.allCases) func textBehindATypeByteIsForeign(_ type: PDUType) {
    for text in ["default", "xyzxyzxyz", "    lp\r\n", "{\"a\":1}", "zzz\0\0\0\0"] {
      let bytes = [type.rawValue] + Wire.bytes(text)
      #expect(Self.found(bytes) != nil, "\(text)")
      #expect(Self.found(Array(bytes.prefix(3))) != nil, "\(text)")
    }
  }

  /// The reserved byte is ignored if the length is valid for the type (PS3.8 §9.3.1).
  @Test(arguments: [
    Wire.associateRequest(), Wire.associateAccept(), Wire.echoRequest(), Wire.releaseReply,
    Wire.abort(0, 0),
  ])
  func aReservedByteAloneIsNotForeign(_ pdu: [UInt8]) {
    for reserved in [UInt8(7), 0x20, 0x41, 0xFF] {
      var pdu = pdu
      pdu[1] = reserved
      for length in 0...pdu.count { #expect(Self.found(Array(pdu.prefix(length))) == nil) }
    }
  }

  /// A PDU with the right fixed length is DICOM, whatever its reserved byte.
  @Test func aFixedLengthIsNotForeign() {
    for type in [PDUType.associateReject, .releaseRequest, .releaseReply, .abort] {
      for reserved in 0...UInt8.max {
        #expect(Self.found([type.rawValue, reserved, 0, 0, 0, 4]) == nil)
      }
    }
  }

  /// A PDU of variable length may exceed every limit here and is DICOM all the same: its fault is reported.
  @Test func aLongRequestIsNotForeign() {
    for type in [PDUType.associateRequest, .associateAccept, .dataTransfer] {
      #expect(Self.found([type.rawValue, 0xFF, 0, 0xFF, 0xFF, 0xFF]) == nil)
    }
  }

  /// A PDU with a known type and a reserved byte of 0 is DICOM even if its length is wrong: its fault is
  /// reported.
  @Test func aWrongLengthAloneIsNotForeign() {
    for type in [PDUType.associateRequest, .associateAccept, .dataTransfer] {
      #expect(Self.found([type.rawValue, 0, 0xFF, 0xFF, 0xFF, 0xFF]) == nil)
    }
    for type in [PDUType.releaseRequest, .releaseReply, .abort] {
      #expect(Self.found([type.rawValue, 0, 0, 0, 0xFF, 0xFF]) == nil)
      let isAbort = type == .abort
      #expect(Self.found([type.rawValue, 0, 1, 0, 0, 0]) == (isAbort ? nil : .other))
    }
  }

  /// A first byte outside 01H to 07H never begins a PDU.
  @Test func everyOtherFirstByteIsForeign() {
    for byte in 0...255 {
      #expect((Self.found([UInt8(byte)]) == nil) == (1...7).contains(byte))
    }
  }

  /// On the wire, each of these protocols is refused with an A-ABORT and gets only a short wait.
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

  /// HTTP after a good request is an unrecognized PDU on an association.
  @Test func behindARequestNothingIsForeign() {
    var peer = Peer.arrived(in: .established)
    #expect(peer.send(Wire.bytes("GET / HTTP/1.1\r\n")) == Wire.abort(2, 1))
    #expect(peer.host.lines == [aborting(2, 1, .unrecognizedPDU(type: 0x47), in: 6)])
    #expect(peer.connection.waiting == .close)
  }
}
