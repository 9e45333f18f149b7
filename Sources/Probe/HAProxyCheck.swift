import Log
public import Requestor
import UpperLayer

/// The question of a probe as the health check of a HAProxy backend: lines with `tcp-check`, which associate, send
/// one C-ECHO, and release.
///
/// HAProxy 2.6 matches a regular expression against the hexadecimal digits of everything received since the last
/// `send-binary`. A mismatch is final only with `min-recv`; without it, HAProxy waits for more until its timeout.
/// An answer may come in any number of pieces, and what is left of the answer before may precede it. So where the
/// place of a field is not fixed, one line waits until the field is there, whatever its value, and the next one
/// judges the value. `min-recv` is then 10, the size of the shortest PDU that can answer: an A-ASSOCIATE-RJ, an
/// A-RELEASE-RP or an A-ABORT. An A-ASSOCIATE-AC has at least 74 bytes, and the items.
public struct HAProxyCheck: Sendable {
  /// The size of the shortest PDU that can answer, in bytes.
  private static let shortestAnswer = PDUType.headerSize + Int(PDUType.fixedLength)
  /// The number of bytes of an A-ASSOCIATE-AC from its second to the last before its items (PS3.8 §9.3.3).
  private static let fixedFields = 73
  /// Any number of whole bytes.
  private static let anything = "(..)*"
  /// An A-ABORT: its reserved byte may have any value.
  private static let abort = "07..00000004"

  private let proposal: EchoProposal
  private let command: String

  /// The health check that makes `proposal`, as printed by the command line `command`.
  public init(_ proposal: EchoProposal, printedBy command: String) {
    (self.proposal, self.command) = (proposal, command)
  }

  /// The lines, each step below a comment, to be pasted into a backend.
  public var text: String {
    (preparation + association + echo + release).map { "  \($0)\n" }.joined()
  }

  private var preparation: [String] {
    [
      "# Printed by: \(command)",
      "# \(proposal.calling.unpadded) calls \(proposal.called.unpadded). "
        + "To change a title, print the lines again.",
      "option tcp-check",
      "# Connect as the server line says; end without a reset.",
      "tcp-check connect default linger",
    ]
  }

  private var association: [String] {
    let context = hex(EchoProposal.contextID)
    let result = "^02(..){\(Self.fixedFields)}\(Self.anything)21..00..\(context).."
    let comment = "Verification context not accepted"
    return [
      "# A-ASSOCIATE-RQ with the Verification SOP Class on presentation context "
        + "\(EchoProposal.contextID)",
      Self.sending(proposal.associateRequest),
      "# An answer that is not an A-ASSOCIATE-AC (02): 03 is A-ASSOCIATE-RJ, with result, source and "
        + "reason at the end; 07 is A-ABORT.",
      Self.expecting("^02", "association not accepted", isFinal: true, isShown: true),
      "# Wait for the result of the context, wherever the A-ASSOCIATE-AC has it.",
      Self.expecting("\(result)....40", comment),
      "# The result is 00, acceptance.",
      Self.expecting("\(result)00..40", comment, isFinal: true),
    ]
  }

  private var echo: [String] {
    let number = Self.littleEndian(EchoSCU.messageID)
    let status = "0000000902000000"
    let field = "00000001020000003080"
    let response = "\(field)0000200102000000\(number)"
    let comment = "no C-ECHO response"
    return [
      "# C-ECHO-RQ with Message ID \(EchoSCU.messageID)",
      Self.sending([UInt8](capacity: 512) { $0.appendEchoRequest(messageID: EchoSCU.messageID) }),
      "# Wait for a C-ECHO-RSP (8030H) up to its status, or for an A-ABORT.",
      Self.expecting(
        "^\(Self.anything)(\(field)\(Self.anything)\(status)....|\(Self.abort))", comment),
      "# It is the C-ECHO-RSP to Message ID \(EchoSCU.messageID).",
      Self.expecting("^\(Self.anything)\(response)", comment, isFinal: true),
      "# The status is 0000H, Success.",
      Self.expecting(
        "^\(Self.anything)\(response)\(Self.anything)\(status)0000",
        "C-ECHO status is not Success", isFinal: true),
    ]
  }

  private var release: [String] {
    [
      "# A-RELEASE-RQ",
      Self.sending([UInt8](capacity: 16) { $0.appendReleaseRequest() }),
      "# A-RELEASE-RP",
      Self.expecting("^\(Self.anything)06..00000004", "no A-RELEASE-RP"),
    ]
  }

  private static func sending(_ bytes: [UInt8]) -> String {
    "tcp-check send-binary \(bytes.map { hex($0) }.joined())"
  }

  /// Expects digits that match `pattern`; if `isFinal`, at once. HAProxy shows `comment` and, if `isShown`, the
  /// first bytes if they do not match.
  private static func expecting(
    _ pattern: String, _ comment: String, isFinal: Bool = false, isShown: Bool = false
  ) -> String {
    let least = isFinal ? "min-recv \(shortestAnswer) " : ""
    let shown = isShown ? "on-error \"got %[res.payload(0,\(shortestAnswer)),hex]\" " : ""
    return "tcp-check expect \(least)comment \"\(comment)\" \(shown)rbinary \"\(pattern)\""
  }

  private static func littleEndian(_ number: UInt16) -> String { hex(number.byteSwapped) }
}
