import TestKit
import Testing
import UpperLayer

/// Every reason of ours to abort, in every state. In Sta2 there is no association yet, so the abort
/// is the service user's; in Sta6 framing and sequence are the provider's concern (Table 9-26).
struct AbortReasonTests {
  /// Each fault, and the source and reason that Sta6 sends for it.
  static let faults: [(AbortReason, [Int])] = [
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

  @Test(arguments: faults) func inSta6(_ fault: AbortReason, _ fields: [Int]) {
    #expect([Int(fault.abort.source), Int(fault.abort.reason)] == fields)
    var peer = Peer.arrived(in: .established)
    #expect(peer.happen(.abortWanted(fault)) == Wire.abort(fields[0], fields[1]))
    #expect(peer.host.lines == [aborting(fields[0], fields[1], fault, in: 6)])
    #expect(peer.state == .awaitingClose)
  }

  @Test(arguments: faults) func inSta2(_ fault: AbortReason, _ fields: [Int]) {
    var peer = Peer.arrived(in: .awaitingRequest)
    let answer = peer.happen(.abortWanted(fault))
    if [.outOfMemory, .largestPartialPDU(262_144)].contains(fault) {
      // Lack of memory passes by itself.
      #expect(answer == Wire.reject(2, 3, 1))
      #expect(peer.host.lines == ["rejected 2/3/1"])
    } else {
      #expect(answer == Wire.abort(0, 0))
      #expect(peer.host.lines == [aborting(0, 0, fault, in: 2)])
    }
    #expect(peer.state == .awaitingClose)
  }

  @Test(arguments: faults) func inSta13(_ fault: AbortReason, _ fields: [Int]) {
    var peer = Peer.arrived(in: .awaitingClose)
    #expect(peer.happen(.abortWanted(fault)) == [])
    #expect(peer.host.lines == [])
    #expect(peer.state == .awaitingClose)
  }

  @Test(arguments: faults) func inSta1(_ fault: AbortReason, _ fields: [Int]) {
    var peer = Peer.arrived(in: .idle)
    #expect(peer.happen(.abortWanted(fault)) == [])
    #expect(peer.host.lines == [])
    #expect(peer.state == .idle)
  }

  /// What arrives after an abort of our own is discarded unread, in every state.
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

  /// The fields of PS3.8 Table 9-26.
  @Test(arguments: [
    (Abort.serviceUser, [0, 0]), (.unrecognizedPDU, [2, 1]), (.unexpectedPDU, [2, 2]),
    (.invalidPDUParameter, [2, 6]),
  ])
  func theFieldsOfAnAbort(_ abort: Abort, _ fields: [UInt8]) {
    #expect([abort.source, abort.reason] == fields)
  }
}
