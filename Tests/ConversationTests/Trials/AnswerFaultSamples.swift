import Requestor

/// One wrong answer of each kind, in the order of the conformance statement's table.
extension AnswerFault {
  static let samples: [AnswerFault] = [
    .pdu(type: 8), .pdu(type: 2), .tooLong(type: 4, length: 16383), .malformed(type: 2),
    .protocolVersion(2), .contextMissing, .contextRefused(3), .transferSyntax, .maximumLength(7),
    .contextID(3), .dataSet, .command, .commandTooLong, .elementMissing(0x0120),
    .commandField(0x8001),
    .messageID(2, due: 1), .status(0x0110), .dataSetType(0), .sopClass,
  ]
}
