import Log
public import Requestor
import UpperLayer

/// Descriptions of wrong answers.
extension AnswerFault {
  /// The description of the answer.
  public var text: String {
    switch verdict {
    case .breaks(_, let text), .unusable(let text, _): text
    }
  }

  /// The explanation that a probe reports.
  var explanation: Explanation {
    switch (self, verdict) {
    case (.contextRefused, .unusable(let text, let remedy)):
      Explanation(.contextRefused, text, remedy)
    case (.status(let status), .unusable(let text, let remedy)):
      Explanation(.status, "C-ECHO-RSP with \(text)\(ReasonWords.status(status))", remedy)
    case (_, .unusable(let text, let remedy)):
      Explanation(.wrongAnswer, "unusable answer: \(text)", remedy)
    case (_, .breaks(let clause, let text)):
      Explanation(
        .wrongAnswer, "wrong answer: \(text)",
        "report this to the vendor of the SCP: the answer violates \(clause)")
    }
  }

  /// How an answer is wrong, and who can remedy it.
  private enum Verdict {
    /// The answer violates a clause of the standard, which only the vendor of the SCP can fix.
    case breaks(_ clause: String, _ text: String)
    /// The standard allows the SCP to answer this way; the remedy says what to do.
    case unusable(_ text: String, _ remedy: String)
  }

  /// The verdict for each fault, which depends on what the standard says about it.
  private var verdict: Verdict {
    switch self {
    case .pdu(let type):
      .breaks("PS3.8 Table 9-10", "\(Self.pdu(type)) instead of the expected PDU")
    case .tooLong(let type, let length) where type == PDUType.dataTransfer.rawValue:
      .breaks(
        "PS3.8 annex D.1", "\(Self.pdu(type, length)), more than the announced maximum length")
    case .tooLong(let type, let length):
      .unusable("\(Self.pdu(type, length)), more than this program accepts", Self.otherSCU)
    case .malformed(let type):
      .breaks("PS3.8 §9.3.1", "\(Self.pdu(type)) with inconsistent lengths")
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
      .breaks("PS3.8 §9.3.3.2", "the accepted transfer syntax was not proposed")
    case .maximumLength(let length):
      .unusable(
        length < EchoProposal.leastMaximumLength
          ? "a maximum length of \(length), too short for any message fragment; the minimum is "
            + "\(EchoProposal.leastMaximumLength)"
          : "a maximum length of \(length), too short for a C-ECHO-RQ in one P-DATA-TF",
        "raise the maximum PDU length in the SCP's settings; this one leaves no room for a message"
      )
    case .contextID(let id): .breaks("PS3.8 §9.3.5.1", "data on presentation context \(id)")
    case .command: .breaks("PS3.7 §6.3.1", "a malformed command set")
    case .commandTooLong:
      .unusable(
        "a command set of more than \(AnswerReader.longestCommandSet) bytes, more than this program "
          + "accepts",
        Self.otherSCU)
    case .status(let status):
      .unusable("status \(hex(status))H", "see the SCP's log for the cause of this status")
    case .dataSet: .breaks(Self.echoResponse, "a data set fragment")
    case .elementMissing(let element):
      .breaks(Self.echoResponse, "a command set without (0000,\(hex(element)))")
    case .commandField(let value):
      .breaks(Self.echoResponse, "Command Field is \(hex(value))H")
    case .messageID(let id, let due):
      .breaks(Self.echoResponse, "the response to message \(id) instead of \(due)")
    case .dataSetType(let value):
      .breaks(Self.echoResponse, "Command Data Set Type is \(hex(value))H")
    case .sopClass:
      .breaks(Self.echoResponse, "Affected SOP Class UID is not the Verification SOP Class")
    }
  }

  /// The clause that defines the C-ECHO-RSP.
  private static let echoResponse = "PS3.7 §9.3.5.2"
  /// The remedy for an answer that the standard allows but that exceeds the limits of this program.
  private static let otherSCU =
    "try another SCU, such as echoscu, and check the SCP's settings"

  private static func remedy(contextResult: UInt8) -> String {
    switch contextResult {
    case 3: "enable Verification in the SCP's settings"
    case 4: "omit -x or try another transfer syntax; the SCP accepts none of those proposed"
    default: "check the SCP's settings and log; it refuses Verification to this caller"
    }
  }

  /// The name of a PDU with its article, or the type if the standard has no name for it.
  private static func pdu(_ type: UInt8) -> String {
    guard let name = PDUType(rawValue: type)?.name else {
      return "a PDU of unknown type \(hex(type))H"
    }
    return "\(name.hasPrefix("A") ? "an" : "a") \(name)"
  }

  private static func pdu(_ type: UInt8, _ length: UInt32) -> String {
    "\(pdu(type)) of \(Counted.text(length, "byte"))"
  }
}
