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

  /// So many parts that workers seldom meet at one.
  private static let parts = 16

  private let parts: InlineArray<16, Locked<ShareTable>>

  /// Shares where there can be so many connections at once.
  init(connections: Int) throws(SystemError) {
    parts = try InlineArray { _ throws(SystemError) in
      Locked(try ShareTable(connections: max(1, connections / Self.parts)))
    }
  }

  /// In which part a network is, and its hash there, with a key of this run of the program: nobody can
  /// find networks that are neighbours in it.
  private static func split(_ network: Network) -> (part: Int, hash: Int) {
    let hash = network.hashValue
    return (hash & (parts - 1), hash >> 4)
  }

  private func part(of ticket: Ticket) -> Int { Int(ticket) & (Self.parts - 1) }
  private func place(of ticket: Ticket) -> Int { Int(ticket) / Self.parts }

  /// A network has more than its share with more than so many.
  func limitShares(pending: Int, associations: Int) {
    for part in parts.indices {
      parts[part].withLock { $0.limitShares(pending: pending, associations: associations) }
    }
  }

  /// Counts one more of `kind` for a network; the result is where.
  func enter(_ network: Network, as kind: Kind) -> Ticket {
    let (number, hash) = Self.split(network)
    let place = parts[number].withLock { $0.enter(network, hash: hash, as: kind) }
    return place.map { Ticket($0 * Self.parts + number) } ?? Self.uncounted
  }

  /// Counts one of `old` less and one of `new` more, where there is one.
  func move(_ ticket: Ticket, from old: Kind, to new: Kind?) {
    if ticket == Self.uncounted { return }
    parts[part(of: ticket)].withLock { $0.move(place(of: ticket), from: old, to: new) }
  }

  /// How many of `kind` are counted there.
  func count(_ ticket: Ticket, of kind: Kind) -> Int {
    if ticket == Self.uncounted { return 0 }
    return parts[part(of: ticket)].withLock { $0.count(place(of: ticket), of: kind) }
  }

  /// How many of `kind` a network has.
  func count(of network: Network, as kind: Kind) -> Int {
    let (number, hash) = Self.split(network)
    return parts[number].withLock { table in
      table.find(network, hash: hash).map { table.count($0, of: kind) } ?? 0
    }
  }

  /// The networks with more than their share of `kind`, the one with most first: at most as many as
  /// there are shares.
  func crowds(of kind: Kind) -> [Crowd] {
    var crowds: [Crowd] = []
    for number in parts.indices {
      parts[number].withLock { table in
        table.forEachCrowd(of: kind) { place, network, count in
          crowds.append(
            Crowd(ticket: Ticket(place * Self.parts + number), network: network, count: count))
        }
      }
    }
    return crowds.sorted { $0.count > $1.count }
  }
}
