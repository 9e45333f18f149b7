import Linux
import Requestor
import TestKit
import Testing
import UpperLayer

@testable import Log
@testable import Probe

/// The result of a probe, as people and programs read it.
@Suite struct ProbeLinesTests {
  static func attempt(
    _ last: UInt8, _ phase: ProbePhase, _ failure: ProbeFailure? = nil
  ) -> ProbeAttempt {
    var bytes = InlineArray<16, UInt8>(repeating: 0)
    (bytes[10], bytes[11], bytes[12], bytes[13], bytes[14]) = (255, 255, 192, 0, 2)
    bytes[15] = last
    var attempt = ProbeAttempt(address: NetworkAddress(bytes: bytes, port: 104))
    let completed = ProbePhase.allCases.prefix { failure == nil || $0 != phase }
    for before in completed where before != .resolve && before != .tls {
      attempt.times[before] = 1_250
    }
    attempt.phase = phase
    attempt.failure = failure
    if failure != nil { attempt.lost = 2_000_000 }
    return attempt
  }

  private static func problem(_ phase: ProbePhase, _ failure: ProbeFailure) -> ProbeProblem {
    ProbeProblem(address: nil, phase: phase, failure: failure, question: .sample())
  }

  /// Computed each time: LeakSanitizer does not see the array inside such an enum from a global.
  static var failures: [(ProbePhase, ProbeFailure, String)] {
    [
      (.resolve, .name(.unknown), "resolve: the host \"pacs\" is unknown or has no address"),
      (.connect, .system(111), "connect: refused: nothing listens on this port"),
      (.connect, .timeout, "connect: network-timeout: no connection within 0.25 s"),
      (
        .associate, .timeout,
        "associate: acse-timeout: connected, but no answer to the A-ASSOCIATE-RQ within 30 s"
      ),
      (.echo, .timeout, "echo: dimse-timeout: associated, but no C-ECHO-RSP within 1.5 s"),
      (
        .associate, .peer(.rejected(Rejection.calledAETitle.pdu)),
        "associate: rejected permanently by the service user: called AE title not recognized "
          + "(A-ASSOCIATE-RJ 1/1/7)"
      ),
      (
        .associate, .peer(.rejected(Rejection.localLimitExceeded.pdu)),
        "associate: rejected temporarily by the service provider (presentation): local limit exceeded "
          + "(A-ASSOCIATE-RJ 2/3/2)"
      ),
      (.echo, .peer(.aborted(.serviceUser)), "echo: aborted by the service user (A-ABORT 0/0)"),
      (
        .echo, .peer(.aborted(.invalidPDUParameter)),
        "echo: aborted by the service provider: invalid PDU parameter value (A-ABORT 2/6)"
      ),
      (
        .associate, .peer(.foreign(.http, Array("HTTP/1.1 400\r\nX".utf8))),
        "associate: HTTP instead of an A-ASSOCIATE-AC: it begins with \"HTTP/1.1 400\""
      ),
      (
        .associate, .peer(.wrong(.contextRefused(3))),
        "associate: the presentation context was refused: abstract syntax not supported (result 3)"
      ),
      (
        .echo, .peer(.wrong(.status(0x0110))),
        "echo: C-ECHO-RSP with status 0110H (processing failure)"
      ),
      (
        .release, .peer(.closed),
        "release: the echo was answered; only the release failed: the peer closed the connection "
          + "without an answer"
      ),
    ]
  }

  @Test(arguments: failures)
  func isTold(phase: ProbePhase, failure: ProbeFailure, text: String) {
    let problem = Self.problem(phase, failure)
    #expect(problem.line == text)
    #expect(
      !problem.explanation.remedy.isEmpty && !problem.explanation.cause.rawValue.contains(" "))
  }

  @Test("A rejection names the title that it is about, and the option for another one")
  func titles() {
    let called = Self.problem(.associate, .peer(.rejected(Rejection.calledAETitle.pdu))).explanation
      .remedy
    #expect(called.contains("\"ARCHIVE\"") && called.contains("--called-ae-title"))
    let calling = Self.problem(.associate, .peer(.rejected(Rejection.callingAETitle.pdu)))
      .explanation.remedy
    #expect(calling.contains("CT\"1") && calling.contains("--calling-ae-title"))
  }

  @Test("The remedy for a wrong called title depends on where it comes from")
  func titleSources() {
    func remedy(_ source: ProbeQuestion.TitleSource) -> String {
      ProbeProblem(
        address: nil, phase: .associate, failure: .peer(.rejected(Rejection.calledAETitle.pdu)),
        question: .sample(titleSource: source)
      ).explanation.remedy
    }
    #expect(remedy(.word) == "put the SCP's own AE title before the @ instead of \"ARCHIVE\"")
    #expect(
      remedy(.section)
        == "put the SCP's own AE title and an @ before pacs:104 in the key probe of the device's section "
        + "instead of \"ARCHIVE\"")
  }

  @Test("Every rejection and abort has words, even those that the standard does not define")
  func everyField() {
    for source in UInt8(0)...4 {
      for reason in UInt8(0)...10 {
        let rejection = AssociateReject(result: reason, source: source, reason: reason)
        #expect(rejection.sentence.hasSuffix("(A-ASSOCIATE-RJ \(reason)/\(source)/\(reason))"))
        #expect(!rejection.remedy(.sample()).isEmpty)
        let abort = Abort(source: source, reason: reason)
        #expect(abort.sentence.hasSuffix("(A-ABORT \(source)/\(reason))"))
      }
    }
  }

  @Test("An answer is OK, and the address that failed before it is reported")
  func answered() {
    let result = ProbeResult(
      question: .sample(), resolveTime: 500,
      attempts: [Self.attempt(1, .connect, .system(111)), Self.attempt(2, .resolve)])
    let lines = result.lines()
    #expect(
      lines.first
        == "OK: ARCHIVE at pacs:104 answered C-ECHO in 2005.500 ms (resolve 0.500, connect 1.250, "
        + "associate 1.250, echo 1.250, release 1.250, lost 2000.000)")
    #expect(
      lines[1]
        == "  192.0.2.1:104: connect: refused: nothing listens on this port, after 2000.000 ms")
    #expect(lines.last == "  address: 192.0.2.2:104")
    #expect(result.isOK && result.lines(.withoutPeer).count == 3)
  }

  /// Computed each time, like ``failures``.
  private static var resultsWithBars: [ProbeResult] {
    let failures: [ProbeFailure] = [
      .peer(.foreign(.http, Array("HTTP/1.1 400 a|b\nX".utf8))),
      .peer(.foreign(.other, Array("|\r\n|".utf8))), .name(.unknown),
      .peer(.rejected(Rejection.calledAETitle.pdu)), .peer(.rejected(Rejection.callingAETitle.pdu)),
    ]
    let hosts = ["pacs", "a|b", "a\u{2028}b\nc"]
    return failures.flatMap { failure in
      hosts.map { host in
        ProbeResult(
          question: .sample(host, called: "A|B"), resolveTime: 0,
          attempts: [Self.attempt(1, .associate, failure), Self.attempt(2, .connect, .timeout)])
      }
    }
      + hosts.map { host in
        ProbeResult(
          question: .sample(host, called: "A|B"), resolveTime: 0,
          attempts: [Self.attempt(1, .resolve)])
      }
  }

  @Test("No line has a bar, which would start performance data, or a line break")
  func bars() {
    for result in Self.resultsWithBars {
      let lines = result.lines()
      #expect(lines[0].contains("A\\x7cB at "))
      #expect(lines.allSatisfy { line in !line.contains { $0 == "|" || $0.isNewline } }, "\(lines)")
      // JSON keeps the bar.
      #expect(result.json(number: 1).contains("\"called_ae_title\": \"A|B\""))
    }
  }

  @Test("A peer's name for itself stays on its line")
  func implementationWithBar() throws {
    var accept = Wire.associateAccept()
    let name = Array("ECHOSCPD".utf8)
    let start = try #require(accept.indices.first { accept[$0...].starts(with: name) })
    accept[start] = UInt8(ascii: "|")
    accept[start + 1] = UInt8(ascii: "\n")
    var scu = EchoSCU(ProbeQuestion.sample().proposal(.implicitVRLittleEndian))
    guard case .accepted(let acceptance)? = scu.receive(accept.span).first else {
      Issue.record("not accepted")
      return
    }
    var attempt = Self.attempt(1, .resolve)
    attempt.acceptance = acceptance
    let lines = ProbeResult(question: .sample(), resolveTime: 0, attempts: [attempt]).lines()
    #expect(lines.last?.contains("\\x7c\\x0aHOSCPD") == true, "\(lines)")
  }

  @Test("The first line of a failure is about the attempt that got furthest")
  func failed() {
    let result = ProbeResult(
      question: .sample("2001:db8::1"), resolveTime: 500,
      attempts: [
        Self.attempt(1, .associate, .peer(.rejected(Rejection.callingAETitle.pdu))),
        Self.attempt(2, .connect, .system(111)),
      ])
    let lines = result.lines()
    #expect(lines[0].hasPrefix("CRITICAL: ARCHIVE at [2001:db8::1]:104: associate: rejected"))
    #expect(lines.count == 5 && !result.isOK)
  }

  @Test("The object of a failure is escaped, and missing values are null")
  func object() {
    let object = ProbeResult(
      question: .sample(), resolveTime: 500,
      attempts: [Self.attempt(1, .connect, .system(111))]
    ).json(number: 2)
    #expect(
      object.hasPrefix(
        "{\"ok\": false, \"status\": \"critical\", \"number\": 2, \"host\": \"pacs\", \"port\": 104, "
      ))
    #expect(object.contains("\"calling_ae_title\": \"CT\\\"1\""))
    #expect(object.contains("\"peer\": null") && object.contains("\"cause\": \"refused\""))
    #expect(!object.contains("\n"))
  }

  @Test("The time of every address is in the figures, whatever its result")
  func figures() {
    let object = ProbeResult(
      question: .sample(), resolveTime: 500,
      attempts: [
        Self.attempt(1, .connect, .timeout), Self.attempt(2, .associate, .timeout),
        Self.attempt(3, .resolve),
      ]
    ).json(number: 1)
    #expect(object.contains("\"release\": 1.250, \"lost\": 4001.250, \"total\": 4006.750}"))
    #expect(object.contains("\"time_ms\": 2000.000}") && object.contains("\"time_ms\": 2001.250}"))
    let failed = ProbeResult(
      question: .sample(), resolveTime: 500, attempts: [Self.attempt(2, .associate, .timeout)]
    ).json(number: 1)
    #expect(
      failed.contains(
        "{\"resolve\": 0.500, \"connect\": 1.250, \"lost\": 2000.000, \"total\": 2001.750}"))
    let unknown = ProbeResult(
      question: .sample(), resolveTime: 7_000, resolveFailure: .name(.unknown))
    #expect(
      unknown.json(number: 1).contains("{\"lost\": 7.000, \"total\": 7.000}"))
  }

  @Test("Several probes are summed up")
  func summary() {
    var summary = ProbeSummary()
    #expect(summary.status == .ok)
    summary.add(
      ProbeResult(question: .sample(), resolveTime: 0, attempts: [Self.attempt(1, .resolve)]))
    summary.add(
      ProbeResult(
        question: .sample(), resolveTime: 1_000, attempts: [Self.attempt(1, .resolve)]))
    #expect(summary.line == "OK: 2 probes, 0 failed; min 5.000, avg 5.500, max 6.000 ms")
    summary.add(
      ProbeResult(question: .sample(), resolveTime: 0, resolveFailure: .name(.unknown)))
    #expect(summary.line == "CRITICAL: 3 probes, 1 failed; min 5.000, avg 5.500, max 6.000 ms")
    #expect(summary.status == .critical)
  }
}

extension ProbeQuestion {
  /// The proposal with another transfer syntax.
  fileprivate func proposal(_ syntax: TransferSyntax) -> EchoProposal {
    EchoProposal(
      called: proposal.called, calling: proposal.calling, transferSyntaxes: [syntax],
      maximumLength: 0, implementation: proposal.implementation)
  }
}
