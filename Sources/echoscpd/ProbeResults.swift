import Linux
import Probe

/// What the probes of a call have found so far, and the lines about it that are to be printed: those of a single
/// target and of JSON at once, those of several targets at the end. Any thread may add results.
final class ProbeResults: Sendable {
  /// The form of the lines.
  enum Form {
    case text
    case json
    case none
  }

  private struct State {
    var summaries: [ProbeSummary]
    var lines: [String] = []
    /// The number of targets that have no probe left.
    var done = 0
    /// Whether a line has told what the only target is.
    var isPeerShown = false
  }

  private let form: Form
  private let isSingle: Bool
  private let state: Locked<State>

  /// No results yet of this many targets.
  init(_ count: Int, form: Form) {
    self.form = form
    isSingle = count == 1
    state = Locked(State(summaries: Array(repeating: ProbeSummary(), count: count)))
  }

  /// Adds the result of the probe with this number, which may be the last one, of the target at `index`.
  func add(_ result: ProbeResult, number: Int, of index: Int, isLast: Bool) {
    state.withLock { state in
      state.summaries[index].add(result)
      if isLast { state.done += 1 }
      switch form {
      case .none: break
      case .json: state.lines.append(result.json(number: number))
      case .text where isSingle:
        let lines = result.lines(state.isPeerShown ? .withoutPeer : .full)
        // The performance data of several probes is in their summary.
        let isOnly = number == 1 && isLast
        state.lines += PluginLine.adding(data: isOnly ? result.performanceData : "", to: lines)
        state.isPeerShown = state.isPeerShown || result.isOK
      case .text: break
      }
    }
  }

  /// Adds the lines that need all results.
  func finish() {
    guard form == .text else { return }
    state.withLock { state in
      if !isSingle {
        state.lines += ProbeOverview(state.summaries).lines
      } else if let summary = state.summaries.first, summary.count > 1 {
        state.lines += PluginLine.adding(data: summary.performanceData, to: [summary.line])
      }
    }
  }

  /// Whether there are lines to print.
  var hasLines: Bool { state.withLock { !$0.lines.isEmpty } }

  /// Returns the lines to print, and forgets them.
  func takeLines() -> [String] {
    state.withLock { state in
      defer { state.lines = [] }
      return state.lines
    }
  }

  /// The worst status so far.
  var status: ProbeStatus {
    state.withLock { $0.summaries.map(\.status).max() ?? .ok }
  }

  /// The number of targets that have no probe left, and of those with a problem so far.
  var counts: (done: Int, troubled: Int) {
    state.withLock { state in (state.done, state.summaries.count { $0.status != .ok }) }
  }
}
