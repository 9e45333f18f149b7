import TestKit
import Testing
import UpperLayer

/// Every reason of the acceptor to abort, in every state. In Sta2 there is no association yet, so the
/// service user aborts; in Sta6 the provider aborts for faults of framing and sequence (Table 9-26).
struct AbortReasonTests {
  /// Each reason, and the source and reason fields of the A-ABORT sent for it in Sta6.
  static let reasons: [(AbortReason, [Int])] = [
    (.foreignProtocol(.http), [0, 0]),
    (.unrecognizedPDU(type: 9), [2, 1]),
    (.unexpectedPDU(.associateRequest), [2, 2]),
    (.malformedPDU(.dataTransfer, Malformed(item: 0, offset: 6, .doesNotAddUp)), [2, 6]),
    (.pduTooLong(.dataTransfer, length: 16384, limit: 16382), [2, 6]),
    (.unknownPresentationContext(3), [0, 0]),
    (.presentationContextChanged(from: 1, to: 3), [0, 0]),
    (.dataSetFragment, [0, 0]),
    (.commandTooLong(16385), [0, 0]),
    (.maximumLengthTooSmall(7), [0, 0]),
    (.refusedByServiceUser, [0, 0]),
    (.idleAssociation(milliseconds: 60_000), [0, 0]),
    (.stalledMessage(milliseconds: 30_000), [0, 0]),
    (.draining, [0, 0]),
    (.outOfMemory, [0, 0]),
    (.largestPartialPDU(262_144), [0, 0]),
    (.madeRoom(associations: 100, ofAddress: 90), [0, 0]),
  ]

  @Test(arguments: reasons) func inSta6(_ reason: AbortReason, _ fields: [Int]) {
    #expect([Int(reason.abort.source), Int(reason.abort.reason)] == fields)
    var peer = Peer.arrived(in: .established)
    #expect(peer.happen(.abortWanted(reason)) == Wire.abort(fields[0], fields[1]))
    #expect(peer.host.lines == [aborting(fields[0], fields[1], reason, in: 6)])
    #expect(peer.state == .awaitingClose)
  }

  @Test(arguments: reasons) func inSta2(_ reason: AbortReason, _ fields: [Int]) {
    var peer = Peer.arrived(in: .awaitingRequest)
    let answer = peer.happen(.abortWanted(reason))
    if [.outOfMemory, .largestPartialPDU(262_144)].contains(reason) {
      // Lack of memory is transient.
      #expect(answer == Wire.reject(2, 3, 1))
      #expect(peer.host.lines == ["rejected 2/3/1"])
    } else {
      #expect(answer == Wire.abort(0, 0))
      #expect(peer.host.lines == [aborting(0, 0, reason, in: 2)])
    }
    #expect(peer.state == .awaitingClose)
  }

  @Test(arguments: reasons) func inSta13(_ reason: AbortReason, _ fields: [Int]) {
    var peer = Peer.arrived(in: .awaitingClose)
    #expect(peer.happen(.abortWanted(reason)) == [])
    #expect(peer.host.lines == [])
    #expect(peer.state == .awaitingClose)
  }

  @Test(arguments: reasons) func inSta1(_ reason: AbortReason, _ fields: [Int]) {
    var peer = Peer.arrived(in: .idle)
    #expect(peer.happen(.abortWanted(reason)) == [])
    #expect(peer.host.lines == [])
    #expect(peer.state == .idle)
  }

  /// In every state, input after an abort by the acceptor is discarded unread.
  @Test(arguments: [AcceptorState.awaitingRequest, .established, .awaitingClose])
  func afterAnAbortNothingIsRead(_ state: AcceptorState) {
    var peer = Peer.arrived(in: state)
    peer.happen(.abortWanted(.draining))
    peer.host.lines = []
    #expect(peer.send(Wire.associateRequest() + Wire.echoRequest() + [0xFF]) == [])
    #expect(peer.host.lines == [])
    #expect(peer.kept == [])
    #expect(peer.connection.waiting == .close)
  }

  /// The source and reason fields of PS3.8 Table 9-26.
  @Test(arguments: [
    (Abort.serviceUser, [0, 0]), (.unrecognizedPDU, [2, 1]), (.unexpectedPDU, [2, 2]),
    (.invalidPDUParameter, [2, 6]),
  ])
  func theFieldsOfAnAbort(_ abort: Abort, _ fields: [UInt8]) {
    #expect([abort.source, abort.reason] == fields)
  }
}
