import TestKit
import Testing
import UpperLayer

/// PS3.8 Table 9-10, every cell that can be reached from outside: an event, the action, the PDU
/// issued, the next state, and what the host records. Sta3 and Sta8 begin and end inside one cell.
struct AcceptorTests {
  // swift-format-ignore
  static let sta2: [Cell] = [
    Cell("Evt6  A-ASSOCIATE-RQ", .bytes(PDU.request), "AE-6", PDU.accept, 6,
         "requested contexts=1", "accepted contexts=1"),
    Cell("Evt6  A-ASSOCIATE-RQ, not acceptable to the provider",
         .bytes(PDU.requestOfVersion2), "AE-6", Wire.reject(1, 2, 2), 13,
         "requested contexts=1", "rejected 1/2/2"),
    Cell("Evt6  A-ASSOCIATE-RQ, not acceptable to the user",
         .bytes(PDU.requestOfNothing), "AE-8", Wire.reject(1, 1, 2), 13,
         "requested contexts=1", "rejected 1/1/2"),
    Cell("Evt3  A-ASSOCIATE-AC", .bytes(PDU.accept), "AA-1", Wire.abort(0, 0), 13,
         aborting(0, 0, .unexpectedPDU(.associateAccept), in: 2)),
    Cell("Evt4  A-ASSOCIATE-RJ", .bytes(PDU.reject), "AA-1", Wire.abort(0, 0), 13,
         aborting(0, 0, .unexpectedPDU(.associateReject), in: 2)),
    Cell("Evt10 P-DATA-TF", .bytes(PDU.echo), "AA-1", Wire.abort(0, 0), 13,
         aborting(0, 0, .unexpectedPDU(.dataTransfer), in: 2)),
    Cell("Evt12 A-RELEASE-RQ", .bytes(PDU.release), "AA-1", Wire.abort(0, 0), 13,
         aborting(0, 0, .unexpectedPDU(.releaseRequest), in: 2)),
    Cell("Evt13 A-RELEASE-RP", .bytes(PDU.released), "AA-1", Wire.abort(0, 0), 13,
         aborting(0, 0, .unexpectedPDU(.releaseReply), in: 2)),
    Cell("Evt16 A-ABORT", .bytes(PDU.abort), "AA-2", [], 1,
         "abort received 2/4 in Sta2"),
    Cell("Evt16 A-ABORT of no length", .bytes(PDU.abortTooShort), "AA-2", [], 1,
         "abort received unreadable in Sta2"),
    Cell("Evt17 transport closed", .happening(.transportClosed), "AA-5", [], 1,
         "transport closed in Sta2"),
    Cell("Evt18 ARTIM expired", .happening(.artimExpired), "AA-2", [], 1,
         "artim expired in Sta2"),
    Cell("Evt19 unrecognized PDU", .bytes(PDU.unrecognized), "AA-1", Wire.abort(0, 0), 13,
         aborting(0, 0, .foreignProtocol(.other), in: 2)),
    Cell("Evt19 invalid A-ASSOCIATE-RQ", .bytes(PDU.invalidRequest), "AA-1", Wire.abort(0, 0), 13,
         aborting(0, 0, PDU.invalidRequestFault, in: 2)),
    Cell("Evt15 the acceptor wants to end",
         .happening(.abortWanted(.draining)), "AA-1", Wire.abort(0, 0), 13,
         aborting(0, 0, .draining, in: 2)),
    Cell("Evt15 the acceptor has no memory",
         .happening(.abortWanted(.outOfMemory)), "AE-6", Wire.reject(2, 3, 1), 13,
         "rejected 2/3/1"),
  ]

  // swift-format-ignore
  static let sta6: [Cell] = [
    Cell("Evt3  A-ASSOCIATE-AC", .bytes(PDU.accept), "AA-8", Wire.abort(2, 2), 13,
         aborting(2, 2, .unexpectedPDU(.associateAccept), in: 6)),
    Cell("Evt4  A-ASSOCIATE-RJ", .bytes(PDU.reject), "AA-8", Wire.abort(2, 2), 13,
         aborting(2, 2, .unexpectedPDU(.associateReject), in: 6)),
    Cell("Evt6  A-ASSOCIATE-RQ", .bytes(PDU.request), "AA-8", Wire.abort(2, 2), 13,
         aborting(2, 2, .unexpectedPDU(.associateRequest), in: 6)),
    Cell("Evt10 P-DATA-TF", .bytes(PDU.echo), "DT-2", PDU.echoed, 6,
         "echo 7"),
    Cell("Evt10 P-DATA-TF, first fragment", .bytes(PDU.fragment), "DT-2", [], 6),
    Cell("Evt10 P-DATA-TF, other context", .bytes(PDU.echoElsewhere), "AA-1", Wire.abort(0, 0), 13,
         aborting(0, 0, .unknownPresentationContext(3), in: 6)),
    Cell("Evt10 P-DATA-TF, headers only, other context",
         .bytes(PDU.headerElsewhere), "AA-1", Wire.abort(0, 0), 13,
         aborting(0, 0, .unknownPresentationContext(3), in: 6)),
    Cell("Evt12 A-RELEASE-RQ", .bytes(PDU.release), "AR-2", PDU.released, 13,
         "released notes=0"),
    Cell("Evt13 A-RELEASE-RP", .bytes(PDU.released), "AA-8", Wire.abort(2, 2), 13,
         aborting(2, 2, .unexpectedPDU(.releaseReply), in: 6)),
    Cell("Evt16 A-ABORT", .bytes(PDU.abort), "AA-3", [], 1,
         "abort received 2/4 in Sta6"),
    Cell("Evt16 A-ABORT of no length", .bytes(PDU.abortTooShort), "AA-3", [], 1,
         "abort received unreadable in Sta6"),
    Cell("Evt17 transport closed", .happening(.transportClosed), "AA-4", [], 1,
         "transport closed in Sta6"),
    Cell("Evt18 ARTIM expired", .happening(.artimExpired), "", [], 6),
    Cell("Evt19 unrecognized PDU", .bytes(PDU.unrecognized), "AA-8", Wire.abort(2, 1), 13,
         aborting(2, 1, .unrecognizedPDU(type: 8), in: 6)),
    Cell("Evt19 invalid P-DATA-TF", .bytes(PDU.invalidData), "AA-8", Wire.abort(2, 6), 13,
         aborting(2, 6, PDU.invalidDataFault, in: 6)),
    Cell("Evt19 invalid A-RELEASE-RQ", .bytes(PDU.invalidRelease), "AA-8", Wire.abort(2, 6), 13,
         aborting(2, 6, PDU.invalidReleaseFault, in: 6)),
    Cell("Evt15 the acceptor wants to end",
         .happening(.abortWanted(.idleAssociation(milliseconds: 60_000))), "AA-1", Wire.abort(0, 0), 13,
         aborting(0, 0, .idleAssociation(milliseconds: 60_000), in: 6)),
  ]

  // swift-format-ignore
  static let sta13: [Cell] = [
    Cell("Evt3  A-ASSOCIATE-AC", .bytes(PDU.accept), "AA-6", [], 13),
    Cell("Evt4  A-ASSOCIATE-RJ", .bytes(PDU.reject), "AA-6", [], 13),
    Cell("Evt6  A-ASSOCIATE-RQ", .bytes(PDU.request), "AA-7", Wire.abort(2, 2), 13,
         aborting(2, 2, .unexpectedPDU(.associateRequest), in: 13)),
    Cell("Evt10 P-DATA-TF", .bytes(PDU.echo), "AA-6", [], 13),
    Cell("Evt12 A-RELEASE-RQ", .bytes(PDU.release), "AA-6", [], 13),
    Cell("Evt13 A-RELEASE-RP", .bytes(PDU.released), "AA-6", [], 13),
    Cell("Evt16 A-ABORT", .bytes(PDU.abort), "AA-2", [], 1,
         "abort received 2/4 in Sta13"),
    Cell("Evt16 A-ABORT of no length", .bytes(PDU.abortTooShort), "AA-2", [], 1,
         "abort received unreadable in Sta13"),
    Cell("Evt17 transport closed", .happening(.transportClosed), "AR-5", [], 1,
         "transport closed in Sta13"),
    Cell("Evt18 ARTIM expired", .happening(.artimExpired), "AA-2", [], 1,
         "artim expired in Sta13"),
    Cell("Evt19 unrecognized PDU", .bytes(PDU.unrecognized), "AA-7", Wire.abort(2, 1), 13,
         aborting(2, 1, .unrecognizedPDU(type: 8), in: 13)),
    Cell("Evt19 invalid A-RELEASE-RQ", .bytes(PDU.invalidRelease), "AA-7", Wire.abort(2, 6), 13,
         aborting(2, 6, PDU.invalidReleaseFault, in: 13)),
    Cell("Evt15 the acceptor wants to end", .happening(.abortWanted(.draining)), "", [], 13),
  ]

  /// Sta1 has no cell for any event that a closed connection could still produce.
  // swift-format-ignore
  static let sta1: [Cell] = [
    Cell("Evt3  A-ASSOCIATE-AC", .bytes(PDU.accept), "", [], 1),
    Cell("Evt4  A-ASSOCIATE-RJ", .bytes(PDU.reject), "", [], 1),
    Cell("Evt6  A-ASSOCIATE-RQ", .bytes(PDU.request), "", [], 1),
    Cell("Evt10 P-DATA-TF", .bytes(PDU.echo), "", [], 1),
    Cell("Evt12 A-RELEASE-RQ", .bytes(PDU.release), "", [], 1),
    Cell("Evt13 A-RELEASE-RP", .bytes(PDU.released), "", [], 1),
    Cell("Evt16 A-ABORT", .bytes(PDU.abort), "", [], 1),
    Cell("Evt17 transport closed", .happening(.transportClosed), "", [], 1),
    Cell("Evt18 ARTIM expired", .happening(.artimExpired), "", [], 1),
    Cell("Evt19 unrecognized PDU", .bytes(PDU.unrecognized), "", [], 1),
    Cell("Evt19 invalid A-ASSOCIATE-RQ", .bytes(PDU.invalidRequest), "", [], 1),
    Cell("Evt15 the acceptor wants to end", .happening(.abortWanted(.draining)), "", [], 1),
  ]

  @Test(arguments: sta2) func awaitingRequest(_ cell: Cell) {
    cell.check(in: .awaitingRequest)
  }

  @Test(arguments: sta6) func established(_ cell: Cell) {
    cell.check(in: .established)
  }

  @Test(arguments: sta13) func awaitingClose(_ cell: Cell) {
    cell.check(in: .awaitingClose)
  }

  @Test(arguments: sta1) func idle(_ cell: Cell) {
    cell.check(in: .idle)
  }

  /// Checks the cells against PS3.8 Tables 9-6 to 9-9: an action always issues the same kind of PDU
  /// and leads to the same state. (AE-6 includes AE-7, the user's acceptance in Sta3.)
  @Test(arguments: sta2 + sta6 + sta13) func anActionDoesWhatItsTableSays(_ cell: Cell) {
    let issues: [String: [[UInt8]]] = [
      "AE-6": [[2], [3]], "AE-8": [[3]], "DT-2": [[], [4]], "AR-2": [[6]], "AR-5": [[]],
      "AA-1": [[7]], "AA-2": [[]], "AA-3": [[]], "AA-4": [[]], "AA-5": [[]], "AA-6": [[]],
      "AA-7": [[7]], "AA-8": [[7]],
    ]
    let leadsTo: [String: [Int]] = [
      "AE-6": [6, 13], "AE-8": [13], "DT-2": [6], "AR-2": [13], "AR-5": [1], "AA-1": [13],
      "AA-2": [1], "AA-3": [1], "AA-4": [1], "AA-5": [1], "AA-6": [13], "AA-7": [13],
      "AA-8": [13],
    ]
    guard !cell.action.isEmpty else { return }
    #expect(issues[cell.action]?.contains(Array(cell.reply.prefix(1))) == true)
    #expect(leadsTo[cell.action]?.contains(cell.next) == true)
    // A rejection by the provider (source 2 or 3) is AE-6, one by the user (source 1) is AE-8.
    if cell.reply.first == 3 { #expect((cell.reply[8] == 1) == (cell.action == "AE-8")) }
    // AA-1 is an abort by the service user (source 0), AA-8 one by the service provider (source 2).
    if cell.action == "AA-1" { #expect(cell.reply == Wire.abort(0, 0)) }
    if cell.action == "AA-8" { #expect(cell.reply[8] == 2) }
  }

  /// A peer that keeps sending nonsense gets one more A-ABORT, and no other.
  @Test func theAbortIsRepeatedOnce() {
    var peer = Peer.arrived(in: .awaitingClose)
    #expect(peer.send(PDU.request) == Wire.abort(2, 2))
    #expect(peer.send(PDU.request) == [])
    #expect(peer.send(PDU.invalidRelease) == [])
    #expect(peer.send(PDU.unrecognized) == [])
    #expect(peer.host.lines.count == 1)
    #expect(peer.state == .awaitingClose)
  }

  /// An A-ABORT whose header has arrived counts as received when something else ends the wait.
  @Test(arguments: [AcceptorState.awaitingRequest, .established, .awaitingClose])
  func halfAnAbortIsNotAnswered(_ state: AcceptorState) {
    let ends: [Peer.Happening] = [.transportClosed, .artimExpired, .abortWanted(.draining)]
    for end in ends {
      var peer = Peer.arrived(in: state)
      peer.send(Array(PDU.abort.dropLast()))
      #expect(peer.state == state)
      #expect(peer.happen(end) == [])
      #expect(peer.host.lines == ["abort received unreadable in Sta\(state.rawValue)"])
      #expect(peer.state == .idle)
    }
  }

  /// ARTIM does not run in Sta6, so its expiry there has no effect.
  @Test func anARTIMThatDoesNotRunDoesNotExpire() {
    var peer = Peer.arrived(in: .established)
    peer.send(Array(PDU.echo.prefix(30)))
    #expect(peer.happen(.artimExpired) == [])
    #expect(peer.connection.waiting == .restOfMessage)
    #expect(peer.send(Array(PDU.echo.dropFirst(30))) == PDU.echoed)
  }

  @Test func whatIsIgnoredDoesNotUseUpTheRepeatedAbort() {
    var peer = Peer.arrived(in: .awaitingClose)
    #expect(peer.send(PDU.echo + PDU.release + PDU.accept) == [])
    #expect(peer.send(PDU.request) == Wire.abort(2, 2))
  }

  @Test func afterARejectionTheNextRequestIsNotAnswered() {
    var peer = Peer()
    #expect(peer.send(PDU.requestOfVersion2) == Wire.reject(1, 2, 2))
    #expect(peer.send(PDU.request) == Wire.abort(2, 2))
    #expect(peer.state == .awaitingClose)
  }
}
