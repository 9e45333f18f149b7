import Linux
import UpperLayer

/// Sees to it that the first failure of an acquaintance has a record of its own, however fast records
/// come: one that finds its queue full waits here instead of being dropped.
///
/// A pair of address and title has one record here at most, so that nobody fills this, too.
final class OwedRecords: Sendable {
  private struct State {
    var knownPeers = KnownPeers()
    var waiting: [KnownPeers.Pair: Record] = [:]
  }

  private let state = Locked(State())
  private let devices = Locked<Devices?>(nil)

  /// Whether nothing waits.
  var isEmpty: Bool { state.withLock { $0.waiting.isEmpty } }

  /// Whom the `[device]` sections name. A function alone would be wrapped once more by each access through
  /// the lock, which is generic.
  private struct Devices: Sendable {
    let names: @Sendable (Subject) -> Bool
  }

  /// Knows whom the `[device]` sections name, from the next record on.
  func know(devices names: @escaping @Sendable (Subject) -> Bool) {
    devices.withLock { $0 = Devices(names: names) }
  }

  private func isDevice(_ peer: Subject) -> Bool { devices.withLock { $0 }?.names(peer) ?? false }

  /// Keeps a record that found its queue full, if its peer is owed it; what is not kept is to be counted.
  func keep(_ record: Record) -> Bool {
    guard let subject = record.subject, record.event.recurrence == .ofPeer else { return false }
    let isDevice = isDevice(subject)
    let pair = KnownPeers.Pair(subject, subject.callingAETitle)
    return state.withLock { state in
      // An echo of which no record is left makes an acquaintance as well.
      state.knownPeers.meet(record)
      guard record.event.priority(in: .journal) <= .warning, state.waiting[pair] == nil,
        state.waiting.count < KnownPeers.capacity,
        state.knownPeers.standing(of: record, isDevice: isDevice) == .owed
      else { return false }
      state.waiting[pair] = record
      return true
    }
  }

  /// Removes what waits, in the order in which it was handed over.
  func drain() -> [Record] {
    let records = state.withLock { state in
      if state.waiting.isEmpty { return [Record]() }
      defer { state.waiting = [:] }
      return Array(state.waiting.values)
    }
    return records.sorted { $0.number < $1.number }
  }

  /// What the peer of `record` may expect of the journal.
  func standing(of record: Record, _ peer: Subject) -> KnownPeers.Standing {
    let isDevice = isDevice(peer)
    return state.withLock { $0.knownPeers.standing(of: record, isDevice: isDevice) }
  }

  /// Notes the peer of `record`, if its association had an echo.
  func meet(_ record: Record) { state.withLock { $0.knownPeers.meet(record) } }

  /// Notes that `record` was written because it was owed.
  func noteTold(_ record: Record) { state.withLock { $0.knownPeers.noteTold(record) } }
}

/// Whom the journal owes a record: the pairs of address and calling AE title that had an echo in this
/// run, and those that a `[device]` section names.
///
/// One network cannot push out those of others: it has a limited share of the places, and a newcomer
/// beyond that takes the place of one of its own.
struct KnownPeers {
  /// How many pairs are known at once.
  static let capacity = 4096
  /// How many of them one IPv4 address or IPv6 network of 48 bits has at most.
  static let mostOfNetwork = 256
  /// How long after a failure that was told the next one of the same pair is not owed a record of its
  /// own, in milliseconds: all pairs together are owed 14 records a second at most.
  static let interval: UInt64 = 300_000

  /// What a peer may expect of the journal.
  enum Standing {
    case stranger
    case acquaintance
    /// The record of its failure is written in any case.
    case owed
  }

  /// A device, as far as the log can tell it from others.
  struct Pair: Hashable {
    private let address: UInt64
    /// nil for what it did before it named a title.
    private let title: AETitle?

    init(_ subject: Subject, _ title: AETitle?) {
      address = AddressKey(subject.peer).value
      self.title = title
    }
  }

  private struct Known {
    /// Whether it was met since its place was looked at to be given away.
    var isRecent = true
    /// When a failure of it was told that it was owed.
    var told: UInt64?
  }

  /// The pairs of one network, in places that are given away in turn.
  private struct Places {
    var pairs: [Pair] = []
    var next = 0
  }

  private var known: [Pair: Known] = [:]
  private var networks: [Network: Places] = [:]

  /// Notes the peer of `record`, if its association had an echo.
  mutating func meet(_ record: Record) {
    guard record.event.endsAnAssociation, let subject = record.subject, subject.echoes > 0 else {
      return
    }
    note(subject, subject.callingAETitle)
    // What fails before it says its title is found by its address.
    note(subject, nil)
  }

  /// What the peer of `record` may expect, with a failure or without.
  ///
  /// - Parameter isDevice: Whether a `[device]` section names it.
  mutating func standing(of record: Record, isDevice: Bool) -> Standing {
    guard let subject = record.subject else { return .stranger }
    let pair = Pair(subject, subject.callingAETitle)
    if known[pair] == nil {
      guard isDevice else { return .stranger }
      note(subject, subject.callingAETitle)
    }
    guard record.event.priority(in: .journal) <= .warning else { return .acquaintance }
    guard let told = known[pair]?.told else { return .owed }
    return record.time >= told + Self.interval ? .owed : .acquaintance
  }

  /// Notes that `record` was written because it was owed.
  mutating func noteTold(_ record: Record) {
    guard let subject = record.subject else { return }
    let pair = Pair(subject, subject.callingAETitle)
    known[pair]?.told = record.time
  }

  private mutating func note(_ subject: Subject, _ title: AETitle?) {
    let pair = Pair(subject, title)
    if let index = known.index(forKey: pair) {
      known.values[index].isRecent = true
      return
    }
    let network = Network(subject.peer)
    let count = networks[network]?.pairs.count ?? 0
    if count == Self.mostOfNetwork {
      return replaceOne(of: network, by: pair)
    }
    if known.count >= Self.capacity,
      let largest = networks.max(by: { $0.1.pairs.count < $1.1.pairs.count })
    {
      removeOne(of: largest.key)
    }
    known[pair] = Known()
    networks[network, default: Places()].pairs.append(pair)
  }

  /// Gives the place of a pair of `network` that was not met lately to `pair`.
  private mutating func replaceOne(of network: Network, by pair: Pair) {
    guard let place = placeToGiveAway(of: network) else { return }
    let old = networks[network]?.pairs[place]
    if let old { known[old] = nil }
    networks[network]?.pairs[place] = pair
    known[pair] = Known()
  }

  private mutating func removeOne(of network: Network) {
    guard let place = placeToGiveAway(of: network),
      var places = networks.removeValue(forKey: network)
    else { return }
    known[places.pairs[place]] = nil
    places.pairs.swapAt(place, places.pairs.count - 1)
    places.pairs.removeLast()
    places.next = 0
    if !places.pairs.isEmpty { networks[network] = places }
  }

  /// The next place in turn; a pair that was met since its last turn keeps its own once.
  private mutating func placeToGiveAway(of network: Network) -> Int? {
    guard let places = networks[network] else { return nil }
    var next = places.next
    for _ in places.pairs.indices {
      let pair = places.pairs[next % places.pairs.count]
      guard known[pair]?.isRecent == true else { break }
      known[pair]?.isRecent = false
      next += 1
    }
    let place = next % places.pairs.count
    networks[network]?.next = place + 1
    return place
  }
}
