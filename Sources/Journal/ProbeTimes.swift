/// How long each phase of a probe took, in microseconds.
public struct ProbeTimes: Equatable, Sendable {
  private var times: [ProbePhase: UInt64] = [:]

  /// Nothing took any time yet.
  public init() {}

  /// The time of a phase; nothing when it was not completed.
  public subscript(phase: ProbePhase) -> UInt64? {
    get { times[phase] }
    set { times[phase] = newValue }
  }

  /// Those that were completed, in their order.
  var all: [(phase: ProbePhase, time: UInt64)] {
    ProbePhase.allCases.compactMap { phase in times[phase].map { (phase, $0) } }
  }

  /// All of them together.
  public var total: UInt64 { times.values.reduce(0, +) }

  /// A time in milliseconds.
  static func milliseconds(_ time: UInt64) -> String {
    let decimals = String(time % 1000 + 1000).dropFirst()
    return "\(time / 1000).\(decimals)"
  }
}
