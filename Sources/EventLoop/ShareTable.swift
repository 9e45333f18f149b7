/// A part of ``AddressShares``: a fixed number of places, four times as many as there can be connections.
/// A network has its place among a few that its hash names, for as long as it has a connection.
struct ShareTable: ~Copyable {
  struct Place: BitwiseCopyable {
    /// Whose it is, or was: it is found again there until another one needs the place.
    var network: Network
    var pending: UInt32
    var associations: UInt32

    var isFree: Bool { pending == 0 && associations == 0 }
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

  /// With a quarter of all places taken, one of so many is as good as always free.
  private static let window = 16

  private var places: Column<Place>
  /// How many connections are counted in all.
  private var count = 0
  private var pendingCrowds = Crowds()
  private var associationCrowds = Crowds()

  /// A table for `connections` at once.
  init(connections: Int) throws(SystemError) {
    var count = 4 * Self.window
    while count < 4 * connections { count *= 2 }
    places = try Column(zeroes: count)
  }

  /// A network has more than its share with more than so many.
  mutating func limitShares(pending: Int, associations: Int) {
    pendingCrowds = Crowds()
    associationCrowds = Crowds()
    pendingCrowds.share = UInt32(clamping: pending)
    associationCrowds.share = UInt32(clamping: associations)
    // A table that was never in use should not take memory for this.
    if count == 0 { return }
    for place in 0..<places.count {
      pendingCrowds.note(place, before: 0, now: places[place].pending)
      associationCrowds.note(place, before: 0, now: places[place].associations)
    }
  }

  /// Counts one more of `kind` for a network; nil where there is no place for it.
  mutating func enter(_ network: Network, hash: Int, as kind: AddressShares.Kind) -> Int? {
    guard let place = find(network, hash: hash) ?? findFree(hash) else { return nil }
    places[place].network = network
    count += 1
    add(1, to: place, kind)
    return place
  }

  private func findFree(_ hash: Int) -> Int? {
    for step in 0..<Self.window {
      let place = (hash &+ step) & (places.count - 1)
      if places[place].isFree { return place }
    }
    return nil
  }

  /// The place of a network that has a connection, or had one.
  func find(_ network: Network, hash: Int) -> Int? {
    for step in 0..<Self.window {
      let place = (hash &+ step) & (places.count - 1)
      if places[place].network == network { return place }
    }
    return nil
  }

  /// Counts one of `old` less and one of `new` more, where there is one.
  mutating func move(_ place: Int, from old: AddressShares.Kind, to new: AddressShares.Kind?) {
    add(-1, to: place, old)
    if let new { add(1, to: place, new) } else { count -= 1 }
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
