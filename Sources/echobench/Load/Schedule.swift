/// What is due when: the phases of a run, and how many operations may still begin.
struct Schedule {
  /// The phases of a run.
  enum Phase {
    /// The associations that stay are made.
    case opening
    /// Operations are not counted yet.
    case warmingUp
    /// Operations are counted.
    case measuring
    /// Associations do nothing.
    case holding
    /// Those that were held are asked once more.
    case closing
    /// Nothing new begins, and what is left undone is no error.
    case ending
  }

  /// How long at most is waited at the end for what is left, in nanoseconds.
  private static let patience = 3 * Clock.second

  private let options: Options
  private let began: UInt64
  /// The present phase.
  private(set) var phase: Phase
  /// When it ends by itself.
  private(set) var phaseEnds = Clock.never
  private var budget: Int
  private var measuredFrom: UInt64?
  private var measuredTo: UInt64?

  /// The schedule of a run that begins at `now`.
  init(_ options: Options, now: UInt64) {
    self.options = options
    began = now
    measuredFrom = options.mode == .idle ? now : nil
    budget = options.count ?? .max
    phase = .opening
    if options.mode == .associate || options.mode == .mixed { warmUp(at: now) }
  }

  /// Whether what happens now is counted as an operation.
  var isMeasuring: Bool {
    switch phase {
    case .opening, .holding, .closing: options.mode == .idle
    case .measuring: true
    case .warmingUp, .ending: false
    }
  }

  /// Whether something new may begin.
  var mayBegin: Bool { phase != .ending && budget > 0 }

  /// Takes as many operations as may begin, at most `count`.
  mutating func take(upTo count: Int) -> Int {
    guard phase != .ending else { return 0 }
    guard options.count != nil, phase == .measuring else { return count }
    let taken = min(count, budget)
    budget -= taken
    return taken
  }

  /// How long was measured, in seconds: where operations are counted, until the last of them.
  func seconds(at now: UInt64, _ tally: Tally) -> Double {
    guard let measuredFrom else { return 0 }
    let counted = options.count != nil && tally.latest > 0 ? tally.latest : nil
    return Double((measuredTo ?? counted ?? now) - measuredFrom) / Double(Clock.second)
  }

  /// How long the run has lasted, in seconds.
  func secondsInAll(at now: UInt64) -> Double { Double(now - began) / Double(Clock.second) }

  /// Goes on to the time that is not measured, or past it when there is none.
  mutating func warmUp(at now: UInt64) {
    phase = .warmingUp
    phaseEnds = now + Clock.nanoseconds(options.effectiveWarmUp)
    if phaseEnds == now { measure(from: now) }
  }

  /// Goes on to what is measured.
  mutating func measure(from now: UInt64) {
    phase = .measuring
    measuredFrom = now
    phaseEnds = options.count == nil ? now + Clock.nanoseconds(options.duration) : Clock.never
  }

  /// Goes on to the hold.
  mutating func hold(from now: UInt64) {
    phase = .holding
    phaseEnds = options.isHeld ? Clock.never : now + Clock.nanoseconds(options.duration)
  }

  /// Goes on to what comes behind the hold.
  mutating func close() {
    phase = .closing
    phaseEnds = Clock.never
  }

  /// Nothing new begins from now on; the second time, nothing is waited for either.
  mutating func end(at now: UInt64) {
    guard phase != .ending else {
      phaseEnds = now
      return
    }
    if isMeasuring { measuredTo = now }
    phase = .ending
    phaseEnds = now + min(Clock.nanoseconds(options.timeout), Self.patience)
  }
}
