import Linux

/// The ``AddressTable`` that the workers share, in parts with a lock each. Nobody touches it while no
/// limit is about addresses, and no echo ever does.
final class AddressLedger: Sendable {
  private let tables: Parts<AddressTable>

  /// A ledger where there can be so many connections at once.
  init(connections: Int) throws(SystemError) {
    tables = try Parts(connections: connections) { connections throws(SystemError) in
      try AddressTable(connections: connections)
    }
  }

  private func part(of key: AddressKey) -> Int { Int(truncatingIfNeeded: key.value >> 32) }

  /// Counts a connection that `key` makes, of which there may be `most` in any second.
  func connect(_ key: AddressKey, at now: Instant, most: Int) -> AddressTable.Verdict {
    tables.with(part(of: key)) { $0.connect(key, at: now, most: most) }
  }

  /// Counts one more of `kind` for `key`, of which there may be `most`.
  func add(_ kind: AddressTable.Kind, of key: AddressKey, most: Int) -> AddressTable.Count {
    tables.with(part(of: key)) { $0.add(kind, of: key, most: most) }
  }

  /// Counts one more of `kind` for `key`, however many there are: `full` says that it is one too many where
  /// there may be `most`.
  func addAnyway(_ kind: AddressTable.Kind, of key: AddressKey, most: Int) -> AddressTable.Count {
    tables.with(part(of: key)) { $0.addAnyway(kind, of: key, most: most) }
  }

  /// Counts one less of `kind` for `key`, which was counted.
  func remove(_ kind: AddressTable.Kind, of key: AddressKey) {
    tables.with(part(of: key)) { $0.remove(kind, of: key) }
  }

  /// Whether `key` has more than `most` connections without an association.
  func hasPending(of key: AddressKey, above most: Int) -> Bool {
    tables.with(part(of: key)) { $0.hasPending(of: key, above: most) }
  }

  /// Counts one connection without an association less for `key`, if there are more than `most`.
  func uncountPending(of key: AddressKey, above most: Int) -> Bool {
    tables.with(part(of: key)) { $0.uncountPending(of: key, above: most) }
  }
}

/// What each address has taken at the moment: associations, connections without one, and
/// connections in the last second.
///
/// Time passes in slots of ``slotLength``. A connection counts in the slot in which it came and in the
/// ``slotsInASecond`` behind that: so in no second there are more than there may be, wherever it begins, and
/// after a slot more than a second each is forgotten. The time of an address never goes back: a worker whose
/// clock is behind counts in the latest slot.
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
    /// It is one too many, the first that is told for a second.
    case firstRefused
    case refused
  }

  /// How long a slot is, in milliseconds.
  static let slotLength: UInt64 = 200
  /// How many of them a second has.
  static let slotsInASecond: UInt32 = 5

  struct Place: BitwiseCopyable {
    var key: UInt64
    var associations: UInt32 = 0
    var pending: UInt32 = 0
    /// The latest slot in which a connection came.
    var slot: UInt32 = 0
    /// The slot behind that in which a refusal was told last; 0 when none was.
    var told: UInt32 = 0
    /// How many connections were admitted in the latest slot and the ones in front of it, each at its number
    /// modulo their count.
    var admitted = InlineArray<6, UInt32>(repeating: 0)

    /// Goes on to `now`, which lies before the latest slot when a worker's clock is behind.
    mutating func advance(to now: UInt32) {
      guard now > slot else { return }
      for number in 0..<min(now - slot, UInt32(admitted.count)) {
        admitted[Int((now - number) % UInt32(admitted.count))] = 0
      }
      slot = now
    }

    /// How many connections were admitted that count still.
    var admittedInASecond: Int {
      var sum = 0
      for index in admitted.indices { sum += Int(admitted[index]) }
      return sum
    }

    var isHeld: Bool { associations > 0 || pending > 0 }
  }

  /// How many places an address may have: with a quarter of all places taken, one of these is as good
  /// as always free.
  private static let window = 16

  private var places: MappedArray<Place>

  /// A table for `connections` at once.
  init(connections: Int) throws(SystemError) {
    var count = 4 * Self.window
    while count < 4 * connections { count *= 2 }
    places = try MappedArray(zeroes: count)
  }

  /// Counts a connection that `key` makes now, of which there may be `most` in any second. One that is
  /// refused does not count.
  mutating func connect(_ key: AddressKey, at now: Instant, most: Int) -> Verdict {
    guard let index = place(of: key) else { return .admitted }
    var place = places[index]
    defer { places[index] = place }
    place.advance(to: UInt32(truncatingIfNeeded: now.milliseconds / Self.slotLength))
    if place.admittedInASecond < most {
      place.admitted[Int(place.slot) % place.admitted.count] += 1
      return .admitted
    }
    let isFirst = place.told == 0 || place.slot >= place.told &- 1 &+ Self.slotsInASecond
    if isFirst { place.told = place.slot &+ 1 }
    return isFirst ? .firstRefused : .refused
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
  mutating func add(_ kind: Kind, of key: AddressKey, most: Int) -> Count {
    guard let index = place(of: key) else { return .untracked }
    if count(kind, at: index) >= most { return .full }
    increase(kind, at: index)
    return .counted
  }

  /// Counts one more of `kind`, however many there are: `full` says that it is one too many where there may
  /// be `most`.
  mutating func addAnyway(_ kind: Kind, of key: AddressKey, most: Int) -> Count {
    guard let index = place(of: key) else { return .untracked }
    defer { increase(kind, at: index) }
    return count(kind, at: index) >= most ? .full : .counted
  }

  private func count(_ kind: Kind, at index: Int) -> Int {
    switch kind {
    case .association: Int(places[index].associations)
    case .pending: Int(places[index].pending)
    }
  }

  private mutating func increase(_ kind: Kind, at index: Int) {
    switch kind {
    case .association: places[index].associations += 1
    case .pending: places[index].pending += 1
    }
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
  mutating func uncountPending(of key: AddressKey, above most: Int) -> Bool {
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
  private mutating func place(of key: AddressKey) -> Int? {
    if let index = find(key) { return index }
    var best: Int?
    for step in 0..<Self.window {
      let index = index(key, step)
      if places[index].isHeld { continue }
      if let other = best, places[other].slot <= places[index].slot { continue }
      best = index
    }
    guard let best else { return nil }
    places[best] = Place(key: key.value)
    return best
  }
}
