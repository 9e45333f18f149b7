import Testing
import UpperLayer

@testable import Requestor

/// The source and reason of the A-ABORT for each fault (PS3.8 Table 9-26, and AA-8 of Table 9-10).
@Suite struct AnswerFaultTests {
  static let unrecognized: [AnswerFault] = [.pdu(type: 0), .pdu(type: 8), .pdu(type: 0xFF)]
  static let unexpected: [AnswerFault] = (1...7).map { .pdu(type: $0) }
  static let invalid: [AnswerFault] = [
    .tooLong(type: 2, length: 1 << 20), .malformed(type: 4), .protocolVersion(2), .contextMissing,
    .transferSyntax,
  ]
  static let ofTheUser: [AnswerFault] = [
    .contextRefused(3), .maximumLength(7), .contextID(3), .dataSet, .command, .commandTooLong,
    .elementMissing(0x0120), .commandField(0x8001), .messageID(1, due: 2), .status(0x0110),
    .dataSetType(0), .sopClass,
  ]

  @Test func eachHasItsSourceAndReason() {
    #expect(Self.unrecognized.allSatisfy { $0.abort == Abort(source: 2, reason: 1) })
    #expect(Self.unexpected.allSatisfy { $0.abort == Abort(source: 2, reason: 2) })
    #expect(Self.invalid.allSatisfy { $0.abort == Abort(source: 2, reason: 6) })
    #expect(Self.ofTheUser.allSatisfy { $0.abort == Abort(source: 0, reason: 0) })
  }
}
