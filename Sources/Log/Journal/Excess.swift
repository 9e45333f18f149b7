import Linux

/// Counts the records that exceed the budget and reports them by cause once a minute, so that the sums are
/// exact in any flood.
struct Excess {
  /// The time over which records are counted before they are reported, in milliseconds.
  static let interval: UInt64 = 60_000
  /// The number of addresses counted individually for each cause.
  static let addresses = 1024
  /// The number of addresses named in the report: those with the most records.
  static let named = 3

  private struct Sum {
    var priority: Priority
    var count: UInt64 = 0
    var echoes: UInt64 = 0
    var peers: [UInt64: (peer: NetworkAddress, count: UInt64)] = [:]
    /// The number of addresses, or a lower bound.
    var addresses = 0
    /// Whether there may be more addresses.
    var hasMore = false
    let since: UInt64

    mutating func add(_ peer: NetworkAddress, _ more: UInt64) {
      let key = AddressKey(peer).value
      if let index = peers.index(forKey: key) {
        peers.values[index].count += more
        return
      }
      if peers.count == Excess.addresses {
        hasMore = true
        // Addresses with few records make room; this lowers all counts a little.
        peers = peers.filter { $0.value.count > more }
          .mapValues { (peer: $0.peer, count: $0.count - more) }
        if peers.count == Excess.addresses { return }
      }
      peers[key] = (peer, more)
      addresses = max(addresses, peers.count)
    }

    func remark(at now: UInt64) -> Remark {
      var remark = Remark(of: count, echoes: echoes, since: since, until: now, in: .cause)
      remark.addresses = addresses
      remark.hasMoreAddresses = hasMore
      remark.largest = peers.values.sorted { $0.count > $1.count }.prefix(Excess.named)
        .map { Remark.Share(address: $0.peer.address, count: $0.count) }
      return remark
    }
  }

  private var sums: [CatalogID: Sum] = [:]

  /// The time of the next report, in milliseconds of the monotonic clock, or `nil` if nothing is counted.
  private(set) var next: UInt64?

  /// Counts the records that `record`, made at `now`, stands for.
  mutating func add(_ record: Record, _ remark: Remark = Remark(), at now: UInt64) {
    let event = record.event
    let count = remark.count(of: event)
    var sum = removeSum(event.catalogID, event.priority(in: .journal), at: now)
    sum.count += count
    sum.echoes += remark.echoes ?? UInt64(record.subject?.echoes ?? 0)
    if let subject = record.subject { sum.add(subject.peer, count) }
    sums[event.catalogID] = sum
  }

  /// Counts `count` records whose peers are unknown.
  mutating func add(_ count: UInt64, of catalogID: CatalogID, _ priority: Priority, at now: UInt64)
  {
    var sum = removeSum(catalogID, priority, at: now)
    sum.count += count
    sum.hasMore = true
    sums[catalogID] = sum
  }

  private mutating func removeSum(
    _ catalogID: CatalogID, _ priority: Priority, at now: UInt64
  ) -> Sum {
    guard var sum = sums.removeValue(forKey: catalogID) else {
      next = next ?? now + Self.interval
      return Sum(priority: priority, since: now)
    }
    sum.priority = min(sum.priority, priority)
    return sum
  }

  /// Removes and returns the sums that are due at `now`, or all of them at the end of the program.
  mutating func removeDue(at now: UInt64, isLast: Bool) -> [(Record, Remark)] {
    guard let next, next <= now || isLast else { return [] }
    let due = sums.filter { isLast || $0.value.since + Self.interval <= now }
    for catalogID in due.keys { sums[catalogID] = nil }
    self.next = sums.values.map { $0.since + Self.interval }.min()
    return due.sorted { $0.value.since < $1.value.since }.map { catalogID, sum in
      var record = Record(.recordsSummed(catalogID, sum.priority), about: nil)
      record.time = now
      return (record, sum.remark(at: now))
    }
  }
}
