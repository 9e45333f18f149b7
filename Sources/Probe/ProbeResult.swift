/// What has come of a probe: of each address that was tried, the last of which has answered if any
/// has.
public struct ProbeResult: Sendable {
  /// What was asked of whom.
  public let question: ProbeQuestion
  /// How long it took to look up the host, in microseconds.
  public let resolveTime: UInt64
  /// Why the host was not found, or nothing when it was.
  public let resolveFailure: ProbeFailure?
  /// What has come of each address.
  public let attempts: [ProbeAttempt]

  /// The result of `question`.
  public init(
    _ question: ProbeQuestion, resolveTime: UInt64, resolveFailure: ProbeFailure? = nil,
    attempts: [ProbeAttempt] = []
  ) {
    self.question = question
    self.resolveTime = resolveTime
    self.resolveFailure = resolveFailure
    self.attempts = attempts
  }

  /// Whether an SCP has answered.
  public var isOK: Bool { answered != nil }

  /// The attempt that was answered, or nothing.
  var answered: ProbeAttempt? { attempts.last { $0.failure == nil } }

  /// The times of the attempt that was answered, or that came furthest, with that of the name, and with
  /// what all else took: an address that does not answer costs time, too.
  public var times: ProbeTimes {
    var times = (answered ?? furthest)?.times ?? ProbeTimes()
    if resolveFailure == nil { times[.resolve] = resolveTime }
    // What is in none of the phases has gone to those that failed, of this attempt or of others.
    times.lost = duration - times.total
    return times
  }

  /// How long all of it took, in microseconds.
  private var duration: UInt64 { resolveTime + attempts.reduce(0) { $0 + $1.duration } }

  /// The attempt that came furthest: what it failed of tells most.
  private var furthest: ProbeAttempt? {
    let order = ProbePhase.allCases
    return attempts.max { left, right in
      order.firstIndex(of: left.phase) ?? 0 < order.firstIndex(of: right.phase) ?? 0
    }
  }

  /// Everything that went wrong, in the order in which it did.
  var problems: [ProbeProblem] {
    let unresolved = resolveFailure.map {
      ProbeProblem(
        address: nil, phase: .resolve, failure: $0, question: question, duration: resolveTime)
    }
    return [unresolved].compactMap { $0 } + attempts.compactMap(problem)
  }

  /// What went wrong and tells most.
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
