import Linux
import TLS
import UpperLayer

/// Folds repeated records: the first failure of a device is reported at once, as are a few more at the pace at which a
/// person presses a button, and all others once a minute with a count. Nothing is lost from the totals.
///
/// Records are of the same kind if they have the same cause, address and calling AE title, or certificate where a
/// handshake has failed. Since a peer chooses these, records of an address that already has too many kinds form one
/// kind for all its other titles and certificates.
struct RepeatFilter {
  /// The largest number of kinds counted at once.
  static let capacity = 4096
  /// The largest number of kinds with their own title or certificate for one address.
  static let mostOfAddress = 32
  /// The number of successes of one kind that are reported individually in a minute.
  static let successes = 10
  /// The number of failures of one kind that are reported individually until there is none for a minute.
  static let failures = 10
  /// The least time between two such failures, in milliseconds: someone who tries again is slower.
  static let failurePace: UInt64 = 2000
  /// The time over which repetitions are counted before they are reported, in milliseconds.
  static let interval: UInt64 = 60_000
  /// The same time for health checks, which a monitoring system or load balancer makes all day.
  static let healthCheckInterval: UInt64 = 3_600_000

  /// The largest TLS session that is kept with a count, in bytes: a peer decides how long its certificates are.
  static let largestSession = 4 << 10

  /// The fate of a record.
  enum Outcome {
    /// The record is reported, as the first of its kind or because its kind is never folded.
    case told
    /// The record is counted, and reported together with others of its kind.
    case folded
    /// There are too many kinds to add that of the record.
    case beyond
  }

  private struct Key: Hashable {
    /// The address of the peer, or `nil` if the record is not about a peer.
    let address: UInt64?
    var scope = Remark.Scope.title
    var calling: AETitle?
    /// The beginning of the hash of the certificate with which a handshake has failed.
    var certificate: UInt64?
    var catalogID: CatalogID
    var priority: Priority

    init(_ record: Record) {
      let subject = record.event.recurrence == .ofPeer ? record.subject : nil
      address = subject.map { AddressKey($0.peer).value }
      calling = subject?.callingAETitle
      if record.event.isOfHandshake, let hash = record.security?.certificate?.fingerprint {
        certificate = hash.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
      }
      catalogID = record.event.catalogID
      priority = record.event.priority(in: .journal)
    }

    /// The key of the health checks with the same title and address.
    var ofHealthChecks: Key {
      var key = self
      (key.catalogID, key.priority) = (.healthCheck, .info)
      return key
    }

    /// The key with all titles and certificates of the address.
    var widened: Key {
      var key = self
      key.scope = .address
      (key.calling, key.certificate) = (nil, nil)
      return key
    }
  }

  private struct Repetitions {
    /// The number of records that are reported individually, in an interval or, for failures, in all.
    let most: Int
    /// The least time between two records that are reported individually, in milliseconds.
    let pace: UInt64
    let interval: UInt64
    /// The last record of the kind, without a session that is too large.
    private var record: Record
    /// The number of records reported individually so far.
    var told = 1
    /// The time of the last of these, in milliseconds of the monotonic clock.
    var lastTold: UInt64
    var count: UInt64 = 0
    var echoes: UInt64 = 0
    /// The start of the count, in milliseconds of the monotonic clock.
    var since: UInt64

    /// A count that starts with the first record of its kind; `nil` if the kind is never folded.
    init?(_ first: Record) {
      record = first
      since = first.time
      lastTold = first.time
      let isHealthCheck = first.event.catalogID == .healthCheck
      interval = isHealthCheck ? RepeatFilter.healthCheckInterval : RepeatFilter.interval
      switch first.event.priority(in: .journal) {
      case .debug: return nil
      case _ where isHealthCheck || first.event.recurrence == .ofAllPeers: (most, pace) = (1, 0)
      case .critical, .error, .warning:
        (most, pace) = (RepeatFilter.failures, RepeatFilter.failurePace)
      case .info: (most, pace) = (RepeatFilter.successes, 0)
      }
      dropLargeSession()
    }

    private mutating func dropLargeSession() {
      guard let security = record.security, security.size > RepeatFilter.largestSession else {
        return
      }
      record.security = nil
    }

    /// Counts another record.
    mutating func add(_ next: Record) -> Outcome {
      if told < most, next.time >= lastTold + pace {
        told += 1
        lastTold = next.time
        return .told
      }
      record = next
      dropLargeSession()
      count += next.event.occurrences
      echoes += UInt64(next.subject?.echoes ?? 0)
      return .folded
    }

    /// Whether nothing has happened since the count began, so that a further record is the first of its kind again.
    var isOver: Bool { count == 0 && (pace == 0 || lastTold <= since) }

    /// Returns one record for those counted until `now`, and starts the next count.
    mutating func conclude(at now: UInt64, scope: Remark.Scope) -> (Record, Remark) {
      let remark = Remark(of: count, echoes: echoes, since: since, until: now, in: scope)
      let told = record.standing(for: count)
      (count, echoes, since) = (0, 0, now)
      // Successes are reported individually again, failures only after an interval without any.
      if pace == 0, most > 1 { self.told = 0 }
      return (told, remark)
    }
  }

  private var kinds: [Key: Repetitions] = [:]
  /// The number of kinds with their own title or certificate for each address.
  private var kindsOfAddress: [UInt64: Int] = [:]
  /// The time when a count is next reported or dropped, in milliseconds of the monotonic clock; `nil` if there
  /// is none.
  private(set) var next: UInt64?

  /// Counts `record`, and returns what to do with it.
  ///
  /// - Parameter isOwed: Whether the record must be reported unless it repeats one of exactly its kind.
  mutating func add(_ record: Record, isOwed: Bool) -> Outcome {
    guard record.event.recurrence != .ofService, let kind = Repetitions(record) else {
      return .told
    }
    let key = Key(record)
    // A check that passes again is reported, so that its failure does not seem to last.
    if key.priority <= .warning, let index = kinds.index(forKey: key.ofHealthChecks) {
      kinds.values[index].told = 0
    }
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

  /// Removes and returns the counts that are due at `now`, or all of them at the end of the program.
  mutating func removeDue(at now: UInt64, isLast: Bool) -> [(Record, Remark)] {
    guard let next, next <= now || isLast else { return [] }
    var due: [(Record, Remark)] = []
    var ended: [Key] = []
    var soonest: UInt64?
    for index in kinds.indices {
      let key = kinds.keys[index]
      if kinds.values[index].since + kinds.values[index].interval <= now || isLast {
        if kinds.values[index].isOver {
          ended.append(key)
          continue
        }
        if kinds.values[index].count == 0 {
          kinds.values[index].since = now
        } else {
          due.append(kinds.values[index].conclude(at: now, scope: key.scope))
        }
      }
      soonest = min(soonest ?? .max, kinds.values[index].since + kinds.values[index].interval)
    }
    for key in ended { end(key) }
    self.next = soonest
    return due.sorted { $0.0.number < $1.0.number }
  }
}
