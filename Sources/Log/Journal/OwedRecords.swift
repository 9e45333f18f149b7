import Linux
import UpperLayer

/// Guarantees a record of its own for the first failure of a known peer, however fast records are made: if the
/// queue is full, the record waits here instead of being dropped.
///
/// Each pair of address and title has at most one record here, so that no peer can fill this store too.
final class OwedRecords: Sendable {
  private struct State {
    var knownPeers = KnownPeers()
    var waiting: [KnownPeers.Pair: Record] = [:]
  }

  private let state = Locked(State())
  private let devices = Locked<Devices?>(nil)

  /// Whether no record waits.
  var isEmpty: Bool { state.withLock { $0.waiting.isEmpty } }

  /// The peers that the `[device]` sections name. A bare function would be wrapped again at each access through
  /// the generic lock.
  private struct Devices: Sendable {
    let names: @Sendable (Subject) -> Bool
  }

  /// Sets the function that tells whether a `[device]` section names a peer, from the next record on.
  func know(devices names: @escaping @Sendable (Subject) -> Bool) {
    devices.withLock { $0 = Devices(names: names) }
  }

  private func isDevice(_ peer: Subject) -> Bool { devices.withLock { $0 }?.names(peer) ?? false }

  /// Keeps a record whose queue was full if it is owed to its peer. The caller must count a record not kept.
  func keep(_ record: Record) -> Bool {
    guard let subject = record.subject, record.event.recurrence == .ofPeer else { return false }
    let isDevice = isDevice(subject)
    let pair = KnownPeers.Pair(subject, subject.callingAETitle)
    return state.withLock { state in
      // An echo makes its peer known even if its record is dropped.
      state.knownPeers.meet(record)
      guard record.event.priority(in: .journal) <= .warning, state.waiting[pair] == nil,
        state.waiting.count < KnownPeers.capacity,
        state.knownPeers.standing(of: record, isDevice: isDevice) == .owed
      else { return false }
      state.waiting[pair] = record
      return true
    }
  }

  /// Removes and returns the waiting records, in the order in which they were handed over.
  func drain() -> [Record] {
    let records = state.withLock { state in
      if state.waiting.isEmpty { return [Record]() }
      defer { state.waiting = [:] }
      return Array(state.waiting.values)
    }
    return records.sorted { $0.number < $1.number }
  }

  /// The standing of the peer of `record` with the journal.
  func standing(of record: Record, _ peer: Subject) -> KnownPeers.Standing {
    let isDevice = isDevice(peer)
    return state.withLock { $0.knownPeers.standing(of: record, isDevice: isDevice) }
  }

  /// Notes the peer of `record`, if its association had an echo.
  func meet(_ record: Record) { state.withLock { $0.knownPeers.meet(record) } }

  /// Notes that `record` was written because it was owed.
  func noteTold(_ record: Record) { state.withLock { $0.knownPeers.noteTold(record) } }
}

/// The peers to whom the journal owes records: pairs of address and calling AE title that had an echo in this
/// run, or that a `[device]` section names.
///
/// A network cannot displace the peers of others: its share of the places is limited, and a newcomer beyond it
/// takes the place of a peer from the same network.
struct KnownPeers {
  /// The largest number of pairs known at once.
  static let capacity = 4096
  /// The largest number of pairs of one IPv4 address or one /48 IPv6 network.
  static let mostOfNetwork = 256
  /// The time after a reported failure in which no record of its own is owed to the same pair, in milliseconds.
  /// It limits the records owed to all pairs together to 14 per second.
  static let interval: UInt64 = 300_000

  /// The standing of a peer with the journal.
  enum Standing {
    case stranger
    case acquaintance
    /// The journal must write the record of its failure.
    case owed
  }

  /// A device, as far as the log can distinguish it from others.
  struct Pair: Hashable {
    private let address: UInt64
    /// The calling AE title, or `nil` for events before the device named one.
    private let title: AETitle?

    init(_ subject: Subject, _ title: AETitle?) {
      address = AddressKey(subject.peer).value
      self.title = title
    }
  }

  private struct Known {
    /// Whether the pair was met since its place was last considered for another pair.
    var isRecent = true
    /// The time of the last failure whose record was owed and written.
    var told: UInt64?
  }

  /// The pairs of one network, whose places are given away in turn.
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
    // A device that fails before it names a title is found by its address.
    note(subject, nil)
  }

  /// The standing of the peer of `record`, which may be about a failure or not.
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

  /// Gives the place of a pair of `network` that was not met recently to `pair`.
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

  /// The next place to give away; a pair met since its last turn is skipped once.
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
