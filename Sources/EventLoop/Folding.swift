import Journal
import UpperLayer

/// Folds warnings that repeat: a device that fails again and again is told about at once, and then
/// once a minute with a count, as long as it goes on. Nothing is lost from the totals.
struct Folding {
  /// How long warnings are counted before they are told, in milliseconds.
  static let interval: UInt64 = 60_000
  /// How many kinds of them are counted at once; what is beyond is not folded.
  static let capacity = 1024

  /// Warnings that are the same for who reads them: one cause at one address, under one AE title.
  private struct Kind: Hashable {
    let network: UInt64
    let host: UInt64
    let calling: AETitle?
    let messageID: MessageID

    /// The kind of `record`; nothing when it is to stand for itself.
    init?(_ record: Record) {
      guard record.event.priority(in: .journal) == .warning, let subject = record.subject else {
        return nil
      }
      // It has a count of its own, and is no more frequent than that.
      if case .connectionsEvicted = record.event { return nil }
      (network, host) = subject.peer.halves
      calling = subject.callingAETitle
      messageID = record.event.messageID
    }
  }

  private struct Repetitions {
    /// The last of them.
    var record: Record
    var count = 0
    /// Since when they are counted, in milliseconds of the monotonic clock.
    var since: UInt64
  }

  private var kinds: [Kind: Repetitions] = [:]
  /// When something is to be told or forgotten, in milliseconds of the monotonic clock; nothing while
  /// there is nothing.
  private(set) var next: UInt64?

  /// Takes `record` if it only repeats one that was told.
  ///
  /// - Returns: whether it did.
  mutating func takes(_ record: Record) -> Bool {
    guard let kind = Kind(record) else { return false }
    if let index = kinds.index(forKey: kind) {
      kinds.values[index].record = record
      kinds.values[index].count += 1
      return true
    }
    if kinds.count == Self.capacity { return false }
    kinds[kind] = Repetitions(record: record, since: record.time)
    next = min(next ?? .max, record.time + Self.interval)
    return false
  }

  /// What has been counted for long enough at `now`, or all of it at the end of the program.
  mutating func takeDue(at now: UInt64, isLast: Bool) -> [(Record, Remark)] {
    guard let next, next <= now || isLast else { return [] }
    var due: [(Record, Remark)] = []
    var soonest: UInt64?
    for (kind, repetitions) in kinds {
      var since = repetitions.since
      if since + Self.interval <= now || isLast {
        if repetitions.count == 0 {
          kinds[kind] = nil
          continue
        }
        var remark = Remark()
        remark.repetitions = repetitions.count
        remark.seconds = (now - min(since, now) + 500) / 1000
        due.append((repetitions.record, remark))
        since = now
        kinds[kind] = Repetitions(record: repetitions.record, since: since)
      }
      soonest = min(soonest ?? .max, since + Self.interval)
    }
    self.next = soonest
    return due.sorted { $0.0.number < $1.0.number }
  }
}
