import Linux
import TestKit
import Testing

@testable import Log
@testable import Probe

/// Thresholds, performance data, and how several addresses share the time to connect.
@Suite struct PerformanceDataTests {
  private static func result(
    _ failure: ProbeFailure? = nil, warning: UInt32? = nil, critical: UInt32? = nil
  ) -> ProbeResult {
    ProbeResult(
      question: .sample(warning: warning, critical: critical), resolveTime: 500,
      attempts: [ProbeLinesTests.attempt(2, failure == nil ? .resolve : .associate, failure)])
  }

  @Test("An answer has its total with the thresholds, and the time of each phase")
  func answered() {
    let phases = "resolve=0.500ms connect=1.250ms associate=1.250ms echo=1.250ms release=1.250ms"
    #expect(Self.result().performanceData == "total=5.500ms;;;0 \(phases)")
    #expect(
      Self.result(warning: 50, critical: 200).performanceData == "total=5.500ms;50;200;0 \(phases)")
    #expect(Self.result(critical: 1).performanceData == "total=5.500ms;;1;0 \(phases)")
  }

  @Test("Without an answer there is no total, which would spoil a graph, but each completed phase")
  func failed() {
    #expect(Self.result(.timeout, warning: 1).performanceData == "resolve=0.500ms connect=1.250ms")
    let unknown = ProbeResult(
      question: .sample(), resolveTime: 7_000, resolveFailure: .name(.unknown))
    #expect(unknown.performanceData.isEmpty)
    #expect(PluginLine.adding(data: "", to: ["a", "b"]) == ["a", "b"])
    #expect(PluginLine.adding(data: "x=1", to: ["a", "b"]) == ["a | x=1", "b"])
  }

  @Test(
    "A label has no character with a meaning, and stays different from any other",
    arguments: [
      ("CT 1", "'CT 1 total'"), ("A'B", "'A\\x27B total'"), ("A=B", "'A\\x3dB total'"),
      ("A|B", "'A\\x7cB total'"), ("[2001:db8::1]:104", "'[2001:db8:\\x3a1]:104 total'"),
      (":::", "':\\x3a: total'"), ("a\u{1B}b", "'a\\u{1b}b total'"),
      ("bücher:1", "'bücher:1 total'"),
    ])
  func label(name: String, label: String) {
    #expect(PerformanceData.label(name) == label)
  }

  @Test(
    "A total above a threshold is worse, one equal to it is not",
    arguments: [
      (nil, nil, .ok), (5, nil, .warning), (nil, 5, .critical), (5, 5, .critical),
      (1, 5, .critical),
      (6, 7, .ok), (5, 7, .warning),
    ] as [(UInt32?, UInt32?, ProbeStatus)])
  func status(warning: UInt32?, critical: UInt32?, status: ProbeStatus) {
    #expect(Self.result(warning: warning, critical: critical).status == status)
    let thresholds = ProbeThresholds(warning: 5, critical: 7)
    #expect(thresholds.excess(of: 5_000) == nil)
    #expect(thresholds.excess(of: 5_001)?.status == .warning)
    #expect(thresholds.excess(of: 7_001)?.status == .critical)
  }

  @Test("A slow answer has the time, the threshold, and what to do about its slowest phase")
  func slow() {
    let lines = Self.result(warning: 1, critical: 5).lines(.withoutPeer)
    #expect(
      lines == [
        "CRITICAL: ARCHIVE at pacs:104 answered C-ECHO in 5.500 ms, more than the critical threshold of "
          + "5 ms (resolve 0.500, connect 1.250, associate 1.250, echo 1.250, release 1.250)",
        "  to do: most of the time was spent on connect: check whether the network in between is slow or "
          + "loses packets",
      ])
    let warning = Self.result(warning: 1).lines()[0]
    #expect(warning.hasPrefix("WARNING: ") && warning.contains(" the warning threshold of 1 ms ("))
    // A failure is one, however long it took.
    let failed = Self.result(.timeout, warning: 1, critical: 5).lines()[0]
    #expect(failed.hasPrefix("CRITICAL: ") && !failed.contains("threshold"))
    let object = Self.result(warning: 1).json(number: 1)
    #expect(object.hasPrefix("{\"ok\": true, \"status\": \"warning\", "))
  }

  @Test("The remedy depends on the slowest phase, or on addresses that did not answer")
  func remedies() {
    var attempt = ProbeLinesTests.attempt(2, .resolve)
    func remedy(_ resolve: UInt64, _ before: [ProbeAttempt] = []) -> String {
      ProbeResult(question: .sample(), resolveTime: resolve, attempts: before + [attempt])
        .remedyForExcess
    }
    #expect(remedy(9_000).contains("spent on resolve: check the name servers"))
    attempt.times[.echo] = 10_000
    #expect(remedy(9_000).contains("spent on echo: check the network in between, and the load"))
    let dead = ProbeLinesTests.attempt(1, .connect, .timeout)
    #expect(remedy(0, [dead]).contains("spent on lost: remove the addresses"))
  }

  @Test("Slow answers are in the summary of several probes, and so are their thresholds")
  func summary() {
    var summary = ProbeSummary()
    for _ in 1...2 { summary.add(Self.result(critical: 5)) }
    #expect(
      summary.line
        == "CRITICAL: 2 probes, 0 failed, 2 too slow; min 5.500, avg 5.500, max 5.500 ms")
    #expect(
      summary.performanceData == "total=5.500ms;;5;0 min=5.500ms max=5.500ms failed=0")
    var dead = ProbeSummary()
    for _ in 1...2 { dead.add(Self.result(.timeout)) }
    #expect(dead.performanceData == "failed=2")
  }

  @Test("The addresses of a host share the time to connect, and what one leaves is for the others")
  func patience() {
    var patience = Patience(30_000, addresses: 3)
    #expect(patience.share == 10_000)
    patience.spend(0)
    #expect(patience.share == 15_000)
    patience.spend(15_000_400)
    #expect(patience.share == 15_000)
    patience.spend(20_000_000)
    #expect(patience.share == 1)
    var early = Patience(1_000, addresses: 2)
    early.spend(100_000)
    #expect(early.share == 900)
    var unlimited = Patience(0, addresses: 2)
    unlimited.spend(1_000_000)
    #expect(unlimited.share == 0)
  }

  @Test("The text of a timeout has the share of its address")
  func shareInText() {
    var attempt = ProbeLinesTests.attempt(1, .connect, .timeout)
    attempt.patience = 125
    let result = ProbeResult(question: .sample(), resolveTime: 0, attempts: [attempt])
    #expect(result.mainProblem?.line == "connect: network-timeout: no connection within 0.125 s")
  }

  @Test("A crew has a thread for each target, up to a limit and the descriptors")
  func crew() {
    #expect(ProbeCrew.size(200, descriptors: 1 << 20) == 200)
    #expect(ProbeCrew.size(2_000, descriptors: 1 << 20) == 256)
    #expect(ProbeCrew.size(200, descriptors: 416) == 100)
    #expect(ProbeCrew.size(200, descriptors: 0) == 1)
    for count in [1, 2, 300] {
      let seen = Seen(count)
      ProbeCrew.run(count, descriptors: 1 << 20) {
        seen.add($0)
      } meanwhile: {
      }
      #expect(seen.times == Array(repeating: 1, count: count))
    }
  }

  /// How often each number was seen.
  private final class Seen: Sendable {
    private let counts: Locked<[Int]>

    init(_ count: Int) { counts = Locked(Array(repeating: 0, count: count)) }

    func add(_ number: Int) { counts.withLock { $0[number] += 1 } }

    var times: [Int] { counts.withLock { $0 } }
  }
}
