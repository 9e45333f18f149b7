public import Requestor
import UpperLayer

/// Objections in words.
extension Objection {
  /// What is wrong with the answer.
  public var text: String {
    switch self {
    case .pdu(let type): "a PDU of type \(hex(type)) instead of the one that was due"
    case .tooLong(let type, let length):
      "a PDU of type \(hex(type)) with \(Counted.text(length, "byte"))"
    case .malformed(let type): "a PDU of type \(hex(type)) whose lengths do not add up"
    case .protocolVersion(let version): "A-ASSOCIATE-AC with protocol version \(hex(version))"
    case .contextMissing: "A-ASSOCIATE-AC without presentation context \(EchoProposal.contextID)"
    case .contextRefused(let result):
      "the presentation context was refused: \(Self.contextResult(result)) (result \(result))"
    case .transferSyntax: "a transfer syntax was accepted that was not proposed"
    case .maximumLength(let length) where length < EchoProposal.leastMaximumLength:
      "a maximum length of \(length), in which no fragment of a message has room; the least is "
        + "\(EchoProposal.leastMaximumLength)"
    case .maximumLength(let length):
      "a maximum length of \(length), too short for a C-ECHO-RQ in one P-DATA-TF"
    case .contextID(let id): "data on presentation context \(id)"
    case .dataSet: "a fragment of a data set"
    case .command: "a command set whose elements do not add up"
    case .elementMissing(let element): "a command set without (0000,\(hex(element)))"
    case .commandField(let value): "Command Field is \(hex(value))H"
    case .messageID(let id, let due): "the response to message \(id), while that to \(due) was due"
    case .status(let status): "status \(hex(status))H"
    case .dataSetType(let value): "Command Data Set Type is \(hex(value))H"
    case .sopClass: "Affected SOP Class UID is not that of Verification"
    }
  }
  /// The Result/Reason field of a presentation context in words (PS3.8 Table 9-18).
  private static func contextResult(_ result: UInt8) -> String {
    switch result {
    case 1: "user rejection"
    case 2: "no reason"
    case 3: "abstract syntax not supported"
    case 4: "transfer syntaxes not supported"
    default: "a reason that the standard does not have"
    }
  }

  /// What a status other than Success means (PS3.7 §9.1.5.1.4 and annex C), in brackets, or nothing.
  static func meaning(ofStatus status: UInt16) -> String {
    switch status {
    case 0x0110: " (processing failure)"
    case 0x0122: " (refused: SOP class not supported)"
    case 0x0124: " (refused: not authorized)"
    case 0x0210: " (duplicate invocation)"
    case 0x0211: " (unrecognized operation)"
    case 0x0212: " (mistyped argument)"
    case 0x0213: " (resource limitation)"
    case 0xFE00: " (cancelled)"
    default: ""
    }
  }
}
