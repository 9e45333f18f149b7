public import Systemd

/// Entries on their way to the journal, which may be slow or temporarily missing: kept in order up to a size
/// limit, and counted when they are lost.
public struct JournalBacklog {
  /// The total size of the entries kept while the journal has no room, in bytes.
  static let capacity = 8 << 20
  /// The part of the capacity reserved for known peers, in bytes.
  static let reserve = capacity / 4
  /// The time for which entries are kept while there is no journal, in milliseconds: it may be restarting.
  static let patience: UInt64 = 10_000

  /// The most that is sent by one call, in bytes and in entries.
  private static let batch = (bytes: 64 << 10, entries: 64)
  /// The pause before the journal is tried again, in milliseconds: the first one, and the limits to which it
  /// doubles while the journal has no room or is missing.
  private static let pause: (first: UInt64, busy: UInt64, missing: UInt64) = (2, 64, 1000)

  /// Sends consecutive entries in the journal's native protocol, without waiting.
  ///
  /// - Parameters:
  ///   - start: The start of the first entry.
  ///   - ends: The end of each entry.
  public typealias Send =
    @Sendable (_ entries: [UInt8], _ start: Int, _ ends: Span<Int>) -> JournalSocket.Delivery

  /// The number of lost records, by reason.
  struct Losses: Equatable {
    var slow: UInt64 = 0
    var missing: UInt64 = 0
    var refused: UInt64 = 0
  }

  private struct Batch {
    var entries: [UInt8] = []
    var ends: [Int] = []
    /// The number of records that each entry stands for.
    var weights: [UInt64] = []
    /// The number of entries already sent or lost.
    var done = 0
    /// The time of the first entry, in milliseconds of the monotonic clock.
    let since: UInt64

    var start: Int { done == 0 ? 0 : ends[done - 1] }
    var isDone: Bool { done == ends.count }
    var isFull: Bool {
      entries.count >= JournalBacklog.batch.bytes || ends.count == JournalBacklog.batch.entries
    }
    var weightLeft: UInt64 { weights[done...].reduce(0, +) }
  }

  private let send: Send
  private var batches: [Batch] = []
  /// The total size of the entries not sent yet, in bytes.
  private(set) var size = 0
  private var waiting: UInt64?
  private var nextTry: UInt64 = 0
  private var isMissing = false
  /// The losses since the last report.
  private var losses = Losses()

  init(send: @escaping Send) { self.send = send }

  /// Whether every entry was sent or lost.
  var isEmpty: Bool { batches.isEmpty }

  /// Whether the journal accepts entries, as far as is known.
  var isFlowing: Bool { batches.isEmpty && waiting == nil }

  /// The time of the next attempt, in milliseconds of the monotonic clock, or `nil` if nothing waits.
  var next: UInt64? { batches.isEmpty ? nil : nextTry }

  /// Whether another entry may be appended.
  func hasRoom(isAcquaintance: Bool) -> Bool {
    size < (isAcquaintance ? Self.capacity : Self.capacity - Self.reserve)
  }

  /// Counts `weight` records as lost for lack of room.
  mutating func lose(_ weight: UInt64) {
    if isMissing { losses.missing += weight } else { losses.slow += weight }
  }

  /// Appends an entry that stands for `weight` records, and sends the entries once there are enough for one call.
  ///
  /// - Returns: The size of the entry in bytes.
  mutating func append(weight: UInt64, at now: UInt64, _ render: (inout [UInt8]) -> Void) -> Int {
    if batches.last?.isFull != false { batches.append(Batch(since: now)) }
    let last = batches.count - 1
    let before = batches[last].entries.count
    render(&batches[last].entries)
    let after = batches[last].entries.count
    batches[last].ends.append(after)
    batches[last].weights.append(weight)
    size += after - before
    if batches[last].isFull { flush(at: now) }
    return after - before
  }

  /// Sends entries until the journal takes no more, unless a pause is still running.
  mutating func flush(at now: UInt64) {
    guard waiting == nil || now >= nextTry else { return }
    while let batch = batches.first {
      switch send(batch.entries, batch.start, batch.ends.span.extracting(droppingFirst: batch.done))
      {
      case .taken(let count): advance(by: count)
      case .refused:
        losses.refused += batch.weights[batch.done]
        advance(by: 1)
      case .busy: return pause(atMost: Self.pause.busy, at: now)
      case .missing:
        isMissing = true
        dropOld(at: now)
        return pause(atMost: Self.pause.missing, at: now)
      }
      (waiting, isMissing) = (nil, false)
    }
  }

  private mutating func pause(atMost most: UInt64, at now: UInt64) {
    let pause = min(waiting.map { 2 * $0 } ?? Self.pause.first, most)
    waiting = pause
    nextTry = now + pause
  }

  /// Drops entries that have waited too long for a journal.
  private mutating func dropOld(at now: UInt64) {
    while let batch = batches.first, batch.since + Self.patience <= now {
      losses.missing += batch.weightLeft
      size -= batch.entries.count - batch.start
      batches.removeFirst()
    }
  }

  private mutating func advance(by count: Int) {
    let start = batches[0].start
    batches[0].done += count
    size -= batches[0].start - start
    if batches[0].isDone { batches.removeFirst() }
  }

  /// Returns the losses since the last call.
  mutating func drainLosses() -> Losses {
    defer { losses = Losses() }
    return losses
  }
}
