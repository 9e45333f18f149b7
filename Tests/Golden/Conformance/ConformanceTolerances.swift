import UpperLayer

@testable import Log

/// Sections 7.2.1.4.7 and 7.2.1.4.8: what a stricter acceptor would refuse, and where this one does
/// otherwise than the standard says, or more.
extension Conformance {
  static func tolerances(_ document: inout MarkdownDocument) {
    document.section("7.2.1.4.7", "Tolerances")
    document.paragraph(
      """
      Real devices do what follows. Where the meaning is plain it is accepted, and the record of \
      the association in the log has the word for it (ECHOSCP_NOTES), since another acceptor may \
      refuse it.
      """)
    document.table(
      "What is tolerated and noted", ["word", "what was sent", "clause"],
      Notes.all.map { note, name in
        [
          "`\(name)`", ManualPage.notes.first { $0.0 == name }?.1 ?? "unknown",
          clauses[name] ?? "unknown",
        ]
      })
    document.paragraph("This is accepted without a word:")
    document.list([
      """
      presentation contexts without an abstract syntax (result 3) or without a transfer syntax \
      (result 4), and a request with no presentation context at all;
      """,
      """
      a request without user information or without a maximum length, which is no limit then; of \
      an item or sub-item that comes twice, the first one counts;
      """,
      """
      UIDs that are none, as names of something unknown;
      """,
      "items and sub-items of unknown types, at any place (PS3.8 §9.3.1 has them ignored);",
      "reserved fields of any value, and other bits of the protocol version, which are not tested;",
      "an empty fragment, the last one of a message too.",
    ])
  }

  static func differences(_ document: inout MarkdownDocument) {
    document.section("7.2.1.4.8", "Intended differences from the standard")
    document.list([
      """
      A first byte that begins no PDU, or the opening of a protocol that is known, is answered by \
      A-ABORT 0/0 (AA-1) at once, without waiting for the header of a PDU. The connection is then \
      closed within a second, in place of ARTIM.
      """,
      """
      In Sta13 an A-ABORT is sent again (AA-7) for the first A-ASSOCIATE-RQ or invalid PDU only, \
      so that a peer which does not stop is not answered for ever.
      """,
      "An A-ABORT of any length, source and reason is an abort, as soon as its header is there.",
      "A-RELEASE-RQ inside an incomplete message is confirmed; PS3.8 Table 9-10 has no cell for it.",
      """
      An association without a byte, and a message that is not completed, are aborted by timers \
      that are not in the standard; see 7.1.3.
      """,
      """
      Connections without an association are closed without a PDU before ARTIM expires when there \
      are too many; see 7.2.1.2.
      """,
      """
      PS3.7 §9.1.5.1.4 has statuses for a C-ECHO-RQ that cannot be performed; here the association \
      is aborted, so that somebody looks at the requestor.
      """,
    ])
  }

  /// The clause that each note is about.
  static let clauses = [
    "called-ae-title-differs": "PS3.8 §7.1.1.4",
    "ae-title-padding": "PS3.8 §9.3.2",
    "ae-title-blank": "PS3.8 §9.3.2",
    "uid-padding": "PS3.8 annex F; PS3.5 §9.1",
    "context-id-even": "PS3.8 §9.3.2.2",
    "context-id-duplicate": "PS3.8 §9.3.2.2",
    "no-implementation-uid": "PS3.7 annex D.3.3.2",
    "no-implementation-version": "PS3.7 annex D.3.3.2, optional",
    "item-order": "PS3.8 Table 9-11",
    "group-length-wrong": "PS3.7 Table 9.3-12",
    "no-affected-sop-class": "PS3.7 Table 9.3-12",
    "elements-unordered": "PS3.7 §6.3.1",
    "elements-unknown": "PS3.7 Table 9.3-12",
    "odd-fragment": "PS3.8 annex E.2",
    "two-messages-in-a-pdu": "PS3.8 §9.3.5, which allows it",
    "release-inside-message": "PS3.8 Table 9-10",
    "ae-titles-swapped": "PS3.8 §9.3.2",
    "ae-titles-equal": "PS3.8 §9.3.2",
    "ae-title-characters": "PS3.5 §6.2",
  ]
}
