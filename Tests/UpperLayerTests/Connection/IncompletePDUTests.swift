// dicoogle#685, fo-dicom#1180: a peer that closed inside a P-DATA-TF was reported as sending no C-ECHO-RQ.
import TestKit
import Testing
import UpperLayer

/// How much of an incomplete PDU or message has arrived.
@Suite struct IncompletePDUTests {
  private static func incomplete(_ peer: borrowing Peer) -> IncompletePDU? {
    incomplete(peer.connection, peer.kept)
  }

  private static func incomplete(
    _ connection: borrowing Connection, _ kept: [UInt8]
  ) -> IncompletePDU? {
    connection.incomplete(kept.span)
  }

  private static func expected(
    _ firstByte: UInt8?, _ received: Int, of whole: Int, message: Int = 0
  ) -> IncompletePDU {
    var pdu = IncompletePDU()
    pdu.firstByte = firstByte
    (pdu.received, pdu.expected) = (UInt32(received), UInt32(whole))
    pdu.message = UInt32(message)
    return pdu
  }

  @Test("A request, after each of its bytes")
  func request() {
    let request = Wire.associateRequest()
    var peer = Peer()
    for (count, byte) in request.enumerated() {
      let whole = count < 6 ? 0 : request.count
      #expect(
        Self.incomplete(peer) == (count == 0 ? nil : Self.expected(1, count, of: whole)))
      peer.send([byte])
    }
    #expect(Self.incomplete(peer) == nil)
  }

  @Test("A message of one PDU, after each of its bytes, and again")
  func message() {
    let echo = Wire.echoRequest()
    var peer = Peer.arrived(in: .established)
    for _ in 0..<2 {
      for (count, byte) in echo.enumerated() {
        let whole = count < 6 ? 0 : echo.count
        #expect(
          Self.incomplete(peer) == (count == 0 ? nil : Self.expected(4, count, of: whole)))
        peer.send([byte])
      }
      #expect(Self.incomplete(peer) == nil)
    }
  }

  @Test("A message in fragments, between them and inside the second")
  func fragments() {
    let command = Wire.echoCommand(messageID: 7)
    let second = Wire.data(Wire.pdv(1, 3, Array(command[30...])))
    var peer = Peer.arrived(in: .established)
    peer.send(Wire.data(Wire.pdv(1, 1, Array(command[..<30]))))
    #expect(Self.incomplete(peer) == Self.expected(nil, 0, of: 0, message: 30))
    peer.send(Array(second[..<20]))
    #expect(Self.incomplete(peer) == Self.expected(4, 20, of: second.count, message: 30))
    peer.send(Array(second[20...]))
    #expect(Self.incomplete(peer) == nil)
  }

  @Test("Two PDVs in a PDU: bytes already taken from it count, too")
  func twoPDVs() {
    let command = Wire.echoCommand(messageID: 7)
    let pdu = Wire.data(
      Wire.pdv(1, 1, Array(command[..<30])) + Wire.pdv(1, 3, Array(command[30...])))
    for count in 1..<pdu.count {
      var peer = Peer.arrived(in: .established)
      peer.send(Array(pdu[..<count]))
      #expect(Self.incomplete(peer)?.received == UInt32(count))
      #expect(Self.incomplete(peer)?.message == (count < 42 ? 0 : 30))
    }
  }

  @Test("After the end of an association nothing is incomplete")
  func ended() {
    for state in [AcceptorState.awaitingClose, .idle] {
      var peer = Peer.arrived(in: state)
      #expect(Self.incomplete(peer) == nil)
      peer.send(Wire.pdu(4, [1, 2], length: 100))
      #expect(Self.incomplete(peer) == nil)
    }
  }

  @Test("After an association has ended inside a message nothing is incomplete")
  func endedInside() {
    let fragment = Wire.data(Wire.pdv(1, 1, Array(Wire.echoCommand(messageID: 7)[..<30])))
    for last in [Wire.abort(0, 0), Wire.releaseRequest, Wire.associateRequest()] {
      var peer = Peer.arrived(in: .established)
      peer.send(fragment + last)
      #expect(Self.incomplete(peer) == nil)
      // The same holds if no kept bytes are presented.
      #expect(Self.incomplete(peer.connection, []) == nil)
    }
    var peer = Peer.arrived(in: .established)
    peer.send(fragment)
    #expect(Self.incomplete(peer.connection, []) == nil)
  }

  @Test("Whole PDUs waiting to be read are not incomplete")
  func whole() {
    let echo = Wire.echoRequest()
    let peer = Peer.arrived(in: .established)
    #expect(Self.incomplete(peer.connection, echo + echo) == nil)
  }
}
