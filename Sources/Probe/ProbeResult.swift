import Linux
import Log
import Requestor

/// The result of a probe: the outcome for each address that was tried. Only the last one can have answered.
public struct ProbeResult: Sendable {
  /// The question of the probe.
  let question: ProbeQuestion
  /// How long it took to look up the host, in microseconds.
  let resolveTime: UInt64
  /// Why the host was not found, or `nil` if it was.
  var resolveFailure: ProbeFailure?
  /// The attempts, one for each address that was tried.
  var attempts: [ProbeAttempt] = []

  /// Whether an SCP answered.
  public var isOK: Bool { answered != nil }

  /// The status for a monitoring system.
  public var status: ProbeStatus {
    guard let answered else { return .critical }
    let expiry = answered.security?.firstToExpire == nil ? ProbeStatus.ok : .warning
    return max(expiry, excess?.status ?? .ok)
  }

  /// The threshold that the answer exceeded, and the status for that; `nil` if there is none.
  var excess: (status: ProbeStatus, threshold: UInt32)? {
    isOK ? question.thresholds.excess(of: times.total) : nil
  }

  /// The attempt that was answered, or `nil` if none was.
  var answered: ProbeAttempt? { attempts.last { $0.failure == nil } }

  /// The attempt that got furthest, whose failure is the most informative.
  private var furthest: ProbeAttempt? { attempts.max { $0.times.count < $1.times.count } }

  /// The phases of the attempt that was answered or got furthest, and the total time, which includes
  /// addresses that did not answer.
  var times: ProbeTimes {
    var phases = (answered ?? furthest)?.times ?? [:]
    if resolveFailure == nil { phases[.resolve] = resolveTime }
    return ProbeTimes(phases: phases, total: attempts.reduce(resolveTime) { $0 + $1.duration })
  }

  /// All problems, in the order in which they occurred.
  var problems: [ProbeProblem] {
    let unresolved = resolveFailure.map {
      ProbeProblem(
        address: nil, phase: .resolve, failure: $0, question: question, duration: resolveTime)
    }
    return [unresolved].compactMap { $0 } + attempts.compactMap(problem)
  }

  /// What is known of the TLS session of the attempt that was answered or got furthest; `nil` without one.
  var security: ProbeSecurity? { (answered ?? furthest)?.security }

  /// The most informative problem.
  var mainProblem: ProbeProblem? {
    resolveFailure == nil ? furthest.flatMap(problem) : problems.first
  }

  private func problem(of attempt: ProbeAttempt) -> ProbeProblem? {
    attempt.failure.map {
      ProbeProblem(
        address: attempt.address, source: attempt.source, phase: attempt.phase, failure: $0,
        question: question, progress: attempt.progress, security: attempt.security,
        duration: attempt.duration, patience: attempt.patience)
    }
  }
}

/// The status of a probe in the terms of monitoring plugins, the best one first.
public enum ProbeStatus: Int32, Comparable, Sendable {
  /// The SCP answered.
  case ok = 0
  /// It answered, but slowly, or one of its certificates expires soon.
  case warning = 1
  /// It did not answer, or much too slowly.
  case critical = 2

  /// The word that the first line begins with.
  var word: String {
    switch self {
    case .ok: "OK"
    case .warning: "WARNING"
    case .critical: "CRITICAL"
    }
  }

  /// Whether `left` is better than `right`.
  public static func < (left: ProbeStatus, right: ProbeStatus) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// One attempt of a probe to associate, with one address of the host.
struct ProbeAttempt: Sendable {
  /// The address and port.
  let address: NetworkAddress
  /// The address and port that the connection comes from, or `nil` without one.
  var source: NetworkAddress?
  /// How long each completed phase took, in microseconds.
  var times: [ProbePhase: UInt64] = [:]
  /// What is known of the TLS session; `nil` without TLS, and before the handshake.
  var security: ProbeSecurity?
  /// What the SCP accepted, and how it identified itself.
  var acceptance: Acceptance?
  /// The phase that the attempt has reached.
  var phase = ProbePhase.connect
  /// Why the attempt failed in that phase, or `nil` if it did not.
  var failure: ProbeFailure?
  /// How much of the expected answer arrived, or `nil` if that is unknown.
  var progress: PDUProgress?
  /// The part of the limit for connecting that the address had, in milliseconds.
  var patience: UInt32?
  /// How long the failed phase took, in microseconds; 0 if none failed.
  var lost: UInt64 = 0

  /// How long the whole attempt took, in microseconds.
  var duration: UInt64 { times.values.reduce(lost, +) }

  /// How long connecting took, whether it failed or not, in microseconds.
  var timeToConnect: UInt64 { times[.connect] ?? lost }
}

/// How long a probe took, in microseconds.
struct ProbeTimes {
  /// The time of each completed phase.
  let phases: [ProbePhase: UInt64]
  /// The time of all phases and addresses, including those that failed.
  let total: UInt64

  /// The time of each completed phase in order, and what the others took, each with its name.
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
