/// When operations at a fixed rate are due, whether or not the SCP keeps up.
///
/// A client that waits for an answer before its next request also waits while the SCP stands
/// still, and sees one slow answer instead of many. Here each operation has its moment, and its
/// latency counts from then.
struct Pace {
  /// How late an operation may begin without counting against the SCP: the poller's timer, which belongs to
  /// this program, is this coarse.
  static let coarseness = 2 * Clock.millisecond

  /// The number of operations per second.
  private let rate: UInt64
  private var began: UInt64?
  private var count: UInt64 = 0

  /// Creates a pace of `rate` operations per second.
  init(rate: Int) { self.rate = UInt64(rate) }

  /// Returns when the next operation is due, and advances to the one after it; the first is due at once.
  mutating func next(at now: UInt64) -> UInt64 {
    let began = self.began ?? now
    self.began = began
    // In two parts, so that a day at a high rate does not overflow.
    let due = began + count / rate * Clock.second + count % rate * Clock.second / rate
    count += 1
    return due
  }

  /// Returns when the latency of an operation starts that was due at `due` and begins at `now`.
  static func start(due: UInt64, now: UInt64) -> UInt64 {
    now > due + coarseness ? due : now
  }
}
