import TestKit
import Testing

@testable import Requestor

/// Right answers, in every encoding that the standard allows the SCP.
@Suite struct AnswerReaderTests {
  /// An answer with a name.
  struct Sample: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]

    init(_ name: String, _ bytes: [UInt8]) {
      testDescription = name
      self.bytes = bytes
    }
  }

  private static let context = Wire.contextResult(1, 0, Wire.implicitLittle)
  private static let user = Wire.userInformation(maximumLength: 0)

  static let accepts = [
    Sample("the standard's encoding", Wire.associateAccept()),
    Sample(
      "items in another order",
      Wire.pdu(2, Wire.fixedFields() + user + context + Wire.applicationContext())),
    Sample("no user information", Wire.pdu(2, Wire.fixedFields() + context)),
    Sample(
      "another context and an unknown item",
      Wire.pdu(
        2, Wire.fixedFields() + Wire.contextResult(3, 3, "") + Wire.item(0x77, [1, 2]) + context)),
    Sample(
      "another context that was refused without a transfer syntax",
      Wire.associateAccept(results: Wire.item(0x21, [3, 0, 3, 0]) + context)),
    Sample("other reserved bytes", Wire.pdu(2, Wire.be16(3) + [9, 9] + title(0x41) + context)),
    Sample("a UID with padding", accept(syntax: Wire.implicitLittle + "\0")),
    Sample("the shortest maximum length", Wire.associateAccept(maximumLength: 8)),
  ]

  static let responses = [
    Sample("the standard's encoding", EchoResponses.right()),
    Sample(
      "no group length, no SOP class",
      EchoResponses.response(
        EchoResponses.command, EchoResponses.messageID, EchoResponses.noDataSet,
        EchoResponses.success)),
    Sample(
      "elements in another order, with others, and a wrong group length",
      EchoResponses.response(
        EchoResponses.success, EchoResponses.messageID, Wire.element(0x0000, Wire.le32(5)),
        Wire.element(0x0110, Wire.le16(1)), Wire.element(0x0902, Array("fine".utf8)),
        EchoResponses.noDataSet, EchoResponses.command, EchoResponses.sopClass)),
    Sample(
      "a SOP class without padding, and one without a value",
      EchoResponses.response(
        Wire.element(0x0002, Array(Wire.verification.utf8)), Wire.element(0x0002, []),
        EchoResponses.command, EchoResponses.messageID, EchoResponses.noDataSet,
        EchoResponses.success)),
    Sample("two PDVs in a PDU", Wire.data(piece(..<20, 1), piece(20..., 3))),
    Sample("an empty last PDV", Wire.data(piece(..<78, 1), Wire.pdv(1, 3, []))),
    Sample(
      "three PDUs",
      Wire.data(piece(..<1, 1)) + Wire.data(piece(1..<40, 1)) + Wire.data(piece(40..., 3))),
  ]

  private static func accept(syntax: String) -> [UInt8] {
    Wire.associateAccept(results: Wire.contextResult(1, 0, syntax))
  }

  private static func title(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 64) }

  /// Part of a response's command set as a PDV.
  private static func piece(_ range: some RangeExpression<Int>, _ control: Int) -> [UInt8] {
    Wire.pdv(1, control, Array(Wire.echoResponseCommand(messageID: 7)[range]))
  }

  @Test(arguments: accepts) func isAccepted(_ sample: Sample) {
    #expect(answer(sample.bytes, due: .accept) == .right)
    var ear = Ear()
    #expect(ear.hear(oneByOne: sample.bytes, due: .accept) == .right)
    // The same answer again, and another one.
    #expect(
      ear.hear(sample.bytes + Wire.associateAccept(), due: .accept, .accept) == [.right, .right])
    #expect(ear.left == 0)
  }

  @Test(arguments: responses) func isAnswered(_ sample: Sample) {
    #expect(answer(sample.bytes, due: .echo(7)) == .right)
    var ear = Ear()
    #expect(ear.hear(oneByOne: sample.bytes, due: .echo(7)) == .right)
    #expect(ear.hear(sample.bytes + EchoResponses.right(), due: .echo(7), .echo(7)).count == 2)
    #expect(ear.left == 0)
  }

  @Test func isReleased() {
    #expect(answer(Wire.releaseReply, due: .release) == .right)
    #expect(answer(Wire.pdu(6, [1, 2, 3, 4]), due: .release) == .right)
  }

  @Test("Answers like the first one are recognized wherever the bytes are split")
  func likeTheFirst() {
    let bytes = EchoResponses.right(300) + EchoResponses.right(0) + EchoResponses.right(65535)
    for split in 0...bytes.count {
      var ear = Ear()
      #expect(ear.hear(EchoResponses.right(1), due: .echo(1)) == [.right])
      let first = ear.hear(Array(bytes[..<split]), due: .echo(300), .echo(0), .echo(65535))
      let missing: [AnswerReader.Due] = Array(
        [.echo(300), .echo(0), .echo(65535)].dropFirst(first.filter { $0 == .right }.count))
      var rest = Array(bytes[split...])
      for due in missing {
        #expect(ear.hear(rest, due: due) == [.right])
        rest = []
      }
      #expect(ear.left == 0)
    }
  }

  @Test("Two responses in one PDU are two answers")
  func twoInOnePDU() {
    let pdvs = [7, 8].map { Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: $0)) }
    var ear = Ear()
    #expect(ear.hear(Wire.data(pdvs[0], pdvs[1]), due: .echo(7), .echo(8)) == [.right, .right])
    #expect(ear.hear(EchoResponses.right(9), due: .echo(9)) == [.right])
  }
}
