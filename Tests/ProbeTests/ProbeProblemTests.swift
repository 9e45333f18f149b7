import Linux
import Requestor
import Settings
import Testing
import UpperLayer

@testable import Log
@testable import Probe

/// The text of a failed probe: how much of an answer arrived, that the echo was answered, and
/// who can remedy it.
@Suite struct ProbeProblemTests {
  private static func explanation(
    _ phase: ProbePhase, _ failure: ProbeFailure, _ progress: PDUProgress? = nil
  ) -> Explanation {
    ProbeProblem(
      address: nil, phase: phase, failure: failure, question: .sample(),
      progress: progress
    ).explanation
  }

  private static func progress(
    _ received: UInt32, _ expected: UInt32, _ type: UInt8 = 2
  ) -> PDUProgress {
    var pdu = IncompletePDU()
    (pdu.firstByte, pdu.received, pdu.expected) = (type, received, expected)
    return PDUProgress(pdu)
  }

  /// Computed each time: LeakSanitizer does not see the array inside such an enum from a global.
  static var ends: [(ProbeFailure, String)] {
    [
      (.timeout, "acse-timeout: within 30 s, only 100 of 161 bytes of its A-ASSOCIATE-AC arrived"),
      (
        .peer(.closed),
        "100 of 161 bytes of its A-ASSOCIATE-AC arrived, then the peer closed the connection"
      ),
      (
        .system(104),
        "100 of 161 bytes of its A-ASSOCIATE-AC arrived, then the peer reset the connection"
      ),
      (
        .system(113),
        "100 of 161 bytes of its A-ASSOCIATE-AC arrived, then no route to this address (No route to host)"
      ),
    ]
  }

  @Test("dcm4chee-arc-light#4690: the text counts the bytes of a partial answer", arguments: ends)
  func stops(failure: ProbeFailure, text: String) {
    let problem = Self.explanation(.associate, failure, Self.progress(100, 161))
    #expect(problem.text == text && problem.cause == .incompleteAnswer)
    #expect(problem.remedy.hasPrefix("see the SCP's log; ") && problem.remedy.contains("MTU"))
  }

  @Test("Packet loss that the system knows of is in the text and the remedy")
  func lost() {
    var stopped = Self.progress(1448, 5230)
    stopped.path.segment = 1448
    let first = Self.explanation(.associate, .timeout, stopped)
    #expect(
      first.text.hasSuffix("A-ASSOCIATE-AC arrived; large packets seem to be lost on the way"))
    #expect(first.remedy == "look for an MTU problem in a VPN, a tunnel or a firewall")
    // The first segment is lost, and a later one came.
    var beginning = PDUProgress()
    beginning.path.outOfOrder = 1
    let second = Self.explanation(.associate, .timeout, beginning)
    #expect(
      second.cause == .timeout && second.text.contains("1 segment arrived out of order"))
    #expect(second.remedy == first.remedy)
  }

  @Test("Bytes that do not begin a PDU, and a message without its end, have a text")
  func otherBeginnings() {
    #expect(
      Self.explanation(.echo, .peer(.closed), Self.progress(3, 0, 0x68)).text
        == "3 bytes came, starting with 68H, not a PDU, then the peer closed the connection")
    var pdu = IncompletePDU()
    pdu.message = 40
    #expect(
      Self.explanation(.echo, .timeout, PDUProgress(pdu)).text
        == "dimse-timeout: within 1.5 s, only 40 bytes of a message arrived, without its last fragment"
    )
  }

  @Test(
    "Another protocol is named as an answer, not as a client", arguments: ForeignProtocol.allCases)
  func foreign(protocol: ForeignProtocol) {
    let problem = Self.explanation(.associate, .peer(.foreign(`protocol`, [0x15, 0x03])))
    let what =
      `protocol` == .other
      ? "the answer is not DICOM" : "\(`protocol`.name) instead of an A-ASSOCIATE-AC"
    #expect(problem.text == "\(what): it begins with \"\\x15\\x03\"")
    #expect(
      !problem.text.contains(" port")
        && problem.remedy.contains("DICOM port") == (`protocol` != .tls))
  }

  /// All failures that a release may have.
  static var failures: [ProbeFailure] {
    [
      .timeout, .system(104), .system(110), .system(9), .peer(.closed),
      .peer(.aborted(.serviceUser)),
      .peer(.aborted(.unexpectedPDU)), .peer(.wrong(.pdu(type: 2))),
      .peer(.wrong(.malformed(type: 4))),
    ]
  }

  @Test("However the release fails, the echo was answered", arguments: failures)
  func release(failure: ProbeFailure) {
    for progress in [nil, Self.progress(8, 10, 6)] {
      let problem = Self.explanation(.release, failure, progress)
      #expect(problem.text.hasPrefix("the echo was answered; only the release failed: "))
      #expect(!Self.explanation(.echo, failure, progress).text.contains("was answered"))
    }
  }

  @Test("What the standard allows is not blamed on the vendor of the SCP, in any phase")
  func noBlame() {
    let foreseen: [ProbeFailure] = [
      .timeout, .system(104), .peer(.closed), .peer(.releaseRequested),
      .peer(.aborted(.serviceUser)), .peer(.aborted(.unexpectedPDU)),
      .peer(.aborted(Abort(source: 2, reason: 0))), .peer(.aborted(Abort(source: 1, reason: 9))),
      .peer(.rejected(Rejection.localLimitExceeded.pdu)), .peer(.wrong(.status(0x0110))),
      .peer(.wrong(.contextRefused(1))), .peer(.wrong(.contextRefused(3))),
      .peer(.wrong(.contextRefused(4))), .peer(.wrong(.contextRefused(9))),
      .peer(.wrong(.maximumLength(1))), .peer(.wrong(.tooLong(type: 2, length: 1 << 20))),
      .peer(.wrong(.commandTooLong)),
    ]
    for failure in foreseen {
      for phase in [ProbePhase.associate, .echo, .release] {
        let problem = Self.explanation(phase, failure)
        #expect(!problem.remedy.contains("vendor") && !problem.remedy.contains("fault"))
        #expect(!problem.remedy.isEmpty)
      }
    }
  }

  @Test("A remedy that names the vendor of the SCP has the clause that the answer violates")
  func clause() {
    let broken: [(AnswerFault, String)] = [
      (.pdu(type: 6), "PS3.8 Table 9-10"), (.tooLong(type: 4, length: 16383), "PS3.8 annex D.1"),
      (.malformed(type: 2), "PS3.8 §9.3.1"), (.protocolVersion(2), "PS3.8 §9.3.3"),
      (.contextMissing, "PS3.8 §9.3.3.2"), (.transferSyntax, "PS3.8 §9.3.3.2"),
      (.contextID(3), "PS3.8 §9.3.5.1"), (.command, "PS3.7 §6.3.1"),
      (.messageID(2, due: 1), "PS3.7 §9.3.5.2"), (.sopClass, "PS3.7 §9.3.5.2"),
    ]
    for (objection, clause) in broken {
      #expect(
        Self.explanation(.echo, .peer(.wrong(objection))).remedy
          == "report this to the vendor of the SCP: the answer violates \(clause)")
    }
  }
}

extension ProbeQuestion {
  /// A question with a time limit of its own for each phase.
  static func sample(
    _ host: String = "pacs", called: String = "ARCHIVE", service: Settings? = nil,
    tls: ProbeTLS? = nil, label: String? = nil,
    titleSource: ProbeQuestion.TitleSource = .option, warning: UInt32? = nil,
    critical: UInt32? = nil
  ) -> ProbeQuestion {
    ProbeQuestion(
      host: host, port: 104,
      proposal: EchoProposal(
        called: AETitle(called)!, calling: AETitle("CT\"1")!, transferSyntaxes: [],
        maximumLength: 0, implementation: ImplementationItems(classUID: "1", versionName: "V")),
      acseTimeout: 30_000, dimseTimeout: 1_500, networkTimeout: 250, service: service,
      tls: tls, label: label, titleSource: titleSource,
      thresholds: ProbeThresholds(warning: warning, critical: critical))
  }
}
