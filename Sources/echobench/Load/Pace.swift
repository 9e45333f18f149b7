/// When operations are due that begin at a fixed rate, whether the SCP keeps up or not.
///
/// Who waits for an answer before it asks again also waits while the SCP stands still, and sees
/// one slow answer where there would have been many. Here each operation has its moment, and its
/// latency counts from then.
struct Pace {
  /// How late an operation may begin before that is held against the SCP: the poller's timer is as
  /// coarse as this, and is ours.
  static let coarseness = 2 * Clock.millisecond

  /// How many operations there are a second.
  private let rate: UInt64
  private var began: UInt64?
  private var count: UInt64 = 0

  /// A pace of so many operations a second.
  init(rate: Int) { self.rate = UInt64(rate) }

  /// When the next operation is due, which is then somebody's; the first one is at once.
  mutating func next(at now: UInt64) -> UInt64 {
    let began = self.began ?? now
    self.began = began
    // In two parts, so that a day at a high rate does not overflow.
    let due = began + count / rate * Clock.second + count % rate * Clock.second / rate
    count += 1
    return due
  }

  /// From when on the latency of an operation counts that was due then and begins now.
  static func start(due: UInt64, now: UInt64) -> UInt64 {
    now > due + coarseness ? due : now
  }
}
