/// How long each phase of a probe took, in microseconds.
public struct ProbeTimes: Equatable, Sendable {
  private var times: [ProbePhase: UInt64] = [:]

  /// What went to phases and addresses that failed.
  public var lost: UInt64 = 0

  /// Nothing took any time yet.
  public init() {}

  /// The time of a phase; nothing when it was not completed.
  public subscript(phase: ProbePhase) -> UInt64? {
    get { times[phase] }
    set { times[phase] = newValue }
  }

  /// Those that were completed, in their order, and what went to others, each with its name.
  var all: [(name: String, time: UInt64)] {
    let completed = ProbePhase.allCases.compactMap { phase in
      times[phase].map { (phase.rawValue, $0) }
    }
    return lost == 0 ? completed : completed + [("lost", lost)]
  }

  /// All of them together.
  public var total: UInt64 { times.values.reduce(lost, +) }

  /// A time in milliseconds.
  static func milliseconds(_ time: UInt64) -> String {
    let decimals = String(time % 1000 + 1000).dropFirst()
    return "\(time / 1000).\(decimals)"
  }
}
