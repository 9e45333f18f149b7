import Log
public import Requestor
import UpperLayer

/// What is wrong with an answer, in words.
extension AnswerFault {
  /// What is wrong with the answer.
  public var text: String {
    switch verdict {
    case .breaks(_, let text), .unusable(let text, _): text
    }
  }

  /// What a probe says of the answer.
  var explanation: Explanation {
    switch (self, verdict) {
    case (.contextRefused, .unusable(let text, let remedy)):
      Explanation(.contextRefused, text, remedy)
    case (.status(let status), .unusable(let text, let remedy)):
      Explanation(.status, "C-ECHO-RSP with \(text)\(ReasonWords.status(status))", remedy)
    case (_, .unusable(let text, let remedy)):
      Explanation(.wrongAnswer, "an answer that this program cannot use: \(text)", remedy)
    case (_, .breaks(let clause, let text)):
      Explanation(
        .wrongAnswer, "a wrong answer: \(text)",
        "\(clause) does not allow this answer: report it to the maker of the SCP")
    }
  }

  /// What is wrong with an answer, and whose matter it is.
  private enum Verdict {
    /// It breaks a clause of the standard, which is a matter for the maker of the SCP.
    case breaks(_ clause: String, _ text: String)
    /// The standard leaves it to the SCP to answer so; the remedy says what to do.
    case unusable(_ text: String, _ remedy: String)
  }

  /// One row for each fault. What the standard says about it decides the verdict.
  private var verdict: Verdict {
    switch self {
    case .pdu(let type):
      .breaks("PS3.8 Table 9-10", "\(Self.pdu(type)) instead of the PDU that was due")
    case .tooLong(let type, let length) where type == PDUType.dataTransfer.rawValue:
      .breaks(
        "PS3.8 annex D.1", "\(Self.pdu(type, length)), more than the maximum length announced")
    case .tooLong(let type, let length):
      .unusable("\(Self.pdu(type, length)), more than this program takes", Self.otherSCU)
    case .malformed(let type):
      .breaks("PS3.8 §9.3.1", "\(Self.pdu(type)) whose lengths do not add up")
    case .protocolVersion(let version):
      .breaks("PS3.8 §9.3.3", "A-ASSOCIATE-AC with protocol version \(hex(version))")
    case .contextMissing:
      .breaks(
        "PS3.8 §9.3.3.2",
        "A-ASSOCIATE-AC without presentation context \(EchoProposal.contextID)")
    case .contextRefused(let result):
      .unusable(
        "the presentation context was refused: \(ReasonWords.contextResult(result)) "
          + "(result \(result))",
        Self.remedy(contextResult: result))
    case .transferSyntax:
      .breaks("PS3.8 §9.3.3.2", "a transfer syntax was accepted that was not proposed")
    case .maximumLength(let length):
      .unusable(
        length < EchoProposal.leastMaximumLength
          ? "a maximum length of \(length), in which no fragment of a message has room; the least is "
            + "\(EchoProposal.leastMaximumLength)"
          : "a maximum length of \(length), too short for a C-ECHO-RQ in one P-DATA-TF",
        "the SCP says that it takes no message at all: look at its setting of the maximum PDU length"
      )
    case .contextID(let id): .breaks("PS3.8 §9.3.5.1", "data on presentation context \(id)")
    case .command: .breaks("PS3.7 §6.3.1", "a command set whose elements do not add up")
    case .commandTooLong:
      .unusable(
        "a command set of more than \(AnswerReader.longestCommandSet) bytes, which this program does "
          + "not take",
        Self.otherSCU)
    case .status(let status):
      .unusable("status \(hex(status))H", "the SCP itself reports trouble: look at its log")
    case .dataSet: .breaks(Self.echoResponse, "a fragment of a data set")
    case .elementMissing(let element):
      .breaks(Self.echoResponse, "a command set without (0000,\(hex(element)))")
    case .commandField(let value):
      .breaks(Self.echoResponse, "Command Field is \(hex(value))H")
    case .messageID(let id, let due):
      .breaks(Self.echoResponse, "the response to message \(id), while that to \(due) was due")
    case .dataSetType(let value):
      .breaks(Self.echoResponse, "Command Data Set Type is \(hex(value))H")
    case .sopClass:
      .breaks(Self.echoResponse, "Affected SOP Class UID is not that of Verification")
    }
  }

  /// The clause that says what a C-ECHO-RSP has.
  private static let echoResponse = "PS3.7 §9.3.5.2"
  /// What to do about an answer that the standard allows, and this program is too small for.
  private static let otherSCU =
    "ask with another SCU, such as echoscu, and look at the settings of the SCP"

  private static func remedy(contextResult: UInt8) -> String {
    switch contextResult {
    case 3: "Verification is not enabled on the SCP: look at its settings"
    case 4: "the SCP takes none of the transfer syntaxes proposed; leave out -x, or try another one"
    default: "the SCP does not want Verification from this caller: look at its settings and its log"
    }
  }

  /// A PDU by its name, where the standard has one.
  private static func pdu(_ type: UInt8) -> String {
    guard let name = PDUType(rawValue: type)?.name else {
      return "a PDU of type \(hex(type))H, which the standard does not have,"
    }
    return "\(name.hasPrefix("A") ? "an" : "a") \(name)"
  }

  private static func pdu(_ type: UInt8, _ length: UInt32) -> String {
    "\(pdu(type)) with \(Counted.text(length, "byte"))"
  }
}
