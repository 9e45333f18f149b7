import Probe
import Requestor
import TestKit
import UpperLayer
import Verification

@testable import Log

/// Section 7.2.1.3: how an association is initiated, which --probe alone does.
extension Conformance {
  static func initiation(_ document: inout MarkdownDocument) {
    document.section("7.2.1.3", "Association initiation")
    document.paragraph(
      """
      By --probe alone, one association at a time, to the host that is named there, or to the \
      service of this machine. Every address of a name is tried in turn until one answers.
      """)
    document.section("7.2.1.3.1", "Activity")
    document.paragraph(
      """
      One C-ECHO-RQ is sent on the association, and once it is answered A-RELEASE-RQ. Data that still \
      come before the A-RELEASE-RP are passed over. Where the acceptor asks for a release as well, \
      that is confirmed first (PS3.8 Table 9-10, Sta9 to Sta11); where it asks for one in place of an \
      answer, it is confirmed, and the echo has failed. The C-ECHO-RQ is fragmented for an acceptor \
      whose maximum length is below \(EchoProposal.echoLength), each fragment even.
      """)
    document.section("7.2.1.3.2", "Presentation contexts")
    document.table(
      "Presentation contexts proposed",
      ["ID", "SOP Class", "SOP Class UID", "transfer syntaxes", "role", "extended negotiation"],
      [
        [
          "\(EchoProposal.contextID)", "Verification", text(of: EchoRequest.verification),
          "those of the next table", "SCU", "none",
        ]
      ])
    document.table(
      "Transfer syntaxes proposed, in their order", ["option", "transfer syntaxes"],
      preferences.map { option, preference in
        [option, EchoProposal.transferSyntaxes(by: preference).map(\.name).joined(separator: ", ")]
      })
    document.paragraph(
      """
      The user information has the maximum length, the implementation class UID and the \
      implementation version name, and nothing else.
      """)
    document.section("7.2.1.3.3", "Answers")
    document.paragraph(
      """
      An A-ASSOCIATE-RJ, of whatever result, is told and not tried again, and so is an A-ABORT. Items \
      and elements may come in any order and with others between them. For any other answer than the \
      one that is due A-ABORT is sent, by the provider (source 2) where it breaks PS3.8, and by the \
      user (source 0) where it is of no use:
      """)
    document.table(
      "What the initiator sends for a wrong answer", ["the answer", "what is sent"],
      AnswerFault.samples.map { objection in
        [objection.meaning, "A-ABORT \(objection.abort.source)/\(objection.abort.reason)"]
      })
  }

  private static let preferences: [(String, TransferSyntaxPreference)] = [
    ("none", .none), ("-x=", .uncompressed), ("-xe", .little), ("-xb", .big), ("-xi", .implicit),
  ]
}

extension AnswerFault {
  /// One of each, in the order of their declaration.
  static let samples: [AnswerFault] = [
    .pdu(type: 8), .pdu(type: 2), .tooLong(type: 4, length: 16383), .malformed(type: 2),
    .protocolVersion(2), .contextMissing, .contextRefused(3), .transferSyntax, .maximumLength(7),
    .contextID(3), .dataSet, .command, .commandTooLong, .elementMissing(0x0120),
    .commandField(0x8001),
    .messageID(2, due: 1), .status(0x0110), .dataSetType(0), .sopClass,
  ]

  /// What it is, in words.
  var meaning: String {
    switch self {
    case .pdu(let type):
      PDUType(rawValue: type) == nil
        ? "unrecognized PDU: a type outside of 01H to 07H; the first bytes of another protocol too"
        : "unexpected PDU: one that has no place in the state"
    case .tooLong:
      "a P-DATA-TF above the maximum length announced, an A-ASSOCIATE-AC above "
        + "\(AnswerReader.longestAccept) bytes"
    case .malformed: "a PDU whose lengths do not add up"
    case .protocolVersion: "an A-ASSOCIATE-AC without bit 0 of the protocol version"
    case .contextMissing: "an A-ASSOCIATE-AC without the presentation context"
    case .contextRefused: "a presentation context with a result other than 0"
    case .transferSyntax: "a transfer syntax that was not proposed"
    case .maximumLength:
      "a maximum length of 1 to \(EchoProposal.leastMaximumLength - 1), which has no room for a "
        + "fragment"
    case .contextID: "a PDV on a presentation context that was not accepted"
    case .dataSet: "a data set fragment"
    case .command:
      "a command set that does not add up, with elements of another group, or with one twice"
    case .commandTooLong: "a command set above \(AnswerReader.longestCommandSet) bytes"
    case .elementMissing:
      "a command set without Command Field, Message ID Being Responded To, Command Data Set Type or "
        + "Status"
    case .commandField: "another command than C-ECHO-RSP"
    case .messageID: "the response to another message"
    case .status: "a status other than Success"
    case .dataSetType: "a Command Data Set Type that announces a data set"
    case .sopClass: "another Affected SOP Class UID than that of Verification"
    }
  }
}
