import Requestor
import Settings
import TestKit
import Testing
import UpperLayer
import Verification

@testable import Log

/// The conformance statement: what was agreed on, complete, and true in what is not made from
/// tables.
@Suite struct ConformanceTests {
  @Test("The conformance statement is the one that was agreed on")
  func golden() throws {
    try Golden.expect(Conformance.text, at: "packaging/docs/conformance.md")
  }

  @Test("Every rejection that the program has is seen, with the result that it has")
  func everyRejection() {
    let all = Rejection.allCases.map { "\($0.pdu.result)/\($0.pdu.source)/\($0.pdu.reason)" }
    let seen = Conformance.refusals.map { "\($0.result)/\($0.source)/\($0.reason)" }
    #expect(Set(seen) == Set(all) && Set(all).count == all.count)
    #expect(seen.count == 7, "one of them was not rejected")
  }

  @Test("Every fault that the program has is described once, and answered where it can be found")
  func everyFault() throws {
    let code = try Golden.content(of: "Sources/UpperLayer/StateMachine/AbortReason.swift")
    let declared = code.matches(of: /\n  case (\w+)/).map { String($0.1) }
    let named = AbortReason.samples.map { "\($0)".prefix { $0.isLetter } }.map(String.init)
    #expect(named == declared)
    for fault in AbortReason.samples {
      for state in fault.states {
        let cell = try #require(Cell(Sample(name: "", kind: .invalid(fault)), in: state))
        #expect(!cell.reply.isEmpty, "\(fault)")
        let abort = "A-ABORT \(fault.abort.source)/\(fault.abort.reason)"
        #expect(state == .awaitingRequest || cell.reply == abort)
      }
    }
  }

  @Test("Every objection that the initiator has is described, and what it sends is found")
  func everyObjection() throws {
    let code = try Golden.content(of: "Sources/Requestor/AnswerFault.swift")
    let declared = code.matches(of: /\n  case (\w+)/).map { String($0.1) }
    let named = AnswerFault.samples.map { String("\($0)".prefix { $0.isLetter }) }
    #expect(
      Set(named) == Set(declared) && Set(AnswerFault.samples.map(\.meaning)).count == named.count)
    let accept = Wire.associateAccept()
    for (objection, answers) in [
      (AnswerFault.pdu(type: 8), [accept, Wire.pdu(8, [])]), (.pdu(type: 2), [accept, accept]),
      (.malformed(type: 2), [Wire.pdu(2, [])]),
      (
        .protocolVersion(2),
        [
          Wire.pdu(2, Wire.fixedFields(version: 2))
        ]
      ),
      (.maximumLength(7), [Wire.associateAccept(maximumLength: 7)]),
      (.dataSet, [accept, Wire.data(Wire.pdv(1, 2, [1, 2]))]),
    ] {
      let sent = InitiatorTrial.answer(to: answers.flatMap { $0 })
      #expect(sent == Wire.abort(Int(objection.abort.source), Int(objection.abort.reason)))
    }
  }

  @Test("The initiator proposes what its table says, and nothing else in its user information")
  func proposal() throws {
    for preference in TransferSyntaxPreference.allCases {
      let syntaxes = EchoProposal.transferSyntaxes(by: preference).map {
        Conformance.text(of: $0.uid)
      }
      let expected = Wire.context(1, Wire.verification, syntaxes)
      let request = InitiatorTrial.proposal(preference).associateRequest
      let start = 74 + Wire.applicationContext().count
      #expect(request[start...].starts(with: expected))
      let user = Array(request[(start + expected.count)...])
      var types: [UInt8] = []
      var rest = user.dropFirst(4)
      while let type = rest.first {
        types.append(type)
        rest = rest.dropFirst(4 + Int(rest[rest.startIndex + 3]))
      }
      #expect(user.first == 0x50 && types == [0x51, 0x52, 0x55])
    }
  }

  @Test("Neither role is spoken of as if the other were not there")
  func bothRoles() {
    for section in ["5.2.1", "5.2.2", "6.1", "6.1.1", "6.1.2", "7.1.1", "7.1.3", "8.2", "8.3"] {
      let body = Conformance.body(of: section)
      #expect(body.contains("acceptor") && body.contains("initiator"), "\(section)")
    }
  }

  @Test("Every reason to refuse a command set has a sample, which is refused for it")
  func everyCommandFault() throws {
    let file = try Golden.content(of: "Sources/Verification/CommandSet/EchoRequest.swift")
    let code = try #require(file.split(separator: "enum CommandFault").last)
    let declared = Set(code.matches(of: /\n  case (\w+)/).map { String($0.1) })
    let seen = CommandSample.all.compactMap { sample in
      sample.fault.map { String("\($0)".prefix { $0.isLetter }) }
    }
    #expect(seen.count == CommandSample.all.count && Set(seen) == declared)
    for sample in CommandSample.all { #expect(sample.answer == "A-ABORT 0/0", "\(sample.what)") }
  }

  @Test("Every limit of the table of settings is among the limits")
  func everyLimit() {
    #expect(Conformance.limitKeys == Setting.all.filter { $0.section == .limits }.map(\.key))
  }

  @Test("Every note that the program has is there with its clause, and no other")
  func everyNote() {
    #expect(Set(Conformance.clauses.keys) == Set(Notes.all.map(\.name)))
    #expect(Set(Notes.all.map(\.name) + [Remark.newAddress]) == Set(ManualPage.notes.map(\.0)))
  }

  @Test("The orders of preference have the names of the setting, and what they say they have")
  func preferences() {
    #expect(
      Setting.named("prefer")?.choices == ["none", "uncompressed", "little", "big", "implicit"])
    #expect(Conformance.order(of: .none) == TransferSyntax.allCases)
    #expect(Conformance.order(of: .implicit) == [.implicitVRLittleEndian])
    #expect(Conformance.order(of: .uncompressed).last == .implicitVRLittleEndian)
  }

  @Test(
    "What is accepted is what an association is accepted with", arguments: TransferSyntax.allCases)
  func transferSyntaxes(syntax: TransferSyntax) {
    let uid = Conformance.text(of: syntax.uid)
    let result = Trial.contextResult(Wire.verification, ["1.2.3", uid])
    #expect(result?.result == 0 && result?.transferSyntax == uid)
  }

  @Test("The user information of an A-ASSOCIATE-AC is the one that is described")
  func userInformation() {
    #expect(Conformance.userInformation(acceptedWith: []) == [0x51, 0x52, 0x55])
  }

  @Test("A maximum length of 8 has room for an answer, and one of 7 has none")
  func smallestMaximumLength() {
    for (length, expected) in [(7, "A-ABORT"), (8, "P-DATA-TF")] {
      let request = Wire.associateRequest(user: Wire.userInformation(maximumLength: length))
      let answers = Trial.answer(to: request, Wire.echoRequest()).dropFirst().map(\.title)
      #expect(
        answers.first?.hasPrefix(expected) == true && answers.last?.hasPrefix(expected) == true)
    }
  }

  @Test("The settings that it names are those there are")
  func names() {
    let known = Set(Setting.all.map(\.key)).union(DeviceSetting.all.map(\.key))
    let notes = Set(Notes.all.map(\.name))
    for word in Conformance.text.matches(of: /`([a-z]+(?:-[a-z]+)*)`/) {
      let word = String(word.1)
      let isValue = Setting.all.contains { $0.defaultText == word }
      #expect(known.contains(word) || notes.contains(word) || isValue, "\(word)")
    }
  }

  @Test("Its sections are those of PS3.2 annex N, in order, and the references lead to some")
  func sections() {
    let text = Conformance.text
    let numbers = text.matches(of: /\n[#]+ (?:Annex )?([0-9A-F][0-9.]*)\s/).map { String($0.1) }
    let chapters = numbers.filter { !$0.contains(".") }
    #expect(chapters == ["1", "2", "3", "4", "5", "6", "7", "8", "A", "B", "C", "D", "E", "F"])
    #expect(Set(numbers).count == numbers.count)
    for reference in text.matches(of: /(?:see|See|of|in|as in) (\d(?:\.\d)+)\b/) {
      #expect(numbers.contains(String(reference.1)), "\(reference.1)")
    }
    #expect(!text.contains("unknown |") && !text.contains("no A-ASSOCIATE-AC"))
  }
}

extension Conformance {
  /// What stands below the heading of a section, up to the next heading.
  fileprivate static func body(of section: String) -> Substring {
    let text = text
    guard let heading = text.firstRange(of: "# \(section) ") else { return "" }
    let behind = text[heading.upperBound...]
    return behind[..<(behind.firstRange(of: "\n#")?.lowerBound ?? behind.endIndex)]
  }
}
