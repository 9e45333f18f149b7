import Linux
import Log
import Requestor

/// The result of a probe: what came of each address that was tried. Only the last one can have answered.
public struct ProbeResult: Sendable {
  /// What was asked of whom.
  let question: ProbeQuestion
  /// How long it took to look up the host, in microseconds.
  let resolveTime: UInt64
  /// Why the host was not found; `nil` when it was.
  var resolveFailure: ProbeFailure?
  /// What came of each address.
  var attempts: [ProbeAttempt] = []

  /// Whether an SCP has answered.
  public var isOK: Bool { answered != nil }

  /// The attempt that was answered; `nil` when none was.
  var answered: ProbeAttempt? { attempts.last { $0.failure == nil } }

  /// The attempt that came furthest, whose failure tells most.
  private var furthest: ProbeAttempt? { attempts.max { $0.times.count < $1.times.count } }

  /// The phases of the attempt that was answered, or that came furthest, and what everything together
  /// took: an address that does not answer costs time, too.
  var times: ProbeTimes {
    var phases = (answered ?? furthest)?.times ?? [:]
    if resolveFailure == nil { phases[.resolve] = resolveTime }
    return ProbeTimes(phases: phases, total: attempts.reduce(resolveTime) { $0 + $1.duration })
  }

  /// Everything that went wrong, in the order in which it did.
  var problems: [ProbeProblem] {
    let unresolved = resolveFailure.map {
      ProbeProblem(
        address: nil, phase: .resolve, failure: $0, question: question, duration: resolveTime)
    }
    return [unresolved].compactMap { $0 } + attempts.compactMap(problem)
  }

  /// The problem that tells most.
  var mainProblem: ProbeProblem? {
    resolveFailure == nil ? furthest.flatMap(problem) : problems.first
  }

  private func problem(of attempt: ProbeAttempt) -> ProbeProblem? {
    attempt.failure.map {
      ProbeProblem(
        address: attempt.address, phase: attempt.phase, failure: $0, question: question,
        progress: attempt.progress, duration: attempt.duration)
    }
  }
}

/// One association of a probe, with one address of the host.
struct ProbeAttempt: Sendable {
  /// The address and port.
  let address: NetworkAddress
  /// How long each completed phase took, in microseconds.
  var times: [ProbePhase: UInt64] = [:]
  /// What the SCP accepted, and who it says it is.
  var acceptance: Acceptance?
  /// The phase that it has reached.
  var phase = ProbePhase.connect
  /// Why it has failed in that phase; `nil` when it has not.
  var failure: ProbeFailure?
  /// How much of the awaited answer came; `nil` when nothing is known of it.
  var progress: PDUProgress?
  /// How long the failed phase took, in microseconds; 0 when none failed.
  var lost: UInt64 = 0

  /// How long all of it took, in microseconds.
  var duration: UInt64 { times.values.reduce(lost, +) }
}

/// How long a probe took, in microseconds.
struct ProbeTimes {
  /// The time of each completed phase.
  let phases: [ProbePhase: UInt64]
  /// The time of all phases and addresses, those that failed among them.
  let total: UInt64

  /// The time of each completed phase, in their order, and what the others took, each with its name.
  var parts: [(name: String, time: UInt64)] {
    let completed = ProbePhase.allCases.compactMap { phase in
      phases[phase].map { (phase.rawValue, $0) }
    }
    let lost = total - phases.values.reduce(0, +)
    return lost == 0 ? completed : completed + [("lost", lost)]
  }

  /// A time in milliseconds.
  static func milliseconds(_ time: UInt64) -> String {
    let decimals = String(time % 1000 + 1000).dropFirst()
    return "\(time / 1000).\(decimals)"
  }
}

/// What several probes come to.
public struct ProbeSummary: Sendable {
  private var count = 0
  private var failed = 0
  // How long those took that were answered, in microseconds.
  private var (least, most, sum): (UInt64, UInt64, UInt64) = (.max, 0, 0)

  /// A summary of no probe yet.
  public init() {}

  /// Whether every one was answered.
  public var isOK: Bool { failed == 0 }

  /// Adds the result of one more.
  public mutating func add(_ result: ProbeResult) {
    count += 1
    guard result.isOK else {
      failed += 1
      return
    }
    let time = result.times.total
    (least, most, sum) = (min(least, time), max(most, time), sum + time)
  }

  /// All of them on one line.
  public var line: String {
    let line =
      "\(isOK ? "OK" : "CRITICAL"): \(Counted.text(count, "time")), \(failed) failed"
    let answered = UInt64(count - failed)
    guard answered > 0 else { return line }
    let figures = [("min", least), ("avg", sum / answered), ("max", most)].map {
      "\($0.0) \(ProbeTimes.milliseconds($0.1))"
    }
    return "\(line); \(figures.joined(separator: ", ")) ms"
  }
}
