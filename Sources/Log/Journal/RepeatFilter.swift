import Linux
import UpperLayer

/// Folds what repeats: a device that fails again and again is told about at once, and then once a
/// minute with a count, as long as it goes on. Nothing is lost from the totals.
///
/// Records are the same for a reader that have one cause at one address, under one calling AE title. A
/// peer chooses its title: when an address has too many of these kinds, what is beyond is one kind with
/// all titles of the address.
struct RepeatFilter {
  /// How many kinds are counted at once.
  static let capacity = 4096
  /// How many of them one address may have under titles of their own.
  static let mostOfAddress = 32
  /// How many successes of one kind are told one by one in a minute.
  static let successes = 10
  /// For how long repetitions are counted before they are told, in milliseconds.
  static let interval: UInt64 = 60_000
  /// The same for health checks, which a monitoring system or a balancer makes all day long.
  static let healthCheckInterval: UInt64 = 3_600_000

  /// What becomes of a record.
  enum Outcome {
    /// It is told, as the first one of its kind or as one that stands for itself.
    case told
    /// It is counted, and told with the others of its kind.
    case folded
    /// There are too many kinds to count it as one more.
    case beyond
  }

  private struct Key: Hashable {
    /// nil when it is about the service.
    let address: UInt64?
    var scope = Remark.Scope.title
    var calling: AETitle?
    let catalogID: CatalogID
    let priority: Priority

    init(_ record: Record) {
      let subject = record.event.recurrence == .ofPeer ? record.subject : nil
      address = subject.map { AddressKey($0.peer).value }
      calling = subject?.callingAETitle
      catalogID = record.event.catalogID
      priority = record.event.priority(in: .journal)
    }

    /// The same with all titles of the address.
    var widened: Key {
      var key = self
      key.scope = .address
      key.calling = nil
      return key
    }
  }

  private struct Repetitions {
    /// How many are told one by one.
    let most: Int
    let interval: UInt64
    /// The last of them.
    var record: Record
    /// How many were told since `since`.
    var told = 1
    var count: UInt64 = 0
    var echoes: UInt64 = 0
    /// Since when they are counted, in milliseconds of the monotonic clock.
    var since: UInt64

    /// The first one of its kind; nil when each of them stands for itself.
    init?(_ first: Record) {
      record = first
      since = first.time
      let isHealthCheck = first.event.catalogID == .healthCheck
      interval = isHealthCheck ? RepeatFilter.healthCheckInterval : RepeatFilter.interval
      switch first.event.priority(in: .journal) {
      case .critical, .error, .warning: most = 1
      case .info:
        most = isHealthCheck || first.event.recurrence == .ofAllPeers ? 1 : RepeatFilter.successes
      case .debug: return nil
      }
    }

    /// Counts one more.
    mutating func add(_ next: Record) -> Outcome {
      if told < most {
        told += 1
        return .told
      }
      record = next
      count += next.event.occurrences
      echoes += UInt64(next.subject?.echoes ?? 0)
      return .folded
    }

    /// Concludes what was counted until `now`, as one record, and starts the next count.
    mutating func conclude(at now: UInt64, scope: Remark.Scope) -> (Record, Remark) {
      let remark = Remark(of: count, echoes: echoes, since: since, until: now, in: scope)
      let told = record.standing(for: count)
      (count, echoes, since) = (0, 0, now)
      // Successes are told one by one again, failures only when they have ceased for as long.
      if most > 1 { self.told = 0 }
      return (told, remark)
    }
  }

  private var kinds: [Key: Repetitions] = [:]
  /// How many kinds each address has under titles of their own.
  private var kindsOfAddress: [UInt64: Int] = [:]
  /// When something is to be told or forgotten, in milliseconds of the monotonic clock; nil while there
  /// is nothing.
  private(set) var next: UInt64?

  /// What becomes of `record`.
  ///
  /// - Parameter isOwed: Whether it is told in any case, unless it repeats one of just its kind.
  mutating func add(_ record: Record, isOwed: Bool) -> Outcome {
    guard record.event.recurrence != .ofService, let kind = Repetitions(record) else {
      return .told
    }
    let key = Key(record)
    if let index = kinds.index(forKey: key) { return kinds.values[index].add(record) }
    if hasRoom(for: key) {
      begin(key, kind)
      return .told
    }
    if isOwed { return .told }
    let wider = key.widened
    if let index = kinds.index(forKey: wider) { return kinds.values[index].add(record) }
    guard kinds.count < Self.capacity else { return .beyond }
    begin(wider, kind)
    return .told
  }

  private func hasRoom(for key: Key) -> Bool {
    guard let address = key.address else { return true }
    return kinds.count < Self.capacity && kindsOfAddress[address] ?? 0 < Self.mostOfAddress
  }

  private mutating func begin(_ key: Key, _ kind: Repetitions) {
    kinds[key] = kind
    next = min(next ?? .max, kind.since + kind.interval)
    if key.scope == .title, let address = key.address {
      kindsOfAddress[address, default: 0] += 1
    }
  }

  private mutating func end(_ key: Key) {
    kinds[key] = nil
    guard key.scope == .title, let address = key.address, let count = kindsOfAddress[address] else {
      return
    }
    kindsOfAddress[address] = count > 1 ? count - 1 : nil
  }

  /// What has been counted for long enough at `now`, or all of it at the end of the program.
  mutating func removeDue(at now: UInt64, isLast: Bool) -> [(Record, Remark)] {
    guard let next, next <= now || isLast else { return [] }
    var due: [(Record, Remark)] = []
    var ended: [Key] = []
    var soonest: UInt64?
    for index in kinds.indices {
      let key = kinds.keys[index]
      if kinds.values[index].since + kinds.values[index].interval <= now || isLast {
        if kinds.values[index].count == 0 {
          ended.append(key)
          continue
        }
        due.append(kinds.values[index].conclude(at: now, scope: key.scope))
      }
      soonest = min(soonest ?? .max, kinds.values[index].since + kinds.values[index].interval)
    }
    for key in ended { end(key) }
    self.next = soonest
    return due.sorted { $0.0.number < $1.0.number }
  }
}
