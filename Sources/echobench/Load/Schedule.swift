/// The schedule of a run: its phases, and how many operations may still begin.
struct Schedule {
  /// The phases of a run.
  enum Phase {
    /// Lasting associations are opened.
    case opening
    /// Operations are not counted yet.
    case warmingUp
    /// Operations are counted.
    case measuring
    /// Associations are held without doing anything.
    case holding
    /// Each held association gets another echo.
    case closing
    /// Nothing new begins, and unfinished operations are not errors.
    case ending
  }

  /// The longest wait for unfinished operations at the end, in nanoseconds.
  private static let patience = 3 * Clock.second

  private let options: Options
  private let began: UInt64
  /// The present phase.
  private(set) var phase: Phase
  /// When the phase ends unless something else ends it.
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

  /// Whether operations are counted now.
  var isMeasuring: Bool {
    switch phase {
    case .opening, .holding, .closing: options.mode == .idle
    case .measuring: true
    case .warmingUp, .ending: false
    }
  }

  /// Whether something new may begin.
  var mayBegin: Bool { phase != .ending && budget > 0 }

  /// Takes as many operations as may begin, at most `count`, and returns their number.
  mutating func take(upTo count: Int) -> Int {
    guard phase != .ending else { return 0 }
    guard options.count != nil, phase == .measuring else { return count }
    let taken = min(count, budget)
    budget -= taken
    return taken
  }

  /// Returns how long was measured, in seconds: up to the last operation if operations are counted.
  func seconds(at now: UInt64, _ tally: Tally) -> Double {
    guard let measuredFrom else { return 0 }
    let counted = options.count != nil && tally.latest > 0 ? tally.latest : nil
    return Double((measuredTo ?? counted ?? now) - measuredFrom) / Double(Clock.second)
  }

  /// Returns how long the run has lasted, in seconds.
  func secondsInAll(at now: UInt64) -> Double { Double(now - began) / Double(Clock.second) }

  /// Starts the warm-up, or skips it if there is none.
  mutating func warmUp(at now: UInt64) {
    phase = .warmingUp
    phaseEnds = now + Clock.nanoseconds(options.effectiveWarmUp)
    if phaseEnds == now { measure(from: now) }
  }

  /// Starts measuring.
  mutating func measure(from now: UInt64) {
    phase = .measuring
    measuredFrom = now
    phaseEnds = options.count == nil ? now + Clock.nanoseconds(options.duration) : Clock.never
  }

  /// Starts the hold.
  mutating func hold(from now: UInt64) {
    phase = .holding
    phaseEnds = options.isHeld ? Clock.never : now + Clock.nanoseconds(options.duration)
  }

  /// Starts the phase after the hold.
  mutating func close() {
    phase = .closing
    phaseEnds = Clock.never
  }

  /// Begins nothing new from now on; a second call also stops waiting for unfinished operations.
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
