import Linux

/// The line on a terminal that tells how far a probe of several targets is, if it takes long enough to wonder. It goes
/// to standard error, and is erased before anything else is printed.
struct ProbeProgress {
  /// How long to wait before the first line, in milliseconds.
  private static let delay: UInt32 = 1000
  /// Begins the line again, and removes what was there.
  private static let eraser = "\r\u{1B}[K"

  private let count: Int
  private let start: Instant
  private let isPossible: Bool
  private var shown = ""

  /// The progress of `count` targets, of which nothing is shown if `isQuiet`, or without a terminal.
  init(of count: Int, isQuiet: Bool) {
    self.count = count
    start = Instant.now + Self.delay
    isPossible = count > 1 && !isQuiet && StandardStream.error.isTerminal
  }

  /// Shows how many targets are done, and how many have a problem.
  mutating func show(_ counts: (done: Int, troubled: Int)) {
    guard isPossible, start < Instant.now else { return }
    let problems = counts.troubled > 0 ? ", \(counts.troubled) with a problem" : ""
    let text = "probing: \(counts.done) of \(count) done\(problems)"
    if text == shown { return }
    StandardStream.error.write(Self.eraser + text)
    shown = text
  }

  /// Removes the line.
  mutating func erase() {
    if shown.isEmpty { return }
    StandardStream.error.write(Self.eraser)
    shown = ""
  }
}
