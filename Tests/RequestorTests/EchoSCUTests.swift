import TestKit
import Testing
import UpperLayer

@testable import Requestor

/// One association of the requestor from start to end, and each way in which it can end early.
@Suite struct EchoSCUTests {
  private static let accept = Wire.associateAccept()
  private static let response = Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: 1)))

  /// The events for `bytes`, received in pieces of this size.
  private static func hear(
    _ bytes: [UInt8], _ scu: inout EchoSCU, by size: Int = .max
  ) -> [EchoSCU.Event] {
    var events: [EchoSCU.Event] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(size))
      rest = rest.dropFirst(size)
      events += scu.receive(piece.span)
    }
    return events
  }

  /// The contents of the A-ASSOCIATE-AC.
  private static func acceptance() throws -> Acceptance {
    let body = Array(accept[6...])
    return try Acceptance(body.span, .all, EchoProposal.leastMaximumLength)
  }

  @Test("An echo that is answered, in pieces of every size", arguments: [1, 2, 7, 64, 1000])
  func answered(size: Int) throws {
    var scu = EchoSCU(.implicit)
    #expect(scu.takeOutput() == EchoProposal.implicit.associateRequest)
    #expect(scu.takeOutput().isEmpty)
    #expect(Self.hear(Self.accept, &scu, by: size) == [.accepted(try Self.acceptance())])
    #expect(scu.takeOutput() == Wire.echoRequest(1))
    #expect(Self.hear(Self.response, &scu, by: size) == [.echoed])
    #expect(scu.takeOutput() == Wire.releaseRequest)
    #expect(Self.hear(Wire.releaseReply, &scu, by: size) == [.released])
    #expect(scu.state == .closed && scu.takeOutput().isEmpty && scu.end() == nil)
  }

  @Test("The acceptor of this program answers the echo")
  func byOurselves() throws {
    var peer = Peer()
    var scu = EchoSCU(.implicit)
    var events: [EchoSCU.Event] = []
    for _ in 0..<3 { events += Self.hear(peer.send(scu.takeOutput()), &scu) }
    #expect(events.count == 3 && events.suffix(2) == [.echoed, .released])
  }

  /// The maximum lengths from the smallest with room for a fragment to that for a C-ECHO-RQ in one
  /// fragment, and 0, no limit.
  private static let lengths: [UInt32] = Array(8...74) + [0]

  @Test("The acceptor of this program answers whatever its maximum length", arguments: lengths)
  func inFragments(maximumLength: UInt32) throws {
    var peer = Peer(maximumLength: maximumLength)
    var scu = EchoSCU(.implicit)
    guard case .accepted = Self.hear(peer.send(scu.takeOutput()), &scu).first else {
      Issue.record("not accepted")
      return
    }
    let request = scu.takeOutput()
    if maximumLength == 0 || maximumLength == 74 { #expect(request == Wire.echoRequest(1)) }
    // Each P-DATA-TF has its header, the header of its only PDV, and an even fragment.
    var rest = request[...]
    while !rest.isEmpty {
      let length = Int(rest[rest.startIndex + 5])
      #expect(maximumLength == 0 || length <= maximumLength && length % 2 == 0 && length > 6)
      rest = rest.dropFirst(6 + length)
    }
    #expect(Self.hear(peer.send(request), &scu) == [.echoed])
  }

  @Test("The acceptance gives the transfer syntax, the maximum length and the implementation")
  func acceptanceIsTold() throws {
    let acceptance = try Self.acceptance()
    #expect(acceptance.transferSyntax == .implicitVRLittleEndian)
    #expect(acceptance.maximumLength == 16382)
    #expect(acceptance.implementationVersionName.starts(with: Array("ECHOSCPD".utf8)))
    #expect(acceptance.implementationClassUID.starts(with: Array("2.25.".utf8)))
  }

  @Test("A rejection with any fields is the end", arguments: [(1, 1, 7), (2, 3, 2), (9, 9, 9)])
  func rejected(result: Int, source: Int, reason: Int) {
    var scu = EchoSCU(.implicit)
    _ = scu.takeOutput()
    let rejection = AssociateReject(
      result: UInt8(result), source: UInt8(source), reason: UInt8(reason))
    #expect(
      Self.hear(Wire.reject(result, source, reason), &scu, by: 1) == [.failed(.rejected(rejection))]
    )
    #expect(scu.state == .closed && scu.takeOutput().isEmpty)
  }

  @Test("An abort is the end in each phase", arguments: 0..<3)
  func aborted(phase: Int) {
    var scu = EchoSCU(.implicit)
    let before = [[], Self.accept, Self.accept + Self.response][phase]
    #expect(Self.hear(before, &scu).count == phase)
    _ = scu.takeOutput()
    let abort = Abort(source: 2, reason: 6)
    #expect(Self.hear(Wire.abort(2, 6), &scu) == [.failed(.aborted(abort))])
    #expect(scu.takeOutput().isEmpty)
  }

  @Test("The connection closes before or inside an answer, in each phase", arguments: 0..<3)
  func closed(phase: Int) {
    let before = [[], Self.accept, Self.accept + Self.response][phase]
    for half in [false, true] {
      var scu = EchoSCU(.implicit)
      _ = Self.hear(before, &scu)
      if half { #expect(Self.hear([[2, 0, 0], [4, 0, 0], [6, 0]][phase], &scu).isEmpty) }
      #expect(scu.end() == .failed(.closed))
      #expect((scu.incomplete != nil) == half && scu.end() == nil)
    }
  }

  @Test(
    "An answer in another protocol is reported as that protocol",
    arguments: [
      ("HTTP/1.1 400 Bad Request\r\n", ForeignProtocol.http), ("SSH-2.0-OpenSSH_9.2\r\n", .ssh),
      ("\u{15}\u{03}\u{01}\0\u{02}\u{02}F", .tls), ("220 mail\r\n", .other),
      ("\0\0\0\0\0\0", .other),
    ])
  func foreign(text: String, expected: ForeignProtocol) {
    let bytes = Array(text.utf8)
    for size in [1, 3, 1000] {
      var scu = EchoSCU(.implicit)
      _ = scu.takeOutput()
      let events = Self.hear(bytes, &scu, by: size)
      guard case .failed(.foreign(let foreign, let shown)) = events.first else {
        Issue.record("\(events)")
        continue
      }
      #expect(foreign == expected && bytes.starts(with: shown) && shown.count >= 5)
      #expect(scu.takeOutput() == Wire.abort(2, 1))
    }
  }

  @Test("A few foreign bytes before the end are foreign, too")
  func foreignAndShort() {
    var scu = EchoSCU(.implicit)
    _ = scu.takeOutput()
    #expect(Self.hear([0x68, 0x69], &scu).isEmpty)
    #expect(scu.end() == .failed(.foreign(.other, [0x68, 0x69])))
    #expect(scu.takeOutput().isEmpty)
  }

  @Test("A few bytes that cannot begin an answer, followed by silence, are foreign, too")
  func foreignAndSilent() {
    for (bytes, foreign) in [
      ([0x32, 0x32, 0x30], ForeignProtocol.other), ([0x48], .other), ([5, 0], .other),
      ([6], .other),
    ] as [([UInt8], ForeignProtocol)] {
      var scu = EchoSCU(.implicit)
      _ = scu.takeOutput()
      #expect(Self.hear(bytes, &scu).isEmpty)
      #expect(scu.abort() == .foreign(foreign, bytes))
      #expect(scu.takeOutput() == Wire.abort(2, 1) && scu.state == .closed)
    }
  }

  @Test("A wrong answer ends the association with an A-ABORT")
  func wrong() {
    var scu = EchoSCU(.implicit)
    #expect(Self.hear(Self.accept, &scu).count == 1)
    _ = scu.takeOutput()
    let other = Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: 2)))
    #expect(Self.hear(other, &scu) == [.failed(.wrong(.messageID(2, due: 1)))])
    #expect(scu.takeOutput() == Wire.abort(0, 0) && scu.state == .closed)
  }

  @Test("Giving up sends one A-ABORT")
  func abort() {
    var scu = EchoSCU(.implicit)
    _ = scu.takeOutput()
    #expect(scu.abort() == nil)
    #expect(scu.takeOutput() == Wire.abort(0, 0))
    #expect(scu.abort() == nil)
    #expect(scu.takeOutput().isEmpty)
  }

  @Test("A PDV too long for an answer is refused at once, whatever maximum length was announced")
  func bounded() {
    let proposal = EchoProposal(
      called: AETitle("A")!, calling: AETitle("B")!, transferSyntaxes: [.implicitVRLittleEndian],
      maximumLength: 0, implementation: ImplementationItems(classUID: "1.2", versionName: "V"))
    var scu = EchoSCU(proposal)
    #expect(Self.hear(Self.accept, &scu).count == 1)
    let header = Wire.pdu(4, [], length: 0x7FFF_0000) + Wire.be32(0x7FFE_0000) + [1, 3]
    #expect(Self.hear(header, &scu) == [.failed(.wrong(.commandTooLong))])
  }
}
