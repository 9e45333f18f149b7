import TestKit
import Testing
import UpperLayer

@testable import Requestor

/// Wrong answers of every kind, each found even after a right one.
@Suite struct WrongAnswerTests {
  /// An answer, and the fault in it.
  struct Row: Sendable, CustomTestStringConvertible {
    let objection: AnswerFault
    let bytes: [UInt8]
    var testDescription: String { "\(objection)" }

    init(_ objection: AnswerFault, _ bytes: [UInt8]) {
      self.objection = objection
      self.bytes = bytes
    }
  }

  private typealias Echo = EchoResponses

  static let accepts = [
    Row(.pdu(type: 0x48), Array("HTTP/1.1 400".utf8)),
    Row(.pdu(type: 1), Wire.associateRequest()),
    Row(.pdu(type: 4), Echo.right()),
    Row(.pdu(type: 5), Wire.releaseRequest),
    Row(.pdu(type: 6), Wire.releaseReply),
    Row(.malformed(type: 3), Wire.pdu(3, [0, 1, 1])),
    Row(.malformed(type: 2), Wire.pdu(2, Wire.be16(1))),
    Row(.malformed(type: 2), Wire.pdu(2, Wire.fixedFields() + [0x21, 0, 0, 9])),
    Row(.malformed(type: 2), Wire.pdu(2, Wire.fixedFields() + Wire.item(0x21, [1, 0, 0, 0]))),
    Row(.tooLong(type: 2, length: 1 << 20), Wire.pdu(2, [], length: 1 << 20)),
    Row(.protocolVersion(2), Wire.pdu(2, Wire.fixedFields(version: 2))),
    Row(.contextMissing, Wire.associateAccept(results: [])),
    Row(.contextMissing, accept(Wire.contextResult(3, 0, Wire.implicitLittle))),
    Row(.contextRefused(4), accept(Wire.contextResult(1, 4, ""))),
    Row(.contextRefused(3), accept(Wire.item(0x21, [1, 0, 3, 0]))),
    Row(.contextRefused(1), accept(Wire.item(0x21, [1, 0, 1, 0, 0x40, 0, 0, 9]))),
    Row(.transferSyntax, accept(Wire.contextResult(1, 0, "1.2.840.10008.1.2.1"))),
    Row(.transferSyntax, accept(Wire.contextResult(1, 0, ""))),
    Row(.maximumLength(1), Wire.associateAccept(maximumLength: 1)),
    Row(.maximumLength(7), Wire.associateAccept(maximumLength: 7)),
  ]

  static let responses = [
    Row(.pdu(type: 2), Wire.associateAccept()),
    Row(.pdu(type: 3), Wire.reject(1, 1, 1)),
    Row(.pdu(type: 6), Wire.releaseReply),
    Row(.tooLong(type: 4, length: 16383), Wire.pdu(4, [], length: 16383)),
    Row(.malformed(type: 4), Wire.pdu(4, [])),
    Row(.malformed(type: 4), Wire.pdu(4, [0, 0, 0, 2, 1])),
    Row(.malformed(type: 4), Wire.data(Wire.pdv(1, 3, [], length: 1))),
    Row(.malformed(type: 4), Wire.data(Wire.pdv(1, 3, [1, 2], length: 5))),
    Row(.malformed(type: 4), Wire.data(Wire.pdv(1, 1, [1, 2]), [1])),
    Row(.contextID(3), Echo.response(Wire.echoResponseCommand(messageID: 7), context: 3)),
    Row(.dataSet, Echo.response(Wire.echoResponseCommand(messageID: 7), control: 2)),
    Row(.command, Echo.response([0, 0, 0])),
    Row(.command, Echo.response(Wire.element(0x0010, [], group: 8))),
    Row(.command, Echo.response(Wire.element(0x0100, Wire.le16(0x8030), length: 9))),
    Row(.command, Echo.response(Wire.element(0x0100, [0x30, 0x80, 0, 0]))),
    Row(.command, Echo.response(Echo.command, Echo.command)),
    Row(.commandTooLong, Wire.data(Wire.pdv(1, 1, [UInt8](repeating: 0, count: 4097)))),
    Row(
      .commandTooLong,
      Wire.data(Wire.pdv(1, 1, [UInt8](repeating: 0, count: 4096)), Wire.pdv(1, 1, [0]))),
    Row(.elementMissing(0x0100), Echo.response([])),
    Row(.elementMissing(0x0120), Echo.response(Echo.command)),
    Row(.elementMissing(0x0800), Echo.response(Echo.command, Echo.messageID)),
    Row(.elementMissing(0x0900), Echo.response(Echo.command, Echo.messageID, Echo.noDataSet)),
    Row(.commandField(0x0030), Wire.echoRequest(7)),
    Row(.messageID(8, due: 7), Echo.right(8)),
    Row(.status(0x0110), response(status: 0x0110)),
    Row(.dataSetType(0), response(dataSetType: 0)),
    Row(.sopClass, response(sopClass: "1.2.840.10008.1.2")),
  ]

  private static func accept(_ results: [UInt8]) -> [UInt8] {
    Wire.associateAccept(results: results)
  }

  private static func response(
    status: Int = 0, dataSetType: Int = 0x0101, sopClass: String = Wire.verification + "\0"
  ) -> [UInt8] {
    Echo.response(
      Wire.commandSet(
        Wire.element(0x0002, Array(sopClass.utf8)), Echo.command, Echo.messageID,
        Wire.element(0x0800, Wire.le16(dataSetType)), Wire.element(0x0900, Wire.le16(status))))
  }

  @Test(arguments: accepts) func isNoAccept(_ row: Row) {
    #expect(answer(row.bytes, due: .accept) == .wrong(row.objection))
    var ear = Ear()
    #expect(ear.hear(Wire.associateAccept(), due: .accept) == [.right])
    #expect(ear.hear(row.bytes, due: .accept) == [.wrong(row.objection)])
  }

  @Test(arguments: responses) func isNoResponse(_ row: Row) {
    #expect(answer(row.bytes, due: .echo(7)) == .wrong(row.objection))
    var ear = Ear()
    #expect(ear.hear(EchoResponses.right(6), due: .echo(6)) == [.right])
    #expect(ear.hear(row.bytes, due: .echo(7)) == [.wrong(row.objection)])
  }

  @Test("Another PDU inside a response is wrong")
  func insideAResponse() {
    let begun = Wire.data(Wire.pdv(1, 1, [0]))
    #expect(answer(begun + Wire.releaseReply, due: .echo(7)) == .wrong(.pdu(type: 6)))
  }

  @Test("When no answer is due, every answer is wrong")
  func nothingIsDue() {
    #expect(answer(EchoResponses.right(), due: .nothing) == .wrong(.pdu(type: 4)))
    #expect(answer(Wire.associateAccept(), due: .nothing) == .wrong(.pdu(type: 2)))
    #expect(answer(Wire.releaseRequest, due: .nothing) == .wrong(.pdu(type: 5)))
  }

  @Test("A requestor that does not fragment needs a maximum length with room for a C-ECHO-RQ")
  func maximumLengthForOnePiece() {
    for (length, isEnough) in [(8, false), (73, false), (74, true), (0, true)] {
      var reader = AnswerReader(to: .implicit, leastMaximumLength: EchoProposal.echoLength)
      var part = AnswerReader.Part()
      var offset = 0
      let bytes = Wire.associateAccept(maximumLength: length)
      let answer = reader.next(bytes, bytes.count, at: &offset, due: .accept, &part)
      #expect(answer == (isEnough ? .right : .wrong(.maximumLength(UInt32(length)))))
    }
  }

  @Test("After a release collision only an A-RELEASE-RP or an A-ABORT may arrive")
  func insideACollision() {
    #expect(answer(Wire.releaseReply, due: .releaseInCollision) == .right)
    for (type, bytes) in [(4, EchoResponses.right()), (5, Wire.releaseRequest)] {
      let objection = AnswerFault.pdu(type: UInt8(type))
      #expect(answer(bytes, due: .releaseInCollision) == .wrong(objection))
    }
  }

  @Test("Rejections and aborts are not wrong answers")
  func rejectionsAndAborts() {
    let rejection = AssociateReject(result: 2, source: 3, reason: 2)
    #expect(answer(Wire.reject(2, 3, 2), due: .accept) == .rejected(rejection))
    for due in [AnswerReader.Due.accept, .echo(7), .release, .nothing] {
      #expect(answer(Wire.abort(2, 0), due: due) == .aborted(Abort(source: 2, reason: 0)))
    }
    #expect(answer(Wire.pdu(7, [0]), due: .accept) == .wrong(.malformed(type: 7)))
  }

  /// The significant bytes of a response: context ID, SOP class, command, message ID, data set type,
  /// status.
  static let decisive = [10] + Array(32..<49) + [58, 59, 68, 69, 78, 79, 88, 89]

  @Test("A wrong bit in an answer otherwise like the first one is found", arguments: decisive)
  func wrongBit(inByte index: Int) {
    for bit in 0..<8 {
      var ear = Ear()
      #expect(ear.hear(EchoResponses.right(), due: .echo(7)) == [.right])
      var wrong = EchoResponses.right()
      wrong[index] ^= 1 << bit
      #expect(ear.hear(wrong, due: .echo(7)) != [.right])
    }
  }
}
