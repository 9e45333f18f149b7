import TestKit
import Testing

@testable import UpperLayer

/// PS3.8 §9.3.2: the fixed fields and the items of an A-ASSOCIATE-RQ, cut off at every byte, and
/// with wrong length fields.
struct AssociateRequestTests {
  // MARK: fields

  @Test func theFieldsOfARequest() throws {
    let body = Array(RichRequest.pdu.dropFirst(6))
    let request = try AssociateRequest(body.span)
    let version = request.protocolVersion
    let called = request.calledAETitle
    let calling = request.callingAETitle
    let application = request.applicationContext
    let contexts = request.contextCount
    let maximumLength = request.userInformation.maximumLength
    #expect(version == 1)
    #expect(called == AETitle("ECHOSCP"))
    #expect(calling == AETitle("MODALITY1"))
    #expect(application == .applicationContext)
    #expect(contexts == 2)
    #expect(maximumLength == 0x0102_0304)

    let classUID = request.implementationClassUID
    let versionName = request.implementationVersionName
    let uid = classUID.indices.map { classUID[$0] }
    let name = versionName.indices.map { versionName[$0] }
    #expect(uid == Wire.bytes("1.2.3.4"))
    #expect(name == Wire.bytes("RICH_1"))
  }

  @Test func theProposalsOfARequest() throws {
    let body = Array(RichRequest.pdu.dropFirst(6))
    let request = try AssociateRequest(body.span)
    var contexts = request.contexts
    var ids: [UInt8] = []
    var abstractSyntaxes: [StandardUID?] = []
    var transferSyntaxes: [UInt16] = []
    while let context = try contexts.next() {
      let proposal = try context.proposal()
      ids.append(context.id)
      abstractSyntaxes.append(proposal.abstractSyntax)
      transferSyntaxes.append(proposal.transferSyntaxes.bits)
    }
    #expect(ids == [1, 3])
    #expect(abstractSyntaxes == [StandardUID(components: 0x0001_0001), nil])
    #expect(transferSyntaxes == [0b11, 0b1000])
  }

  @Test func aRichRequestIsAcceptedWithoutANote() {
    var peer = Peer()
    #expect(peer.send(RichRequest.pdu).first == 2)
    #expect(peer.release() == [])
  }

  /// PS3.8 §9.3.1: reserved bytes are not tested; here all of them are FFH.
  @Test func reservedBytesAreNotTested() {
    var fixed = Wire.fixedFields(reserved: [UInt8](repeating: 0xFF, count: 32))
    fixed.replaceSubrange(2..<4, with: [0xFF, 0xFF])
    var application = Wire.applicationContext()
    application[1] = 0xFF
    var context = Wire.context(1, Wire.verification, [Wire.implicitLittle])
    for index in [1, 5, 6, 7, 9, 4 + 4 + 4 + 17 + 1] { context[index] = 0xFF }
    var user = Wire.userInformation()
    for index in [1, 5, 13, 24] { user[index] = 0xFF }
    var request = Wire.pdu(1, fixed + application + context + user)
    request[1] = 0xFF

    var peer = Peer()
    #expect(peer.send(request) == Wire.associateAccept(to: fixed))
  }

  @Test(arguments: 0...255) func anyByteMayStandInATitleOrAName(_ byte: Int) {
    let text = [UInt8](repeating: UInt8(byte), count: 16)
    let fixed = Wire.fixedFields(called: text, calling: text)
    let user = Wire.item(0x50, Wire.item(0x52, text) + Wire.item(0x55, text))
    let unknown = Wire.context(3, subItems: Wire.item(0x30, text) + Wire.item(0x40, text))
    let good = Wire.context(1, Wire.verification, [Wire.implicitLittle])
    let request = Wire.associateRequest(fixed: fixed, contexts: unknown + good, user: user)
    let results =
      Wire.contextResult(3, 3, Wire.implicitLittle) + Wire.contextResult(1, 0, Wire.implicitLittle)
    #expect(answer(to: request) == Wire.associateAccept(to: fixed, results: results))
  }

  /// The name is read as sent; of several, the first one counts.
  @Test(
    arguments: [
      (Wire.applicationContext(), "1.2.840.10008.3.1.1.1"), ([], ""),
      (Wire.applicationContext(""), ""), (Wire.applicationContext("1.2\0 "), "1.2\0 "),
      (Wire.applicationContext("x\n") + Wire.applicationContext(), "x\n"),
      (Wire.item(0x11, [1]) + Wire.applicationContext("1.2.3"), "1.2.3"),
    ])
  func theApplicationContextName(_ items: [UInt8], _ name: String) throws {
    let body = Array(Wire.associateRequest(application: items).dropFirst(6))
    let found = text(try AssociateRequest(body.span).applicationContextName)
    #expect(found == name)
  }

  // MARK: cut off

  /// A request whose body is cut to `length`, with a correct PDU-length, is good if it ends between
  /// two items, otherwise malformed in the item that was cut.
  @Test(arguments: 0..<RichRequest.body.count) func cutOffAnywhere(_ length: Int) {
    let request = Wire.pdu(1, Array(RichRequest.body.prefix(length)))
    let expected = RichRequest.faultWhenCut(at: length)
    #expect(fault(in: request) == expected)

    for size in [1, 10_000] {
      var peer = Peer()
      let answer = peer.send(request, inPiecesOf: size)
      if let expected {
        #expect(answer == Wire.abort(0, 0))
        // A PDU-length too short for the fixed fields is refused before the body is read.
        let isTooShort = length < AssociateRequest.fixedSize
        let reason = AbortReason.malformedPDU(
          .associateRequest,
          isTooShort ? Malformed(item: 0, offset: 0, .wrongLength) : expected)
        #expect(peer.host.lines == [aborting(0, 0, reason, in: 2)])
      } else if length == AssociateRequest.fixedSize {
        #expect(answer == Wire.reject(1, 1, 2))
      } else {
        #expect(answer.first == 2)
      }
    }
  }

  /// While the body is shorter than the PDU-length, nothing is answered, and nothing is lost.
  @Test(arguments: 0..<RichRequest.body.count) func interruptedAnywhere(_ length: Int) {
    var peer = Peer()
    #expect(peer.send(Array(RichRequest.pdu.prefix(6 + length))) == [])
    #expect(peer.state == .awaitingRequest)
    #expect(peer.connection.waiting == .request)
    #expect(peer.send(Array(RichRequest.pdu.dropFirst(6 + length))).first == 2)
  }

  /// The bytes after a request belong to the next PDU, even if an item of the request claims them.
  @Test func anItemDoesNotReachIntoTheNextPDU() {
    let request = Wire.pdu(1, Wire.fixedFields() + Wire.item(0x10, [], length: 10))
    var peer = Peer()
    #expect(peer.send(request + Wire.abort(0, 0)) == Wire.abort(0, 0))
    #expect(peer.host.lines.last == "abort received 0/0 in Sta13")
  }

  // MARK: sizes

  @Test func aRequestOfOneMebibyteIsTaken() {
    let rest = (256 << 10) - Wire.associateRequest().count + 6
    let whole = (rest - 4) / 65539
    let filler = (0..<whole).flatMap { _ in Wire.item(0x7F, [UInt8](repeating: 1, count: 65535)) }
    let last = Wire.item(0x7F, [UInt8](repeating: 1, count: rest - whole * 65539 - 4))
    let request = Wire.pdu(1, Wire.associateRequest().dropFirst(6) + filler + last)
    #expect(request.count == 6 + 256 << 10)
    var peer = Peer()
    #expect(peer.send(request) == Wire.associateAccept())
  }

  @Test func aLongerRequestIsRefusedByItsHeader() {
    var peer = Peer()
    #expect(peer.send(Wire.pdu(1, [], length: 256 << 10 + 1)) == Wire.abort(0, 0))
    let reason = AbortReason.pduTooLong(.associateRequest, length: 256 << 10 + 1, limit: 256 << 10)
    #expect(peer.host.lines == [aborting(0, 0, reason, in: 2)])
  }

  @Test func thousandsOfEmptyItemsAreSkipped() {
    let many = (0..<40_000).flatMap { _ in Wire.item(0x7F, []) }
    var peer = Peer()
    #expect(peer.send(Wire.associateRequest(user: Wire.userInformation() + many)).first == 2)
  }
}

/// A request with every defined item and sub-item, and unknown ones.
enum RichRequest {
  static let items: [[UInt8]] = [
    Wire.applicationContext(),
    Wire.context(
      1,
      subItems: syntax(0x30, Wire.verification) + syntax(0x40, Wire.implicitLittle)
        + syntax(0x40, "1.2.840.10008.1.2.1") + Wire.item(0x41, [1, 2, 3])),
    Wire.context(3, "1.2.840.10008.5.1.4.1.1.2", ["1.2.840.10008.1.2.2", "1.2.3"]),
    Wire.item(
      0x50,
      Wire.item(0x51, Wire.be32(0x0102_0304)) + Wire.item(0x52, Wire.bytes("1.2.3.4"))
        + Wire.item(0x53, Wire.be16(0) + Wire.be16(0))
        + Wire.item(0x54, Wire.field(Wire.verification) + [1, 1])
        + Wire.item(0x55, Wire.bytes("RICH_1"))
        + Wire.item(0x56, Wire.field("1.2.840.10008.5.1.4.1.1.2") + [1, 0, 1])
        + Wire.item(
          0x57,
          Wire.field("1.2.840.10008.5.1.4.1.1.2") + Wire.field("1.2.840.10008.4.2")
            + Wire.be16(2 + 5) + Wire.field("1.2.3"))
        + Wire.item(0x58, [2, 1] + Wire.field("user") + Wire.field("secret"))
        + Wire.item(0x59, [0, 0]) + Wire.item(0xFF, [])),
    Wire.item(0x60, [1, 2, 3, 4, 5]),
  ]
  static let body = Wire.fixedFields() + items.flatMap { $0 }
  static let pdu = Wire.pdu(1, body)

  private static func syntax(_ type: Int, _ uid: String) -> [UInt8] {
    Wire.item(type, Wire.bytes(uid))
  }

  /// The fault in the first `length` bytes of the body, or `nil` if they are well-formed.
  static func faultWhenCut(at length: Int) -> Malformed? {
    guard length >= 68 else { return Malformed(item: 0, offset: 0, .endsEarly) }
    var start = 68
    for item in items {
      if length == start { return nil }
      if length < start + item.count {
        return Malformed(
          item: item[0], offset: start + 6, length < start + 4 ? .endsEarly : .reachesBeyond)
      }
      start += item.count
    }
    return nil
  }
}
