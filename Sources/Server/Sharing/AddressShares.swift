import Linux

/// How many connections each network has over all workers, counted separately with and without an
/// association. When all places are taken, it tells at once which network has most, and whether that is more
/// than its share.
///
/// A connection costs a few steps under a rarely contended lock, an echo none.
final class AddressShares: Sendable {
  /// The kind of connection counted.
  enum Kind {
    case pending
    case association
  }

  /// Identifies where a network is counted. It stays the same while any connection is counted there, so two
  /// connections with the same ticket belong to one network.
  typealias Ticket = UInt32
  /// The ticket of a network that is not counted, for want of a place.
  static let uncounted = Ticket.max

  /// A network with more than its share, and the number of its connections.
  struct Crowd {
    let ticket: Ticket
    let network: Network
    let count: Int
  }

  private let tables: Parts<ShareTable>

  /// Shares for up to `connections` connections at once.
  init(connections: Int) throws(SystemError) {
    tables = try Parts(connections: connections) { connections throws(SystemError) in
      try ShareTable(connections: connections)
    }
  }

  /// The part that a network is in, and its hash there. Hashing uses a key of this run of the program, so an
  /// attacker cannot find colliding networks.
  private static func split(_ network: Network) -> (part: Int, hash: Int) {
    let hash = network.hashValue
    return (hash & (partCount - 1), hash >> partCount.trailingZeroBitCount)
  }

  private static let partCount = Parts<ShareTable>.count
  private func place(of ticket: Ticket) -> Int { Int(ticket) / Self.partCount }

  /// Sets the shares: a network with more connections than this has more than its share.
  func limitShares(pending: Int, associations: Int) {
    for part in 0..<Self.partCount {
      tables.with(part) { $0.limitShares(pending: pending, associations: associations) }
    }
  }

  /// Counts one more of `kind` for a network and returns its ticket.
  func enter(_ network: Network, as kind: Kind) -> Ticket {
    let (number, hash) = Self.split(network)
    let place = tables.with(number) { $0.enter(network, hash: hash, as: kind) }
    return place.map { Ticket($0 * Self.partCount + number) } ?? Self.uncounted
  }

  /// Counts one less of `old` and one more of `new`, unless that is `nil`.
  func move(_ ticket: Ticket, from old: Kind, to new: Kind?) {
    if ticket == Self.uncounted { return }
    tables.with(Int(ticket)) { $0.move(place(of: ticket), from: old, to: new) }
  }

  /// How many of `kind` are counted for the network of `ticket`.
  func count(_ ticket: Ticket, of kind: Kind) -> Int {
    if ticket == Self.uncounted { return 0 }
    return tables.with(Int(ticket)) { $0.count(place(of: ticket), of: kind) }
  }

  /// How many connections of `kind` a network has.
  func count(of network: Network, as kind: Kind) -> Int {
    let (number, hash) = Self.split(network)
    return tables.with(number) { table in
      table.find(network, hash: hash).map { table.count($0, of: kind) } ?? 0
    }
  }

  /// The networks with more than their share of `kind`, the largest first: at most as many as there are shares.
  func crowds(of kind: Kind) -> [Crowd] {
    var crowds: [Crowd] = []
    for number in 0..<Self.partCount {
      tables.with(number) { table in
        table.forEachCrowd(of: kind) { place, network, count in
          crowds.append(
            Crowd(ticket: Ticket(place * Self.partCount + number), network: network, count: count))
        }
      }
    }
    return crowds.sorted { $0.count > $1.count }
  }
}

/// A part of ``AddressShares``: a hash table of the networks that have a connection. It takes memory for
/// those only.
struct ShareTable: ~Copyable {
  struct Place: BitwiseCopyable {
    let network: Network
    var pending: UInt32
    var associations: UInt32
    /// The list that the place is in, and the next place in it, plus one; of a free place, the next free one.
    let list: UInt32
    var next: UInt32
  }

  /// The networks that have more than their share. There are at most as many as there are shares, except for
  /// a moment after a share has changed.
  private struct Crowds {
    var share = UInt32.max
    var places = InlineArray<8, UInt32>(repeating: 0)
    var count = 0

    mutating func add(_ place: Int) {
      guard count < places.count, !contains(place) else { return }
      places[count] = UInt32(place)
      count += 1
    }

    mutating func remove(_ place: Int) {
      for index in 0..<count where places[index] == UInt32(place) {
        count -= 1
        places[index] = places[count]
        return
      }
    }

    private func contains(_ place: Int) -> Bool {
      for index in 0..<count where places[index] == UInt32(place) { return true }
      return false
    }

    /// Notes that the count of a place has changed from `before` to `now`.
    mutating func note(_ place: Int, before: UInt32, now: UInt32) {
      if now > share { add(place) } else if before > share { remove(place) }
    }
  }

  private static let none = UInt32.max

  /// The first place of each list plus one, or 0; the hash of a network selects its list.
  private var lists: MappedArray<UInt32>
  private var places: MappedArray<Place>
  private var firstFree = ShareTable.none
  private var pendingCrowds = Crowds()
  private var associationCrowds = Crowds()

  /// A table for about `connections` connections at once.
  init(connections: Int) throws(SystemError) {
    var count = 64
    while count < connections { count *= 2 }
    let lists = try MappedArray<UInt32>(zeroes: count)
    let places = try MappedArray<Place>()
    self.lists = lists
    self.places = places
  }

  /// Sets the shares: a network with more connections than this has more than its share.
  mutating func limitShares(pending: Int, associations: Int) {
    pendingCrowds = Crowds()
    associationCrowds = Crowds()
    pendingCrowds.share = UInt32(clamping: pending)
    associationCrowds.share = UInt32(clamping: associations)
    for place in 0..<places.count {
      pendingCrowds.note(place, before: 0, now: places[place].pending)
      associationCrowds.note(place, before: 0, now: places[place].associations)
    }
  }

  /// Counts one more of `kind` for a network and returns its place, or `nil` if there is no memory for it.
  mutating func enter(_ network: Network, hash: Int, as kind: AddressShares.Kind) -> Int? {
    guard let place = find(network, hash: hash) ?? add(network, hash: hash) else { return nil }
    add(1, to: place, kind)
    return place
  }

  private func list(_ hash: Int) -> Int { hash & (lists.count - 1) }

  /// The place of a network, or `nil` if it has no connection.
  func find(_ network: Network, hash: Int) -> Int? {
    var next = lists[list(hash)]
    while next > 0 {
      let place = Int(next) - 1
      if places[place].network == network { return place }
      next = places[place].next
    }
    return nil
  }

  private mutating func add(_ network: Network, hash: Int) -> Int? {
    let list = list(hash)
    let new = Place(
      network: network, pending: 0, associations: 0, list: UInt32(list), next: lists[list])
    let place: Int
    if firstFree != Self.none {
      place = Int(firstFree)
      firstFree = places[place].next
      places[place] = new
    } else {
      place = places.count
      if !places.append(new) { return nil }
    }
    lists[list] = UInt32(place) + 1
    return place
  }

  private mutating func remove(_ place: Int) {
    let removed = places[place]
    let list = Int(removed.list)
    if lists[list] == UInt32(place) + 1 {
      lists[list] = removed.next
    } else {
      var other = Int(lists[list]) - 1
      while places[other].next != UInt32(place) + 1 { other = Int(places[other].next) - 1 }
      places[other].next = removed.next
    }
    places[place].next = firstFree
    firstFree = UInt32(place)
  }

  /// Counts one less of `old` and one more of `new`, unless that is `nil`.
  mutating func move(_ place: Int, from old: AddressShares.Kind, to new: AddressShares.Kind?) {
    add(-1, to: place, old)
    if let new {
      add(1, to: place, new)
    } else if places[place].pending == 0, places[place].associations == 0 {
      remove(place)
    }
  }

  private mutating func add(_ difference: Int32, to place: Int, _ kind: AddressShares.Kind) {
    let change = UInt32(bitPattern: difference)
    switch kind {
    case .pending:
      let before = places[place].pending
      places[place].pending = before &+ change
      pendingCrowds.note(place, before: before, now: before &+ change)
    case .association:
      let before = places[place].associations
      places[place].associations = before &+ change
      associationCrowds.note(place, before: before, now: before &+ change)
    }
  }

  /// How many of `kind` are counted at a place.
  func count(_ place: Int, of kind: AddressShares.Kind) -> Int {
    switch kind {
    case .pending: Int(places[place].pending)
    case .association: Int(places[place].associations)
    }
  }

  /// Calls `body` with place, network and count of each network with more than its share of `kind`.
  func forEachCrowd(of kind: AddressShares.Kind, _ body: (Int, Network, Int) -> Void) {
    let crowds =
      switch kind {
      case .pending: pendingCrowds
      case .association: associationCrowds
      }
    for index in 0..<crowds.count {
      let place = Int(crowds.places[index])
      body(place, places[place].network, count(place, of: kind))
    }
  }
}
