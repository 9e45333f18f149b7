import Requestor
import UpperLayer

/// One wrong answer of each kind, in the order of the conformance statement's table.
extension AnswerFault {
  static let samples: [AnswerFault] = [
    .pdu(type: 8), .pdu(type: 2), .tooLong(type: 4, length: 16383), .malformed(type: 2),
    .protocolVersion(2), .contextMissing, .contextRefused(3), .transferSyntax, .maximumLength(7),
    .contextID(3), .dataSet, .command, .commandTooLong, .elementMissing(0x0120),
    .commandField(0x8001),
    .messageID(2, due: 1), .status(0x0110), .dataSetType(0), .sopClass,
  ]

  /// Words that only its row in the conformance statement has.
  var subject: String {
    switch self {
    case .pdu(let type): PDUType(rawValue: type) == nil ? "unrecognized PDU" : "unexpected PDU"
    case .tooLong: "maximum length announced"
    case .malformed: "PDU whose lengths do not add up"
    case .protocolVersion: "protocol version"
    case .contextMissing: "without the presentation context"
    case .contextRefused: "result other than 0"
    case .transferSyntax: "transfer syntax"
    case .maximumLength: "maximum length of 1 to"
    case .contextID: "PDV on a presentation context"
    case .dataSet: "data set fragment"
    case .command: "command set whose lengths do not add up"
    case .commandTooLong: "command set above"
    case .elementMissing: "command set without"
    case .commandField: "other than C-ECHO-RSP"
    case .messageID: "another message"
    case .status: "status other than Success"
    case .dataSetType: "announces a data set"
    case .sopClass: "Affected SOP Class UID"
    }
  }
}
