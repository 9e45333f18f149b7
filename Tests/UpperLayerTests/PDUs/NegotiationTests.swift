import TestKit
import Testing

@testable import UpperLayer

/// PS3.8 §9.3.3: every byte of the A-ASSOCIATE-AC, and the contexts in it.
struct NegotiationTests {
  // MARK: the whole PDU

  @Test func everyByteOfAnAcceptance() throws {
    let fixed = Wire.fixedFields()
    let accept = try #require(Acceptance(answer(to: Wire.associateRequest(fixed: fixed))))
    #expect(accept.version == [0, 1, 0, 0])
    #expect(accept.repeated == Array(fixed.dropFirst(4)))
    #expect(accept.items.map(\.type) == [0x10, 0x21, 0x50])
    #expect(accept.items[0].value == Wire.bytes("1.2.840.10008.3.1.1.1"))
    #expect(
      accept.items[1].value == [1, 0, 0, 0] + Wire.item(0x40, Wire.bytes("1.2.840.10008.1.2")))
    let user = try #require(ItemOnWire.all(in: accept.items[2].value))
    #expect(user.map(\.type) == [0x51, 0x52, 0x55])
    #expect(user[0].value == Wire.be32(16382))
    #expect(user[1].value == Wire.bytes("2.25.262085553124319033831538519789959215053"))
    #expect(user[2].value.starts(with: Wire.bytes("ECHOSCPD_")))
    #expect(user[2].value.count <= 16)
  }

  /// Bytes 11 to 74 repeat the received ones, whatever their values.
  @Test(arguments: [0, 1, 0x20, 0x7F, 0x80, 0xFF]) func theFixedFieldsAreRepeated(_ seed: Int)
    throws
  {
    let odd = (0..<64).map { UInt8(truncatingIfNeeded: seed &+ $0 &* 41) }
    let request = Wire.associateRequest(fixed: Wire.be16(1) + [0xAA, 0xBB] + odd)
    let accept = try #require(Acceptance(answer(to: request)))
    #expect(accept.repeated == odd)
    #expect(accept.version == [0, 1, 0, 0])
  }

  @Test(arguments: [0, 16, 16382, 0xFFFF_FFFF]) func ourMaximumLengthIsAnnounced(_ maximum: Int) {
    var peer = Peer(maximumLength: UInt32(maximum))
    #expect(
      peer.send(Wire.associateRequest()) == Wire.associateAccept(maximumLength: maximum))
  }

  /// Only bit 0 of the protocol version counts; the answer is version 1.
  @Test(arguments: [1, 3, 0x8001, 0xFFFF]) func aVersionWithBitZeroIsAccepted(_ version: Int) {
    let fixed = Wire.fixedFields(version: version)
    #expect(answer(to: Wire.associateRequest(fixed: fixed)) == Wire.associateAccept(to: fixed))
  }

  @Test(arguments: [0, 2, 0x0100, 0x8000, 0xFFFE]) func anotherVersionIsRejected(_ version: Int) {
    let fixed = Wire.fixedFields(version: version)
    #expect(answer(to: Wire.associateRequest(fixed: fixed)) == Wire.reject(1, 2, 2))
  }

  // MARK: results

  private static let verification = Wire.item(0x30, Wire.bytes(Wire.verification))
  private static let other = Wire.item(0x30, Wire.bytes("1.2.840.10008.5.1.4.1.1.2"))
  private static let implicit = Wire.item(0x40, Wire.bytes(Wire.implicitLittle))
  private static let unknown = Wire.item(0x40, Wire.bytes("1.2.840.10008.1.2.4.110"))

  /// The sub-items of a proposed context, and the result for it.
  static let results: [(String, [UInt8], Int)] = [
    ("Verification", verification + implicit, 0),
    ("the transfer syntax first", implicit + verification, 0),
    ("an unknown transfer syntax, too", verification + unknown + implicit, 0),
    ("an unknown sub-item, too", Wire.item(0x41, [1]) + verification + implicit, 0),
    ("a transfer syntax twice", verification + implicit + implicit, 0),
    ("another abstract syntax", other + implicit, 3),
    ("another abstract syntax without a transfer syntax", other, 3),
    ("no abstract syntax", implicit, 3),
    ("an empty abstract syntax", Wire.item(0x30, []) + implicit, 3),
    ("nothing", [], 3),
    ("no transfer syntax", verification, 4),
    ("an empty transfer syntax", verification + Wire.item(0x40, []), 4),
    ("an unknown transfer syntax", verification + unknown, 4),
    ("two abstract syntaxes, Verification first", verification + other + implicit, 0),
    ("two abstract syntaxes, Verification last", other + verification + implicit, 3),
    (
      "two abstract syntaxes, a private one first",
      Wire.item(0x30, Wire.bytes("1.2.3.4")) + verification + implicit, 3
    ),
  ]

  /// The answer has one Transfer Syntax Sub-Item, whatever the result.
  @Test(arguments: results)
  func theResultOfAContext(_ name: String, _ subItems: [UInt8], _ result: Int) {
    let request = Wire.associateRequest(contexts: Wire.context(7, subItems: subItems))
    let results = Wire.contextResult(7, result, Wire.implicitLittle)
    #expect(answer(to: request) == Wire.associateAccept(results: results))
  }

  @Test func aRequestWithoutContextsIsAccepted() {
    #expect(answer(to: Wire.associateRequest(contexts: [])) == Wire.associateAccept(results: []))
  }

  @Test func anAssociationWithoutAnAcceptedContextIsEstablished() {
    var peer = Peer()
    peer.send(Wire.associateRequest(contexts: Wire.context(1, subItems: Self.other)))
    #expect(peer.state == .established)
    #expect(peer.send(Wire.echoRequest()) == Wire.abort(0, 0))
  }

  // MARK: many contexts

  @Test func oneHundredAndTwentyEightContexts() throws {
    let ids = Array(stride(from: 1, through: 255, by: 2))
    let contexts = ids.flatMap { Wire.context($0, Wire.verification, [Wire.implicitLittle]) }
    var peer = Peer()
    let accept = try #require(Acceptance(peer.send(Wire.associateRequest(contexts: contexts))))
    #expect(accept.results == ids.map { "\($0):0 1.2.840.10008.1.2" })
    #expect(peer.host.lines == ["requested contexts=128", "accepted contexts=128"])
    for id in ids { #expect(peer.send(Wire.echoRequest(id, on: id)).count == 90) }
    #expect(peer.release() == [])
  }

  @Test func everyContextIDThereIs() throws {
    let ids = Array((0...255).reversed())
    let contexts = ids.flatMap { Wire.context($0, Wire.verification, [Wire.implicitLittle]) }
    var peer = Peer()
    let accept = try #require(Acceptance(peer.send(Wire.associateRequest(contexts: contexts))))
    #expect(accept.results == ids.map { "\($0):0 1.2.840.10008.1.2" })
    for id in ids { #expect(peer.send(Wire.echoRequest(id, on: id)).count == 90) }
    #expect(peer.release() == .contextIDEven)
  }

  /// Accepted and refused contexts are answered in the order of the request; only the accepted ones
  /// carry messages.
  @Test func eachContextHasItsOwnResult() throws {
    let contexts =
      Wire.context(9, subItems: Self.verification + Self.unknown)
      + Wire.context(3, subItems: Self.other + Self.implicit)
      + Wire.context(5, Wire.verification, ["1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1"])
    let request = Wire.associateRequest(contexts: contexts)
    let accept = try #require(Acceptance(answer(to: request)))
    #expect(
      accept.results == [
        "9:4 1.2.840.10008.1.2", "3:3 1.2.840.10008.1.2", "5:0 1.2.840.10008.1.2.1",
      ])
    for (id, size) in [(9, 10), (3, 10), (5, 90), (1, 10)] {
      var peer = Peer()
      peer.send(request)
      #expect(peer.send(Wire.echoRequest(1, on: id)).count == size)
    }
  }

  /// A context ID that is proposed twice is answered once, for the first proposal.
  @Test func theFirstOfTwoProposalsCounts() throws {
    let good = Wire.context(1, Wire.verification, [Wire.implicitLittle])
    let bad = Wire.context(1, subItems: Self.other + Self.implicit)
    for (contexts, result) in [(good + bad, 0), (bad + good, 3), (good + bad + bad, 0)] {
      var peer = Peer()
      let accept = try #require(Acceptance(peer.send(Wire.associateRequest(contexts: contexts))))
      #expect(accept.results == ["1:\(result) 1.2.840.10008.1.2"])
      #expect(peer.release() == .contextIDDuplicate)
    }
  }

  /// Thousands of proposals with the same ID are still answered only once.
  @Test func anAmplifiedRequestHasASmallAnswer() throws {
    let contexts = (0..<10_000).flatMap { _ in Wire.context(1, subItems: []) }
    let accept = try #require(Acceptance(answer(to: Wire.associateRequest(contexts: contexts))))
    #expect(accept.results == ["1:3 1.2.840.10008.1.2"])
  }

  // MARK: the largest answer

  /// 256 contexts with the longest transfer syntax UID, and the longest possible implementation names.
  @Test func theLargestAcceptanceHasRoomInTheReply() {
    let contexts = (0...255).flatMap {
      Wire.context($0, Wire.verification, ["1.2.840.10008.1.2.4.50"])
    }
    var input = Wire.associateRequest(contexts: contexts)
    var connection = Connection()
    var host = Recorder()
    let answer = [UInt8](capacity: 64 << 10) { output in
      var span = input.mutableSpan
      _ = connection.receive(&span, from: 0, for: LongWinded(), host: &host, reply: &output)
    }
    #expect(Acceptance(answer)?.results.count == 256)
    #expect(answer.count <= Association.maximumAcceptLength)
    #expect(answer.count <= Connection.replyReserve)
    // 74, application context 25, contexts 256 * 34, user information 4 + 8 + 68 + 20.
    #expect(answer.count == 74 + 25 + 256 * 34 + 100)
  }

  /// The reply also has room for the longest answer to an echo, in fragments of two bytes.
  @Test func theLargestEchoResponseHasRoomInTheReply() {
    var peer = Peer.associated(peerMaximumLength: 8)
    #expect(peer.send(Wire.echoRequest()).count == 39 * 14)
    #expect(39 * 14 <= Connection.replyReserve)
  }
}

/// A service user with the longest allowed names that accepts everything and answers nothing.
struct LongWinded: ServiceUser {
  let maximumLength: UInt32 = 0xFFFF_FFFF
  let implementation = ImplementationItems(
    classUID: String(repeating: "9", count: 64), versionName: String(repeating: "V", count: 16))

  func rejection(of request: borrowing AssociateRequest, host: inout Recorder) -> Rejection? { nil }

  func notes(on request: borrowing AssociateRequest) -> Notes { [] }

  func result(
    abstractSyntax: StandardUID?, transferSyntaxes: TransferSyntaxSet
  ) -> ContextResult {
    transferSyntaxes.first.map { .acceptance($0) } ?? .transferSyntaxesNotSupported
  }

  func deliver(
    _ commandSet: Span<UInt8>, on contextID: UInt8, of association: inout Association,
    host: inout Recorder, reply: inout OutputSpan<UInt8>
  ) -> AbortReason? { nil }
}
