import Linux

/// The ``AddressTable`` that the workers share, in parts with a lock each. It is used only while a limit per
/// address is set, and never for an echo.
final class AddressLedger: Sendable {
  private let tables: Parts<AddressTable>

  /// A ledger for up to `connections` connections at once.
  init(connections: Int) throws(SystemError) {
    tables = try Parts(connections: connections) { connections throws(SystemError) in
      try AddressTable(connections: connections)
    }
  }

  private func part(of key: AddressKey) -> Int { Int(truncatingIfNeeded: key.value >> 32) }

  /// Counts a new connection of `key`, which may make `most` of them in any second.
  func connect(_ key: AddressKey, at now: Instant, most: Int) -> AddressTable.Verdict {
    tables.with(part(of: key)) { $0.connect(key, at: now, most: most) }
  }

  /// Counts one more of `kind` for `key` if there are fewer than `most`.
  func add(_ kind: AddressTable.Kind, of key: AddressKey, most: Int) -> AddressTable.Count {
    tables.with(part(of: key)) { $0.add(kind, of: key, most: most) }
  }

  /// Counts one more of `kind` for `key` regardless of `most`. Returns `full` if there were
  /// `most` or more already.
  func addAnyway(_ kind: AddressTable.Kind, of key: AddressKey, most: Int) -> AddressTable.Count {
    tables.with(part(of: key)) { $0.addAnyway(kind, of: key, most: most) }
  }

  /// Counts one less of `kind` for `key`; it must have been counted.
  func remove(_ kind: AddressTable.Kind, of key: AddressKey) {
    tables.with(part(of: key)) { $0.remove(kind, of: key) }
  }

  /// Whether `key` has more than `most` connections without an association.
  func hasPending(of key: AddressKey, above most: Int) -> Bool {
    tables.with(part(of: key)) { $0.hasPending(of: key, above: most) }
  }

  /// Counts one less connection without an association for `key`, if there are more than `most`.
  func uncountPending(of key: AddressKey, above most: Int) -> Bool {
    tables.with(part(of: key)) { $0.uncountPending(of: key, above: most) }
  }
}

/// The current use by each address: associations, connections without an association, and new connections in
/// the last second.
///
/// Time passes in slots of ``slotLength``. A connection counts in the slot in which it came and in the
/// ``slotsInASecond`` slots after it. So no interval of one second exceeds the limit, wherever it begins, and
/// a connection is forgotten after a second and one slot. The time of an address never goes back: a worker
/// whose clock is behind counts in the latest slot.
///
/// The table has a fixed number of places, at least four times the number of connections. The key of an
/// address selects a few of them, and the address takes one of these. An address with neither an association
/// nor a pending connection counted gives its place up to a new one, so a flood of addresses takes nothing
/// from connected peers. If all of its places are taken, an address is not counted.
struct AddressTable: ~Copyable {
  /// The kind of connection counted.
  enum Kind {
    case association
    case pending
  }

  /// The verdict on a new connection.
  enum Verdict {
    case admitted
    /// Refused, and the first one in a second, which is reported.
    case firstRefused
    case refused
  }

  /// The length of a slot, in milliseconds.
  static let slotLength: UInt64 = 200
  /// The number of slots in a second.
  static let slotsInASecond: UInt32 = 5

  struct Place: BitwiseCopyable {
    var key: UInt64
    var associations: UInt32 = 0
    var pending: UInt32 = 0
    /// The slot of the latest connection.
    var slot: UInt32 = 0
    /// The slot of the last reported refusal plus one; 0 if there was none.
    var told: UInt32 = 0
    /// How many connections were admitted in the latest slot and the five before it, at the slot number
    /// modulo six.
    var admitted = InlineArray<6, UInt32>(repeating: 0)

    /// Advances to slot `now`; does nothing if that is before the latest slot, as when a worker's clock is behind.
    mutating func advance(to now: UInt32) {
      guard now > slot else { return }
      for number in 0..<min(now - slot, UInt32(admitted.count)) {
        admitted[Int((now - number) % UInt32(admitted.count))] = 0
      }
      slot = now
    }

    /// The number of admitted connections that still count.
    var admittedInASecond: Int {
      var sum = 0
      for index in admitted.indices { sum += Int(admitted[index]) }
      return sum
    }

    var isHeld: Bool { associations > 0 || pending > 0 }
  }

  /// The number of places to choose from for an address: with a quarter of all places taken, one of them is
  /// practically always free.
  private static let window = 16

  private var places: MappedArray<Place>

  /// A table for up to `connections` connections at once.
  init(connections: Int) throws(SystemError) {
    var count = 4 * Self.window
    while count < 4 * connections { count *= 2 }
    places = try MappedArray(zeroes: count)
  }

  /// Counts a new connection of `key` at `now`; there may be `most` in any second. A refused connection does
  /// not count.
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

  /// The result of counting.
  enum Count {
    case counted
    /// The limit had been reached already.
    case full
    /// The table has no place for the address.
    case untracked
  }

  /// Counts one more of `kind` for `key` if there are fewer than `most`.
  mutating func add(_ kind: Kind, of key: AddressKey, most: Int) -> Count {
    guard let index = place(of: key) else { return .untracked }
    if count(kind, at: index) >= most { return .full }
    increase(kind, at: index)
    return .counted
  }

  /// Counts one more of `kind` for `key` regardless of `most`. Returns `full` if there were
  /// `most` or more already.
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

  /// Counts one less of `kind` for `key`; it must have been counted.
  mutating func remove(_ kind: Kind, of key: AddressKey) {
    guard let index = find(key) else { return }
    switch kind {
    case .association: places[index].associations -= 1
    case .pending: places[index].pending -= 1
    }
  }

  /// Whether `key` has more than `most` connections without an association.
  func hasPending(of key: AddressKey, above most: Int) -> Bool {
    find(key).map { places[$0].pending > most } ?? false
  }

  /// Counts one less connection without an association for `key`, if there are more than `most`.
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

  /// The place of `key`, or else a new one: of those with nothing but past connections counted, the one whose
  /// last connection is oldest. A place never used comes first.
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
