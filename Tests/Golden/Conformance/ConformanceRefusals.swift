import TestKit
import UpperLayer
import Verification

/// Sections 7.2.1.4.5 and 7.2.1.4.6: every A-ASSOCIATE-RJ and every A-ABORT, found by trying.
extension Conformance {
  static func rejections(_ document: inout MarkdownDocument) {
    document.section("7.2.1.4.5", "Rejections")
    document.paragraph(
      """
      All that PS3.8 Table 9-21 has, and when each is sent. Where several reasons apply, the first \
      in this order counts: protocol version, application context name, called AE title, calling \
      AE title, local limit. Temporary congestion comes before the request is complete.
      """)
    let refusals = refusals
    document.table(
      "Rejections", ["result", "source", "reason", "when"],
      reasons.flatMap { source, reason, name in
        let rows = refusals.filter { $0.source == source && $0.reason == reason }
        let fields = ["\(source) \(sources[source] ?? "")", "\(reason) \(name)"]
        if rows.isEmpty { return [["–"] + fields + ["never"]] }
        return rows.map { row in
          [row.result == 1 ? "1 rejected-permanent" : "2 rejected-transient"] + fields + [row.when]
        }
      })
    document.paragraph(
      """
      A requestor that was rejected has `acse-timeout` to close the connection. It cannot ask \
      again on the same one.
      """)
  }

  static func aborts(_ document: inout MarkdownDocument) {
    document.section("7.2.1.4.6", "Aborts")
    document.paragraph(
      """
      Framing and sequence on an association are the provider's concern, source 2; everything else \
      is the user's decision, source 0. Before an association exists the source is 0 always \
      (AA-1). Reasons 4 and 5 of PS3.8 Table 9-26 are never sent.
      """)
    document.table(
      "What is answered to a fault", ["fault", "before an association, Sta2", "on one, Sta6"],
      AbortReason.samples.map { fault in
        [fault.meaning]
          + [AcceptorState.awaitingRequest, .established].map { state in
            fault.states.contains(state)
              ? Cell(Sample(name: "", kind: .invalid(fault)), in: state)?.reply ?? "" : "–"
          }
      })
    document.paragraph(
      """
      After any of these, and after a rejection, the peer has `acse-timeout` to close the \
      connection (Sta13); one that never spoke DICOM has a second.
      """)
    document.table(
      "Command sets that are refused", ["a command set that", "is answered by"],
      CommandSample.all.map { [$0.what, $0.answer] })
  }

  /// A rejection that was seen, and what led to it.
  typealias Refusal = (result: UInt8, source: UInt8, reason: UInt8, when: String)

  /// Every rejection that there is.
  static var refusals: [Refusal] {
    [
      refusal("bit 0 of the protocol version is not set") {
        $0.receive(Wire.associateRequest(fixed: Wire.fixedFields(version: 2)))
      },
      refusal("the application context name is another one, or missing") {
        $0.receive(Wire.associateRequest(application: Wire.applicationContext("1.2.3")))
      },
      refusal(
        "`require-called-ae-title` is set, and another title is called",
        Trial.acceptor(requiresCalledAETitle: true)
      ) { $0.receive(Wire.associateRequest(fixed: Wire.fixedFields(called: Wire.title("OTHER")))) },
      refusal(
        "`allow-calling-ae-titles` does not have the calling title",
        Trial.acceptor(callingAETitles: ["CT*"])
      ) { $0.receive(Wire.associateRequest()) },
      refusal(
        "the calling title is bound to other addresses by its `[device]` section", isElsewhere: true
      ) {
        $0.receive(Wire.associateRequest())
      },
      refusal("`max-associations` or `max-associations-per-address` is reached", room: 0) {
        $0.receive(Wire.associateRequest())
      },
      refusal("`partial-pdu-memory` is used up before the request is complete") {
        $0.abort(because: .outOfMemory)
      },
    ].compactMap { $0 }
  }

  private static func refusal(
    _ when: String, _ acceptor: EchoSCP<Recorder> = Trial.acceptor(), room: Int = 1,
    isElsewhere: Bool = false, _ act: (inout VirtualLoop<Recorder>) -> [UInt8]
  ) -> Refusal? {
    var host = Recorder()
    host.room = room
    if isElsewhere { host.titlesElsewhere = [.named("MODALITY1")] }
    guard
      case .associateReject(let result, let source, let reason)? =
        Trial.answer(acceptor, host: host, act).first
    else { return nil }
    return (result, source, reason, when)
  }

  private static let sources: [UInt8: String] = [
    1: "UL service-user", 2: "UL service-provider (ACSE)",
    3: "UL service-provider (Presentation)",
  ]

  private static let reasons: [(source: UInt8, reason: UInt8, name: String)] = [
    (1, 1, "no-reason-given"), (1, 2, "application-context-name-not-supported"),
    (1, 3, "calling-AE-title-not-recognized"), (1, 7, "called-AE-title-not-recognized"),
    (2, 1, "no-reason-given"), (2, 2, "protocol-version-not-supported"),
    (3, 1, "temporary-congestion"), (3, 2, "local-limit-exceeded"),
  ]
}
