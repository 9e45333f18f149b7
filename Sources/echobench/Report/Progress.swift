import Linux

/// The progress line on a terminal, updated about once a second.
struct Progress {
  private let isShown: Bool
  private var latest: UInt64
  private var latestOperations = 0
  private var isThere = false
  /// When the line is due again.
  private(set) var next: UInt64

  /// Creates a line that is shown or not.
  init(isShown: Bool, now: UInt64) {
    self.isShown = isShown
    latest = now
    next = isShown ? now + Clock.second : Clock.never
  }

  /// Shows the line if it is due.
  mutating func show(_ tally: Tally, _ seconds: Double, now: UInt64) {
    guard now >= next else { return }
    let passed = Double(now - latest) / Double(Clock.second)
    let rate = Double(tally.operationsInAll - latestOperations) / passed
    latest = now
    latestOperations = tally.operationsInAll
    next = now + Clock.second
    isThere = true
    let errors = tally.errorTotal
    StandardStream.error.write(
      "\r\(Format.decimal(seconds, 0)) s  \(Format.decimal(rate, 0)) operations/s"
        + "  \(errors) \(errors == 1 ? "error" : "errors")\u{1B}[K")
  }

  /// Erases the line.
  mutating func erase() {
    if isThere { StandardStream.error.write("\r\u{1B}[K") }
    isThere = false
  }
}
