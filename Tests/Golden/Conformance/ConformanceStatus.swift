import Verification

/// Section 7.3: what is answered, and what becomes of a conversation that fails.
extension Conformance {
  static func statusCodes(_ document: inout MarkdownDocument) {
    document.section("7.3", "Status codes")
    document.section("7.3.1", "General communication and failure behaviour")
    document.table(
      "Communication failures", ["what happens", "behaviour"],
      [
        ["A request is rejected", "A-ASSOCIATE-RJ of 7.2.1.4.5; a warning with the cause"],
        ["A fault is found", "A-ABORT of 7.2.1.4.6; a warning with the cause"],
        [
          "A timer expires", "as in 7.1.3; logged, as a warning unless an echo was answered before",
        ],
        [
          "The requestor aborts, closes or resets the connection",
          "the association ends, what came before it is answered first; logged",
        ],
        [
          "A connection is closed without a byte",
          "taken for a health check; logged at info in the journal, at debug on a terminal",
        ],
        [
          "The initiator finds no host, gets no connection, or any answer but the one that is due",
          "as in 7.2.1.3; told with its phase, its cause and what to do, and by the exit status",
        ],
        ["The service is stopped", "as in 7.1.3: associations may end, idle ones are aborted"],
        [
          "The service is told a second time to stop",
          "A-ABORT 0/0 on every association, as far as that is possible in 100 ms; logged with their number",
        ],
        [
          "The log cannot be written",
          "answers go on; records below a warning may be lost, and are counted",
        ],
      ])
    document.section("7.3.2", "DIMSE services")
    document.table(
      "Status codes of C-ECHO",
      ["status", "meaning", "sent by the acceptor", "what the initiator sends for it"],
      [
        (0, "Success", "for every C-ECHO-RQ that is accepted"),
        (0x0122, "Refused: SOP Class Not Supported", "never; A-ABORT 0/0"),
        (0x0210, "Duplicate Invocation", "never; answered as another C-ECHO-RQ"),
        (0x0211, "Unrecognized Operation", "never; A-ABORT 0/0"),
        (0x0212, "Mistyped Argument", "never; A-ABORT 0/0"),
      ].map { status, meaning, sent in
        [hexadecimal(status), meaning, sent, InitiatorTrial.answer(toStatus: status)]
      })
  }
}
