import Requestor
import TestKit
import Testing
import UpperLayer
import Verification

@testable import ConversationTests
@testable import Log
@testable import Settings
@testable import SettingsTests

/// The hand-written parts of the conformance statement are true: the numbers come from the code, and the answers agree
/// with trials of the program.
@Suite struct ConformanceTests {
  /// Expects that a table has these rows, and each cell its text as whole words; `nil` is not tested.
  private func expect(_ caption: String, _ rows: [[String?]]) throws {
    let table = try Conformance.rows(caption)
    #expect(table.count == rows.count, "\(caption) has \(table.count) rows, not \(rows.count)")
    for (cells, known) in zip(table, rows) {
      #expect(cells.count >= known.count, "\(caption): \(cells)")
      for case (let cell, let text?) in zip(cells, known) {
        #expect(Self.holds(cell, text), "\(caption): \(cells.first ?? "") lacks \(text)")
      }
    }
  }

  /// Whether `text` stands in `cell` and is not part of a longer word or number.
  private static func holds(_ cell: String, _ text: String) -> Bool {
    func isWord(_ character: Character?) -> Bool {
      character.map { $0.isLetter || $0.isNumber } ?? false
    }
    return cell.ranges(of: text).contains { range in
      !(isWord(cell[..<range.lowerBound].last) && isWord(text.first))
        && !(isWord(cell[range.upperBound...].first) && isWord(text.last))
    }
  }

  private func defaultText(_ key: String) -> String { Setting.named(key)?.defaultText ?? "?" }
  private func valueText(_ key: String) -> String { Setting.named(key)?.valueText ?? "?" }

  @Test("The general association parameters agree with the code")
  func parameters() throws {
    let maximum = "\(defaultText("max-pdu")) by default; `max-pdu`: \(valueText("max-pdu"))"
    let context = SyntaxOrder.text(of: .applicationContext)
    try expect(
      "General association parameters",
      [
        [nil, context, context], [nil, "1 (bit 0)", "1 (bit 0)"],
        [nil, Implementation.classUID, Implementation.classUID],
        [nil, Implementation.versionName, Implementation.versionName],
        [nil, maximum, maximum], [nil, nil, "\(EchoProposal.leastMaximumLength)"],
        [nil, "\(AssociateRequest.maximumLength)", "\(AnswerReader.longestAccept)"],
        [nil, "\(Association.maximumCommandLength)", "\(AnswerReader.longestCommandSet)"],
        [nil, "`max-associations`", "1"], [nil, "not supported", "not supported"],
        [nil, "SCP", "SCU"],
      ])
  }

  @Test("Each timer has its setting, and its end agrees with a trial")
  func timers() throws {
    try expect(
      "Timers of the acceptor",
      TimerTrial.all.map { timer in
        [
          nil, nil, "`\(timer.key)`", "\(defaultText(timer.key)) s",
          valueText(timer.key), timer.end,
        ]
      })
    try expect(
      "Timers of the initiator",
      InitiatorTrial.timers.map { timer in
        [timer.name, nil, "`\(timer.key)`", "\(defaultText(timer.key)) s", timer.end]
      })
  }

  @Test("Each setting in the section limits is one of the acceptor's limits")
  func limits() throws {
    try expect(
      "Limits of the acceptor",
      Setting.all.filter { $0.section == .limits }.map {
        [nil, "`\($0.key)`", "`\($0.defaultText)`", nil]
      })
  }

  @Test("Presentation contexts get the described results")
  func presentationContexts() throws {
    let uid = SyntaxOrder.text(of: EchoRequest.verification)
    try expect(
      "DIMSE services",
      [["Verification", nil, uid, "Y", "Y"]]
        + Array(repeating: [nil, "–", "–", "N", "N"], count: 4))
    try expect("Presentation contexts accepted", [["Verification", uid]])
    try expect("Presentation contexts proposed", [["\(EchoProposal.contextID)", nil, uid]])
    let implicit = Wire.implicitLittle
    let given = [
      (Wire.verification, implicit), ("1.2.840.10008.5.1.4.1.1.2", implicit),
      (Wire.verification, "1.2.3"),
    ].map { Trial.contextResult($0, [$1])?.result }
    #expect(given == [0, 3, 4])
    try expect(
      "Results of presentation contexts",
      [
        "Verification with", "never", "never", "any other abstract syntax",
        "Verification without a transfer syntax",
      ].enumerated().map { ["\($0)", nil, $1] })
    for syntax in TransferSyntax.allCases {
      let uid = SyntaxOrder.text(of: syntax.uid)
      let result = Trial.contextResult(Wire.verification, ["1.2.3", uid])
      #expect(result?.result == 0 && result?.transferSyntax == uid)
    }
  }

  @Test("Each sub-item is answered as described, and so is a malformed one")
  func negotiation() throws {
    try expect(
      "Extended negotiation",
      NegotiationTrial.all.map { item in
        [
          nil, String(item.type, radix: 16, uppercase: true) + "H", nil, item.answer,
          item.refusal ?? "–",
        ]
      })
    #expect(NegotiationTrial.userInformation(acceptedWith: []) == [0x51, 0x52, 0x55])
  }

  @Test("The table has exactly the rejections that the acceptor sends")
  func rejections() throws {
    let rows = try Conformance.rows("Rejections")
    #expect(rows.allSatisfy { $0.count == 4 })
    func number(_ cells: [String]) -> String {
      cells.prefix(3).map { String($0.prefix { $0.isNumber }) }.joined(separator: "/")
    }
    #expect(rows.count { $0.last != "never" } == RejectionTrial.all.count)
    for trial in RejectionTrial.all {
      let row = rows.first { Self.holds($0.last ?? "", trial.subject) }
      #expect(row.map(number) == trial.text, "\(trial.subject)")
    }
    // PS3.8 Table 9-21 has eight reasons; the table includes those that are never sent.
    #expect(Set(rows.map { number($0).drop { $0 != "/" } }).count == 8)
  }

  @Test("Each abort is sent as described, and each refused command set answered as described")
  func aborts() throws {
    let reasons = try AbortReason.samples.map { reason in
      [reason.subject]
        + (try [AcceptorState.awaitingRequest, .established].map { state in
          guard reason.states.contains(state) else { return "–" }
          return try #require(Cell(Sample(name: "", kind: .invalid(reason)), in: state)).reply
        })
    }
    try expect("Reasons to abort", reasons)
    try expect("Command sets that are refused", CommandSample.all.map { [$0.what, $0.answer] })
    try expect(
      "Wrong answers",
      AnswerFault.samples.map {
        [$0.subject, "A-ABORT \($0.abort.source)/\($0.abort.reason)"]
      })
  }

  @Test("Each note is in the table with its clause")
  func notes() throws {
    try expect("Tolerances", Notes.all.map { ["`\($0.name)`", nil, "PS3."] })
  }

  @Test("Each status gets the described answer")
  func statusCodes() throws {
    let statuses: [UInt16] = [0, 0x0122, 0x0210, 0x0211, 0x0212]
    try expect(
      "Status codes of C-ECHO",
      statuses.map { status in
        [
          CommandSetTable.hexadecimal(status), nil, status == 0 ? nil : "never",
          InitiatorTrial.answer(toStatus: status),
        ]
      })
    let port = defaultText("port")
    let tlsPort = "\(ProbePlace.tlsPort)"
    try expect(
      "TCP ports",
      [
        ["acceptor", port], ["acceptor", "104"],
        ["acceptor", tlsPort, nil, "over TLS", "`tls-port`"],
        ["acceptor", "11113", "incoming", "a PROXY header, then DICOM Upper Layer, without TLS"],
        ["acceptor", "2763", "incoming", "a PROXY header, then DICOM Upper Layer over TLS"],
        ["initiator", "\(port), "], ["initiator", "\(tlsPort), ", nil, "over TLS", "`tls-port`"],
      ])
    try expect(
      "Local application entity",
      [
        [
          nil, "acceptor", "`ae-title`", defaultText("ae-title"),
          "\(port); over TLS \(defaultText("tls-port"))",
        ],
        [
          nil, "initiator", "`--\(ProbeOption.callingAETitle.long)`",
          ProbeOption.callingAETitle.defaultText,
        ],
      ])
  }

  @Test("Numbers in sentences agree with the code")
  func numbers() throws {
    let words = try Conformance.words
    for claim in [
      "Product: echoscpd \(Implementation.version),",
      "\(Association.maximumCommandLength) bytes of command set",
      "1 to \(AETitle.size) characters",
      "maximum length is below \(EchoProposal.echoLength)",
      "`drain-timeout` (\(defaultText("drain-timeout")) s)",
      "By default it is `\(defaultText("prefer"))`",
      "above \(AnswerReader.longestAccept) bytes", "above \(AnswerReader.longestCommandSet) bytes",
      "above \(AssociateRequest.maximumLength) bytes",
      "above \(Association.maximumCommandLength) bytes",
      "a maximum length of 1 to \(EchoProposal.leastMaximumLength - 1)",
      "echoscpd.socket, port \(defaultText("port"))",
      "echoscpd-tls.socket, port \(ProbePlace.tlsPort) for TLS",
      "`max-tls-associations` (\(defaultText("max-tls-associations")))",
      "`--\(ProbeOption.calledAETitle.long)`, \(ProbeOption.calledAETitle.defaultText ?? "")",
    ] { #expect(words.contains(claim), "\(claim)") }
  }

  @Test("Sections about both roles name both")
  func bothRoles() throws {
    for section in ["5.2.1", "5.2.2", "6.1", "6.1.1", "6.1.2", "7.1.1", "7.1.3", "8.2", "8.3"] {
      let body = try Conformance.body(of: section)
      #expect(body.contains("acceptor") && body.contains("initiator"), "\(section)")
    }
  }

  @Test("The settings that the statement names exist")
  func names() throws {
    let known = Set(Setting.all.map(\.key)).union(DeviceSetting.all.map(\.key))
    let notes = Set(Notes.all.map(\.name))
    for word in try Conformance.file.content.matches(of: /`([a-z]+(?:-[a-z]+)*)`/) {
      let word = String(word.1)
      let isValue = Setting.all.contains { $0.defaultText == word }
      #expect(known.contains(word) || notes.contains(word) || isValue, "\(word)")
    }
  }

  @Test(
    "The sections are those of PS3.2 Annex N, in order, and each reference leads to one of them")
  func sections() throws {
    let text = try Conformance.file.content
    let numbers = try Conformance.headings.map(\.number)
    let chapters = numbers.filter { !$0.contains(".") }
    #expect(chapters == ["1", "2", "3", "4", "5", "6", "7", "8", "A", "B", "C", "D", "E", "F"])
    #expect(Set(numbers).count == numbers.count)
    for reference in text.matches(of: /(?:see|See|of|in|as in) (\d(?:\.\d)+)\b/) {
      #expect(numbers.contains(String(reference.1)), "\(reference.1)")
    }
    // Each table is numbered by its chapter and its position there.
    let tables = text.matches(of: /\n\*\*Table (\d)-(\d+)\./).map { "\($0.1)-\($0.2)" }
    var counts: [Substring: Int] = [:]
    for table in tables {
      let chapter = table.prefix(1)
      counts[chapter, default: 0] += 1
      #expect(table == "\(chapter)-\(counts[chapter] ?? 0)")
    }
    #expect(!text.contains("unknown |"))
  }
}
