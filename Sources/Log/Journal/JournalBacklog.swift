public import Systemd

/// Entries on their way to the journal, which may be slow, or away for a while: kept in their order, up to
/// a size, and counted where they are lost.
public struct JournalBacklog {
  /// How much is kept of entries for which the journal has no room, in bytes.
  static let capacity = 8 << 20
  /// How much of that is for knownPeers alone, in bytes.
  static let reserve = capacity / 4
  /// How long entries are kept while there is no journal, in milliseconds: it may be restarting.
  static let patience: UInt64 = 10_000

  /// How much is sent by one call, in bytes and in entries.
  private static let batch = (bytes: 64 << 10, entries: 64)
  /// How long to wait at first before the journal is tried again, and at most when it has no room, or is not
  /// there, in milliseconds: each time twice as long.
  private static let pause: (first: UInt64, busy: UInt64, missing: UInt64) = (2, 64, 1000)

  /// Sends entries in the journal's native protocol, one behind the other, without waiting.
  ///
  /// - Parameters:
  ///   - start: Where the first of them begins.
  ///   - ends: Where each of them ends.
  public typealias Send =
    @Sendable (_ entries: [UInt8], _ start: Int, _ ends: Span<Int>) -> JournalSocket.Delivery

  /// How many records were lost, by the reason.
  struct Losses: Equatable {
    var slow: UInt64 = 0
    var missing: UInt64 = 0
    var refused: UInt64 = 0
  }

  private struct Batch {
    var entries: [UInt8] = []
    var ends: [Int] = []
    /// How many records each of them stands for.
    var weights: [UInt64] = []
    /// How many of them are gone.
    var done = 0
    /// When it was begun, in milliseconds of the monotonic clock.
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
  /// How much the entries take that are not sent yet, in bytes.
  private(set) var size = 0
  private var waiting: UInt64?
  private var nextTry: UInt64 = 0
  private var isMissing = false
  /// What was lost since that was last told.
  private var losses = Losses()

  init(send: @escaping Send) { self.send = send }

  /// Whether everything was sent, or lost.
  var isEmpty: Bool { batches.isEmpty }

  /// Whether the journal is known to take what comes.
  var isFlowing: Bool { batches.isEmpty && waiting == nil }

  /// When to try again, in milliseconds of the monotonic clock; nil when nothing waits.
  var next: UInt64? { batches.isEmpty ? nil : nextTry }

  /// Whether one more entry may be appended.
  func hasRoom(isAcquaintance: Bool) -> Bool {
    size < (isAcquaintance ? Self.capacity : Self.capacity - Self.reserve)
  }

  /// Counts records that were lost since there is no room.
  mutating func lose(_ weight: UInt64) {
    if isMissing { losses.missing += weight } else { losses.slow += weight }
  }

  /// Appends an entry that stands for `weight` records, and sends when there is enough for one call.
  ///
  /// - Returns: its size in bytes.
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

  /// Sends what the journal takes, unless it was just tried.
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

  /// Gives up what has waited for a journal for too long.
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

  /// The losses, to be told now.
  mutating func drainLosses() -> Losses {
    defer { losses = Losses() }
    return losses
  }
}
