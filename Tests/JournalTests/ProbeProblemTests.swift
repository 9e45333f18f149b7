import Requestor
import Testing
import UpperLayer

@testable import Journal

/// What a person reads of a probe that failed: how far an answer came, that the echo was answered, and
/// whose matter it is.
@Suite struct ProbeProblemTests {
  private static func problem(
    _ phase: ProbePhase, _ failure: ProbeFailure, _ progress: PDUProgress? = nil
  ) -> ProbeProblem {
    let question = ProbeQuestion(
      host: "pacs", port: 104, called: "ARCHIVE", calling: "CT1",
      proposal: EchoProposal(
        called: AETitle("ARCHIVE")!, calling: AETitle("CT1")!, transferSyntaxes: [],
        maximumLength: 0, implementation: ImplementationItems(classUID: "1", versionName: "V")),
      acseTimeout: 30_000, dimseTimeout: 1_500, networkTimeout: 250)
    return ProbeProblem(
      address: nil, phase: phase, failure: failure, question: question, progress: progress)
  }

  private static func progress(
    _ received: UInt32, _ expected: UInt32, _ type: UInt8 = 2
  ) -> PDUProgress {
    var pdu = IncompletePDU()
    (pdu.firstByte, pdu.received, pdu.expected) = (type, received, expected)
    return PDUProgress(pdu)
  }

  /// Made anew each time: LeakSanitizer does not see the array inside such an enum from a global.
  static var ends: [(ProbeFailure, String)] {
    [
      (.timeout, "acse-timeout: within 30 s only 100 of 161 bytes of its A-ASSOCIATE-AC came"),
      (
        .peer(.closed),
        "100 of 161 bytes of its A-ASSOCIATE-AC came, then the peer closed the connection"
      ),
      (
        .system(104),
        "100 of 161 bytes of its A-ASSOCIATE-AC came, then the peer reset the connection"
      ),
      (
        .system(113),
        "100 of 161 bytes of its A-ASSOCIATE-AC came, then no route to this address (No route to host)"
      ),
    ]
  }

  @Test("dcm4chee-arc-light#4690: an answer that stops is told by its bytes", arguments: ends)
  func stops(failure: ProbeFailure, text: String) {
    let problem = Self.problem(.associate, failure, Self.progress(100, 161))
    #expect(problem.text == text && problem.cause == .incompleteAnswer)
    #expect(
      problem.remedy.hasPrefix("look at the log of the SCP; ") && problem.remedy.contains("MTU"))
  }

  @Test("What the system knows to be lost on the way is told, and is what to look for")
  func lost() {
    var stopped = Self.progress(1448, 5230)
    stopped.segment = 1448
    let first = Self.problem(.associate, .timeout, stopped)
    #expect(first.text.hasSuffix("A-ASSOCIATE-AC came; large packets seem to be lost on the way"))
    #expect(first.remedy == "look for an MTU problem of a VPN, a tunnel or a firewall")
    // The first segment is lost, and a later one came.
    var beginning = PDUProgress()
    beginning.outOfOrder = 1
    let second = Self.problem(.associate, .timeout, beginning)
    #expect(
      second.cause == .timeout && second.text.contains("1 segment came, but not what belongs"))
    #expect(second.remedy == first.remedy)
  }

  @Test("Bytes that begin no PDU, and a message without its end, have words")
  func otherBeginnings() {
    #expect(
      Self.problem(.echo, .peer(.closed), Self.progress(3, 0, 0x68)).text
        == "3 bytes came, 68H first, which begins no PDU, then the peer closed the connection")
    var pdu = IncompletePDU()
    pdu.message = 40
    #expect(
      Self.problem(.echo, .timeout, PDUProgress(pdu)).text
        == "dimse-timeout: within 1.5 s only 40 bytes of a message came, without its last fragment")
  }
}
