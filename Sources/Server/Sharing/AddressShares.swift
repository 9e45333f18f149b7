import Linux

/// How many connections each network has, of those with an association and of those without, over all
/// workers. When all places are taken, it says at once which network has most, and whether that is more
/// than its share.
///
/// A connection costs it a few steps under a lock that is seldom contended, and an echo none.
final class AddressShares: Sendable {
  /// What is counted.
  enum Kind {
    case pending
    case association
  }

  /// Where a network is counted. It stays the same for as long as any connection is counted there, so
  /// two connections with the same ticket are of one network.
  typealias Ticket = UInt32
  /// The ticket of a network for which there was no place: it is not counted.
  static let uncounted = Ticket.max

  /// A network with more than its share, and how much it has.
  struct Crowd {
    let ticket: Ticket
    let network: Network
    let count: Int
  }

  private let tables: Parts<ShareTable>

  /// Shares where there can be so many connections at once.
  init(connections: Int) throws(SystemError) {
    tables = try Parts(connections: connections) { connections throws(SystemError) in
      try ShareTable(connections: connections)
    }
  }

  /// In which part a network is, and its hash there, with a key of this run of the program: nobody can
  /// find networks that are neighbours in it.
  private static func split(_ network: Network) -> (part: Int, hash: Int) {
    let hash = network.hashValue
    return (hash & (partCount - 1), hash >> partCount.trailingZeroBitCount)
  }

  private static let partCount = Parts<ShareTable>.count
  private func place(of ticket: Ticket) -> Int { Int(ticket) / Self.partCount }

  /// A network has more than its share with more than so many.
  func limitShares(pending: Int, associations: Int) {
    for part in 0..<Self.partCount {
      tables.with(part) { $0.limitShares(pending: pending, associations: associations) }
    }
  }

  /// Counts one more of `kind` for a network; the result is where.
  func enter(_ network: Network, as kind: Kind) -> Ticket {
    let (number, hash) = Self.split(network)
    let place = tables.with(number) { $0.enter(network, hash: hash, as: kind) }
    return place.map { Ticket($0 * Self.partCount + number) } ?? Self.uncounted
  }

  /// Counts one of `old` less and one of `new` more, where there is one.
  func move(_ ticket: Ticket, from old: Kind, to new: Kind?) {
    if ticket == Self.uncounted { return }
    tables.with(Int(ticket)) { $0.move(place(of: ticket), from: old, to: new) }
  }

  /// How many of `kind` are counted there.
  func count(_ ticket: Ticket, of kind: Kind) -> Int {
    if ticket == Self.uncounted { return 0 }
    return tables.with(Int(ticket)) { $0.count(place(of: ticket), of: kind) }
  }

  /// How many of `kind` a network has.
  func count(of network: Network, as kind: Kind) -> Int {
    let (number, hash) = Self.split(network)
    return tables.with(number) { table in
      table.find(network, hash: hash).map { table.count($0, of: kind) } ?? 0
    }
  }

  /// The networks with more than their share of `kind`, the one with most first: at most as many as
  /// there are shares.
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

/// A part of ``AddressShares``: the networks that have a connection, found by their hash. It takes memory for
/// those alone.
struct ShareTable: ~Copyable {
  struct Place: BitwiseCopyable {
    let network: Network
    var pending: UInt32
    var associations: UInt32
    /// In which list of places it is, and which one is behind it; of a free place, which is free next.
    let list: UInt32
    var next: UInt32
  }

  /// The networks that have more than their share: there cannot be more than there are shares, but for a
  /// moment after these have changed.
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

    /// Notes that a place has `now` where it had `before`.
    mutating func note(_ place: Int, before: UInt32, now: UInt32) {
      if now > share { add(place) } else if before > share { remove(place) }
    }
  }

  private static let none = UInt32.max

  /// The first place of each list, and one more; a hash names the list of a network.
  private var lists: MappedArray<UInt32>
  private var places: MappedArray<Place>
  private var firstFree = ShareTable.none
  private var pendingCrowds = Crowds()
  private var associationCrowds = Crowds()

  /// A table for about `connections` at once.
  init(connections: Int) throws(SystemError) {
    var count = 64
    while count < connections { count *= 2 }
    let lists = try MappedArray<UInt32>(zeroes: count)
    let places = try MappedArray<Place>()
    self.lists = lists
    self.places = places
  }

  /// A network has more than its share with more than so many.
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

  /// Counts one more of `kind` for a network; nil where there is no memory for it.
  mutating func enter(_ network: Network, hash: Int, as kind: AddressShares.Kind) -> Int? {
    guard let place = find(network, hash: hash) ?? add(network, hash: hash) else { return nil }
    add(1, to: place, kind)
    return place
  }

  private func list(_ hash: Int) -> Int { hash & (lists.count - 1) }

  /// The place of a network that has a connection.
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

  /// Counts one of `old` less and one of `new` more, where there is one.
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

  /// How many of `kind` a place has.
  func count(_ place: Int, of kind: AddressShares.Kind) -> Int {
    switch kind {
    case .pending: Int(places[place].pending)
    case .association: Int(places[place].associations)
    }
  }

  /// Presents each place with more than its share of `kind`, its network, and how much that is.
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
