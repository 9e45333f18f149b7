import Testing

@testable import Log
@testable import Probe

/// The results of several targets: the first line, the order, and the bounds of both.
@Suite struct ProbeOverviewTests {
  private static func summary(
    _ title: String, _ failure: ProbeFailure? = nil, warning: UInt32? = nil,
    critical: UInt32? = nil
  ) -> ProbeSummary {
    let attempt =
      failure.map { ProbeLinesTests.attempt(1, .connect, $0) }
      ?? ProbeLinesTests.attempt(1, .resolve)
    var summary = ProbeSummary()
    summary.add(
      ProbeResult(
        question: .sample(called: title, label: title, warning: warning, critical: critical),
        resolveTime: 500, attempts: [attempt]))
    return summary
  }

  @Test("If all answer, the first line names the slowest, and each has its line")
  func ok() {
    let overview = ProbeOverview([Self.summary("CT1"), Self.summary("MR 1")])
    let times =
      "5.500 ms (resolve 0.500, connect 1.250, associate 1.250, echo 1.250, release 1.250)"
    #expect(
      overview.lines == [
        "OK: 2 SCPs answered C-ECHO; the slowest is CT1 at pacs:104 with 5.500 ms | ok=2 warning=0 "
          + "critical=0 'CT1 total'=5.500ms;;;0 'MR 1 total'=5.500ms;;;0",
        "OK: CT1 at pacs:104 answered C-ECHO in \(times)",
        "OK: MR 1 at pacs:104 answered C-ECHO in \(times)",
      ])
    #expect(overview.status == .ok)
  }

  @Test("Problems come first, the worst before the others, and otherwise in their order")
  func order() {
    let overview = ProbeOverview([
      Self.summary("A"), Self.summary("B", warning: 1), Self.summary("C", .system(111)),
      Self.summary("D", critical: 2), Self.summary("E", .timeout),
    ])
    let lines = overview.lines
    #expect(
      lines[0].hasPrefix(
        "CRITICAL: 2 of 5 SCPs do not answer, 1 is too slow, 1 has a warning: C at pacs:104: connect: "
          + "refused: nothing listens on this port; D at pacs:104: 5.500 ms, more than the critical "
          + "threshold of 2 ms; E at pacs:104: connect: network-timeout: no connection within 0.25 s; "
          + "B at pacs:104: 5.500 ms, more than the warning threshold of 1 ms | ok=1 warning=1 "
          + "critical=3 'A total'=5.500ms;;;0 'B total'=5.500ms;1;;0 'D total'=5.500ms;;2;0"))
    let starts = lines.dropFirst().filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != " " } }
    #expect(starts == ["CRITICAL:", "CRITICAL:", "CRITICAL:", "WARNING:", "OK:"])
    #expect(lines[1] == "CRITICAL: C at pacs:104: connect: refused: nothing listens on this port")
    #expect(lines[2] == "  to do: start the SCP, or use the port that it listens on")
    #expect(overview.status == .critical)
  }

  @Test("The first line names only some of many problems")
  func bounded() {
    let all = (1...200).map { Self.summary("D\($0)", .timeout) }
    let lines = ProbeOverview(all).lines
    #expect(lines[0].utf8.count < 600)
    #expect(
      lines[0].hasPrefix("CRITICAL: 200 of 200 SCPs do not answer: D1 at pacs:104: connect: "))
    #expect(lines[0].hasSuffix(" more | ok=0 warning=0 critical=200"))
    #expect(lines.count == 401)
  }

  @Test("Warnings alone are a warning, in the right number")
  func warnings() {
    let one = ProbeOverview([Self.summary("A", warning: 1), Self.summary("B")])
    #expect(one.lines[0].hasPrefix("WARNING: 1 of 2 SCPs has a warning: A at pacs:104: 5.500 ms, "))
    let two = ProbeOverview([Self.summary("A", warning: 1), Self.summary("B", warning: 1)])
    #expect(two.lines[0].hasPrefix("WARNING: 2 of 2 SCPs have a warning: "))
    #expect(two.status == .warning)
  }

  @Test(
    "A bar, an apostrophe or an equals sign of a title does not begin or break performance data")
  func titles() {
    let lines = ProbeOverview([Self.summary("A|B='C"), Self.summary("D", .system(111))]).lines
    #expect(lines[0].split(separator: "|", omittingEmptySubsequences: false).count == 2)
    #expect(
      lines[0].hasSuffix("| ok=1 warning=0 critical=1 'A\\x7cB\\x3d\\x27C total'=5.500ms;;;0"))
    #expect(lines.dropFirst().allSatisfy { !$0.contains("|") })
  }

  @Test("Several echoes of each target are summed up below its worst result")
  func counts() {
    var twice = Self.summary("A", .system(111))
    twice.add(
      ProbeResult(
        question: .sample(called: "A", label: "A"), resolveTime: 0,
        attempts: [ProbeLinesTests.attempt(1, .resolve)]))
    let lines = ProbeOverview([Self.summary("B"), twice]).lines
    #expect(lines[0].hasSuffix(" critical=1 'B total'=5.500ms;;;0 'A total'=5.000ms;;;0"))
    #expect(lines[1].hasPrefix("CRITICAL: A at "))
    #expect(lines[3] == "  2 probes, 1 failed; min 5.000, avg 5.000, max 5.000 ms")
  }
}
