import Log
public import Requestor
import UpperLayer

/// Objections in words.
extension AnswerFault {
  /// What is wrong with the answer.
  public var text: String {
    switch self {
    case .pdu(let type): "\(Self.pdu(type)) instead of the PDU that was due"
    case .tooLong(let type, let length):
      "\(Self.pdu(type)) with \(Counted.text(length, "byte")), more than "
        + (Self.isData(type) ? "the maximum length announced" : "this program takes")
    case .malformed(let type): "\(Self.pdu(type)) whose lengths do not add up"
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
    case .commandTooLong:
      "a command set of more than \(AnswerReader.longestCommandSet) bytes, which this program does "
        + "not take"
    case .elementMissing(let element): "a command set without (0000,\(hex(element)))"
    case .commandField(let value): "Command Field is \(hex(value))H"
    case .messageID(let id, let due): "the response to message \(id), while that to \(due) was due"
    case .status(let status): "status \(hex(status))H"
    case .dataSetType(let value): "Command Data Set Type is \(hex(value))H"
    case .sopClass: "Affected SOP Class UID is not that of Verification"
    }
  }

  /// What to do. Only an answer that breaks a clause of the standard is a matter for the maker of the SCP.
  var remedy: String {
    switch ground {
    case .clause(let clause):
      "\(clause) does not allow this answer: report it to the maker of the SCP"
    case .leftToSCP(let remedy): remedy
    }
  }

  /// Why there is an objection.
  enum Ground: Equatable {
    /// The answer breaks this clause of the standard.
    case clause(String)
    /// The standard leaves it to the SCP to answer so; this is what to do.
    case leftToSCP(String)
  }

  /// Why there is this one: each has to be judged here by what the standard says.
  var ground: Ground {
    switch self {
    case .pdu: .clause("PS3.8 Table 9-10")
    case .tooLong(let type, _):
      Self.isData(type)
        ? .clause("PS3.8 annex D.1")
        : .leftToSCP("ask with another SCU, such as echoscu, and look at the settings of the SCP")
    case .malformed: .clause("PS3.8 §9.3.1")
    case .protocolVersion: .clause("PS3.8 §9.3.3")
    case .contextMissing, .transferSyntax: .clause("PS3.8 §9.3.3.2")
    case .contextRefused(3):
      .leftToSCP("Verification is not enabled on the SCP: look at its settings")
    case .contextRefused(4):
      .leftToSCP(
        "the SCP takes none of the transfer syntaxes proposed; leave out -x, or try another one")
    case .contextRefused:
      .leftToSCP(
        "the SCP does not want Verification from this caller: look at its settings and its log")
    case .maximumLength:
      .leftToSCP(
        "the SCP says that it takes no message at all: look at its setting of the maximum PDU length"
      )
    case .contextID: .clause("PS3.8 §9.3.5.1")
    case .command: .clause("PS3.7 §6.3.1")
    case .commandTooLong:
      .leftToSCP("ask with another SCU, such as echoscu, and look at the settings of the SCP")
    case .dataSet, .elementMissing, .commandField, .messageID, .dataSetType, .sopClass:
      .clause("PS3.7 §9.3.5.2")
    case .status: .leftToSCP("the SCP itself reports trouble: look at its log")
    }
  }

  private static func isData(_ type: UInt8) -> Bool { type == PDUType.dataTransfer.rawValue }

  /// A PDU by its name, where the standard has one.
  private static func pdu(_ type: UInt8) -> String {
    guard let name = PDUType(rawValue: type)?.name else {
      return "a PDU of type \(hex(type))H, which the standard does not have,"
    }
    return "\(name.hasPrefix("A") ? "an" : "a") \(name)"
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
