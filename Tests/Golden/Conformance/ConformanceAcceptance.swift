import Settings
import TestKit
import UpperLayer

@testable import Log

/// Section 7.2.1.4: how an association is accepted.
extension Conformance {
  static func acceptance(_ document: inout MarkdownDocument) {
    policy(&document)
    presentationContexts(&document)
    transferSyntaxes(&document)
    negotiation(&document)
    rejections(&document)
    aborts(&document)
    tolerances(&document)
    differences(&document)
  }

  private static func policy(_ document: inout MarkdownDocument) {
    document.section("7.2.1.4.1", "Acceptance policy")
    document.list([
      """
      A connection from an address that may not connect is closed before anything is read.
      """,
      """
      An A-ASSOCIATE-RQ is checked to its last byte, for the first reason in 7.2.1.4.5 rejected, \
      and accepted otherwise, even when none of its presentation contexts is: the results say why, \
      and the log has a warning.
      """,
      """
      AE titles are compared without trailing spaces and NULs and without leading spaces; upper \
      and lower case differ. In `allow-calling-ae-titles` * stands for any characters and ? for \
      one.
      """,
      """
      The A-ASSOCIATE-AC repeats bytes 11 to 74 of the request as they were received. It answers \
      the presentation contexts in the order of the request. Its user information has the maximum \
      length, the implementation class UID and the implementation version name, and nothing else.
      """,
      """
      P-DATA-TF PDUs up to the maximum length announced are taken, with any number of PDVs and \
      messages. What is sent has one PDV in each P-DATA-TF, with an even fragment that the \
      requestor's maximum length has room for.
      """,
      """
      A-RELEASE-RQ is answered by A-RELEASE-RP at once; the requestor closes the connection. \
      A-ABORT closes it without an answer.
      """,
    ])
  }

  private static func presentationContexts(_ document: inout MarkdownDocument) {
    document.section("7.2.1.4.2", "Presentation contexts")
    document.table(
      "Presentation contexts accepted",
      ["SOP Class", "SOP Class UID", "transfer syntaxes", "role", "extended negotiation"],
      [["Verification", verificationUID, "those of 7.2.1.4.3", "SCP", "none"]])
    document.paragraph(
      """
      Any number of presentation contexts may propose Verification; each is accepted, and messages \
      may come on any of them. These results are given:
      """)
    document.table(
      "Results of presentation contexts", ["Result/Reason", "meaning", "given"], results)
    document.paragraph(
      """
      A context that is not accepted carries Implicit VR Little Endian, which is not significant \
      then (PS3.8 §9.3.3.2).
      """)
  }

  private static var results: [[String]] {
    let implicit = Wire.implicitLittle
    let given = [
      ("Verification with a transfer syntax of 7.2.1.4.3", Wire.verification, implicit),
      ("any other abstract syntax, or none", "1.2.840.10008.5.1.4.1.1.2", implicit),
      ("Verification without a transfer syntax that is accepted", Wire.verification, "1.2.3"),
    ].map { when, abstract, transfer in
      (when: when, result: Trial.contextResult(abstract, [transfer])?.result)
    }
    let meanings = [
      "acceptance", "user-rejection", "no-reason (provider rejection)",
      "abstract-syntax-not-supported (provider rejection)",
      "transfer-syntaxes-not-supported (provider rejection)",
    ]
    return meanings.enumerated().map { code, meaning in
      let when = given.filter { $0.result == UInt8(code) }.map(\.when)
      return ["\(code)", meaning, when.isEmpty ? "never" : when.joined(separator: "; ")]
    }
  }

  private static func transferSyntaxes(_ document: inout MarkdownDocument) {
    document.section("7.2.1.4.3", "Transfer syntaxes")
    document.paragraph(
      """
      A C-ECHO has no data set, and its command set is in Implicit VR Little Endian whatever is \
      accepted, so that no transfer syntax makes a difference but to a requestor that wants its \
      own. Of those proposed, the first in the acceptor's order is accepted; `prefer` says which \
      order that is. The numbers are the places in it, and – is a transfer syntax that is not \
      accepted then.
      """)
    let preferences = TransferSyntaxPreference.allCases
    let orders = preferences.map(order)
    document.table(
      "Transfer syntaxes, with their places in each order of preference",
      ["transfer syntax", "UID"] + preferences.map { "`prefer = \($0)`" },
      TransferSyntax.allCases.map { syntax in
        [name(of: syntax), text(of: syntax.uid)]
          + orders.map { $0.firstIndex(of: syntax).map { "\($0 + 1)" } ?? "–" }
      })
    document.paragraph(
      "By default it is `\(defaultText("prefer"))`. No other transfer syntax is accepted.")
  }

  /// The transfer syntaxes that are accepted, in the order in which `preference` has them.
  static func order(of preference: TransferSyntaxPreference) -> [TransferSyntax] {
    var left = TransferSyntaxSet.all
    var order: [TransferSyntax] = []
    while let next = preference.choose(among: left) {
      order.append(next)
      left.remove(next)
    }
    return order
  }

  /// What the standard calls a transfer syntax.
  private static func name(of syntax: TransferSyntax) -> String {
    UIDNames.name(of: Array(text(of: syntax.uid).utf8).span)
  }

  /// A UID as it is sent.
  static func text(of uid: StandardUID) -> String {
    String(decoding: [UInt8](capacity: 64) { $0.append(uid) }, as: UTF8.self)
  }
}
