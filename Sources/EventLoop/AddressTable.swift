/// What each address has taken at the moment: associations, connections without one, and
/// connections in this second.
///
/// It has a fixed number of places, four times as many as there can be connections. An address has
/// its place among a few that its key names. One that only made connections gives it up to a newer
/// one, so a flood of addresses takes nothing from who is connected; when all are taken, the next
/// address is not counted.
struct AddressTable: ~Copyable {
  /// What is counted.
  enum Kind {
    case association
    case pending
  }

  /// What became of a connection.
  enum Verdict {
    case admitted
    /// It is the first in this second that is one too many.
    case firstRefused
    case refused
  }

  struct Place: BitwiseCopyable {
    var key: UInt64
    var associations: UInt32
    var pending: UInt32
    var second: UInt32
    var connections: UInt32

    var isHeld: Bool { associations > 0 || pending > 0 }
  }

  /// How many places an address may have: with a quarter of all places taken, one of these is as good
  /// as always free.
  private static let window = 16

  private var places: Column<Place>

  /// A table for `connections` at once.
  init(connections: Int) throws(SystemError) {
    var count = 4 * Self.window
    while count < 4 * connections { count *= 2 }
    places = try Column(zeroes: count)
  }

  /// Counts a connection that `key` makes in `second`, of which there may be `most`.
  mutating func connect(_ key: AddressKey, in second: UInt32, most: Int) -> Verdict {
    guard let index = place(of: key, in: second) else { return .admitted }
    if places[index].second != second {
      places[index].second = second
      places[index].connections = 0
    }
    places[index].connections &+= 1
    let count = Int(places[index].connections)
    return count <= most ? .admitted : count == most + 1 ? .firstRefused : .refused
  }

  /// What became of a count.
  enum Count {
    case counted
    /// There are as many as there may be.
    case full
    /// There is no place for the address.
    case untracked
  }

  /// Counts one more of `kind`, of which there may be `most`.
  mutating func add(_ kind: Kind, of key: AddressKey, in second: UInt32, most: Int) -> Count {
    guard let index = place(of: key, in: second) else { return .untracked }
    switch kind {
    case .association:
      if places[index].associations >= most { return .full }
      places[index].associations += 1
    case .pending:
      if places[index].pending >= most { return .full }
      places[index].pending += 1
    }
    return .counted
  }

  /// Counts one less of `kind`, which was counted.
  mutating func remove(_ kind: Kind, of key: AddressKey) {
    guard let index = find(key) else { return }
    switch kind {
    case .association: places[index].associations -= 1
    case .pending: places[index].pending -= 1
    }
  }

  /// Whether there are more than `most` connections without an association.
  func hasPending(of key: AddressKey, above most: Int) -> Bool {
    find(key).map { places[$0].pending > most } ?? false
  }

  /// Counts one connection without an association less, if there are more than `most`.
  mutating func takePending(of key: AddressKey, above most: Int) -> Bool {
    guard hasPending(of: key, above: most), let index = find(key) else { return false }
    places[index].pending -= 1
    return true
  }

  private func find(_ key: AddressKey) -> Int? {
    for step in 0..<Self.window where places[index(key, step)].key == key.value {
      return index(key, step)
    }
    return nil
  }

  private func index(_ key: AddressKey, _ step: Int) -> Int {
    Int(truncatingIfNeeded: key.value >> 1 &+ UInt64(step)) & (places.count - 1)
  }

  /// The place of `key`, or one that is free, or was of an address that holds nothing: the one that
  /// has made no connection for the longest time.
  private mutating func place(of key: AddressKey, in second: UInt32) -> Int? {
    if let index = find(key) { return index }
    var best: Int?
    for step in 0..<Self.window {
      let index = index(key, step)
      if places[index].isHeld { continue }
      if let other = best, places[other].second <= places[index].second { continue }
      best = index
    }
    guard let best else { return nil }
    places[best] = Place(key: key.value, associations: 0, pending: 0, second: 0, connections: 0)
    return best
  }
}
