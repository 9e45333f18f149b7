import TestKit
import Testing
import UpperLayer

@testable import Requestor

/// What an SCP may still send after a release request, and its own release requests (PS3.8 §7.2 and
/// Table 9-10, Sta6 to Sta11).
@Suite struct ReleaseTests {
  private static let accept = Wire.associateAccept()
  private static let response = EchoResponses.right(1)

  /// A requestor that has sent its A-RELEASE-RQ.
  private static func inSta7() -> EchoSCU {
    var scu = EchoSCU(.implicit)
    _ = scu.hear(accept + response)
    _ = scu.takeOutput()
    return scu
  }

  @Test("P-DATA-TFs in Sta7 are ignored, in pieces of every size", arguments: [1, 2, 7, 5000])
  func dataAfterTheRequest(size: Int) {
    let data =
      Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: 1)))
      + Wire.data(Wire.pdv(1, 0, [UInt8](repeating: 4, count: 6000)), Wire.pdv(1, 2, []))
      + Wire.data(Wire.pdv(3, 0, [5]), Wire.pdv(1, 1, [6]))
    var scu = Self.inSta7()
    var rest = data[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(size))
      rest = rest.dropFirst(size)
      #expect(scu.hear(piece).isEmpty)
      #expect(scu.keptCount <= PDV.headerSize)
    }
    #expect(scu.state == .awaitingRelease && scu.takeOutput().isEmpty)
    #expect(scu.hear(Wire.releaseReply) == [.released])
  }

  @Test("A second message in the PDU of the response is ignored, too")
  func secondMessageInTheSamePDU() {
    let pdv = Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: 1))
    var scu = EchoSCU(.implicit)
    #expect(scu.hear(Self.accept).count == 1)
    #expect(scu.hear(Wire.data(pdv, pdv)) == [.echoed])
    #expect(scu.state == .awaitingRelease)
    #expect(scu.hear(Wire.releaseReply) == [.released])
  }

  @Test(
    "A P-DATA-TF in Sta7 whose lengths do not add up is an invalid PDU",
    arguments: [
      Wire.pdu(4, []), Wire.pdu(4, [0, 0, 0, 2, 1]), Wire.data(Wire.pdv(1, 3, [], length: 1)),
      Wire.data(Wire.pdv(1, 3, [1, 2], length: 5)), Wire.data(Wire.pdv(1, 3, [1, 2]), [1]),
      Wire.pdu(4, [], length: 16383),
    ])
  func malformedData(bytes: [UInt8]) {
    var scu = Self.inSta7()
    let events = scu.hear(bytes)
    guard case .failed(.wrong) = events.first else {
      Issue.record("\(events)")
      return
    }
    #expect(events.count == 1 && scu.takeOutput() == Wire.abort(2, 6) && scu.state == .closed)
  }

  @Test("The end of a connection inside a P-DATA-TF is reported")
  func endInsideData() {
    var scu = Self.inSta7()
    #expect(scu.hear(Array(Wire.data(Wire.pdv(1, 0, [1, 2, 3])).prefix(13))).isEmpty)
    #expect(scu.end() == .failed(.closed))
    #expect(scu.incomplete?.type == .dataTransfer && scu.incomplete?.received == 13)
  }

  @Test("In a release collision the requestor confirms and waits for the SCP's confirmation")
  func collision() {
    var scu = Self.inSta7()
    #expect(scu.hear(Wire.releaseRequest).isEmpty)
    #expect(scu.state == .awaitingReleaseInCollision && scu.takeOutput() == Wire.releaseReply)
    #expect(scu.hear(Wire.releaseReply) == [.released])
    #expect(scu.state == .closed && scu.takeOutput().isEmpty)
  }

  @Test("The PDUs of a collision may arrive at once or byte by byte", arguments: [1, 1000])
  func collisionInPieces(size: Int) {
    let bytes = Self.accept + Self.response + Wire.releaseRequest + Wire.releaseReply
    var scu = EchoSCU(.implicit)
    _ = scu.takeOutput()
    var events: [EchoSCU.Event] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      events += scu.hear(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
    #expect(events.count == 3 && events.suffix(2) == [.echoed, .released])
    #expect(
      scu.takeOutput() == Wire.echoRequest(1) + Wire.releaseRequest + Wire.releaseReply)
  }

  @Test("A release request in place of an answer is confirmed, but is a failure")
  func releaseInPlaceOfAnAnswer() {
    for before in [[], Wire.data(Wire.pdv(1, 1, [0]))] {
      var scu = EchoSCU(.implicit)
      _ = scu.hear(Self.accept + before)
      _ = scu.takeOutput()
      #expect(scu.hear(Wire.releaseRequest) == [.failed(.releaseRequested)])
      #expect(scu.state == .closed && scu.takeOutput() == Wire.releaseReply)
    }
  }
}
