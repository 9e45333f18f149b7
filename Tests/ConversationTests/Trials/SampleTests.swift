import Probe
import Requestor
import Settings
import TestKit
import Testing
import UpperLayer
import Verification

/// The samples cover every case that the program has: a new case needs a sample.
@Suite struct SampleTests {
  @Test("Each rejection occurs in a trial, with its own result")
  func everyRejection() {
    let all = Rejection.allCases.map { "\($0.pdu.result)/\($0.pdu.source)/\($0.pdu.reason)" }
    let seen = RejectionTrial.all.map(\.text)
    #expect(Set(seen) == Set(all) && Set(all).count == all.count)
    #expect(seen.count == 7, "one of the trials did not end in a rejection")
  }

  @Test("Each abort reason has a sample, and is answered in each state in which it can occur")
  func everyAbortReason() throws {
    let code = try TextFile("Sources/UpperLayer/StateMachine/AbortReason.swift").content
    let declared = code.matches(of: /\n  case (\w+)/).map { String($0.1) }
    #expect(AbortReason.samples.map { "\($0)".prefix { $0.isLetter } }.map(String.init) == declared)
    for reason in AbortReason.samples {
      for state in reason.states {
        let cell = try #require(Cell(Sample(name: "", kind: .invalid(reason)), in: state))
        #expect(!cell.reply.isEmpty, "\(reason)")
        let abort = "A-ABORT \(reason.abort.source)/\(reason.abort.reason)"
        #expect(state == .awaitingRequest || cell.reply == abort)
      }
    }
  }

  @Test("Each wrong answer has a sample, and the initiator sends the A-ABORT that it defines")
  func everyAnswerFault() throws {
    let code = try TextFile("Sources/Requestor/AnswerFault.swift").content
    let declared = code.matches(of: /\n  case (\w+)/).map { String($0.1) }
    #expect(
      Set(AnswerFault.samples.map { String("\($0)".prefix { $0.isLetter }) }) == Set(declared))
    let accept = Wire.associateAccept()
    for (fault, answers) in [
      (AnswerFault.pdu(type: 8), [accept, Wire.pdu(8, [])]), (.pdu(type: 2), [accept, accept]),
      (.malformed(type: 2), [Wire.pdu(2, [])]),
      (.protocolVersion(2), [Wire.pdu(2, Wire.fixedFields(version: 2))]),
      (.maximumLength(7), [Wire.associateAccept(maximumLength: 7)]),
      (.dataSet, [accept, Wire.data(Wire.pdv(1, 2, [1, 2]))]),
    ] {
      let sent = InitiatorTrial.answer(to: answers.flatMap { $0 })
      #expect(sent == Wire.abort(Int(fault.abort.source), Int(fault.abort.reason)))
    }
  }

  @Test("Each reason to refuse a command set has a sample that is refused for it")
  func everyCommandFault() throws {
    let file = try TextFile("Sources/Verification/CommandSet/EchoRequest.swift").content
    let code = try #require(file.split(separator: "enum CommandFault").last)
    let declared = Set(code.matches(of: /\n  case (\w+)/).map { String($0.1) })
    let seen = CommandSample.all.compactMap { sample in
      sample.fault.map { String("\($0)".prefix { $0.isLetter }) }
    }
    #expect(seen.count == CommandSample.all.count && Set(seen) == declared)
    for sample in CommandSample.all { #expect(sample.answer == "A-ABORT 0/0", "\(sample.what)") }
  }

  @Test("A maximum length of 8 leaves room for an answer, one of 7 does not")
  func smallestMaximumLength() {
    for (length, expected) in [(7, "A-ABORT"), (8, "P-DATA-TF")] {
      let request = Wire.associateRequest(user: Wire.userInformation(maximumLength: length))
      let answers = Trial.answer(to: request, Wire.echoRequest()).dropFirst().map(\.title)
      #expect(
        answers.first?.hasPrefix(expected) == true && answers.last?.hasPrefix(expected) == true)
    }
  }

  @Test("The orders of preference have the setting's names and the promised transfer syntaxes")
  func preferences() {
    #expect(
      Setting.named("prefer")?.choices == ["none", "uncompressed", "little", "big", "implicit"])
    #expect(SyntaxOrder.order(of: .none) == TransferSyntax.allCases)
    #expect(SyntaxOrder.order(of: .implicit) == [.implicitVRLittleEndian])
    #expect(SyntaxOrder.order(of: .uncompressed).last == .implicitVRLittleEndian)
  }

  @Test("The initiator proposes the preferred transfer syntaxes and three user sub-items")
  func proposal() throws {
    for preference in TransferSyntaxPreference.allCases {
      let syntaxes = EchoProposal.transferSyntaxes(by: preference).map {
        SyntaxOrder.text(of: $0.uid)
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
}
