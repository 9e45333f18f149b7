import Linux

/// The connections of a worker that have no association, the one waiting longest first. A slot is in it at
/// most once.
struct PendingList: ~Copyable {
  private static let none = UInt32.max
  private static let absent = UInt32.max - 1

  /// The order in which connections of all workers began to be without an association: later
  /// ones have higher turns.
  struct Turn: Comparable, BitwiseCopyable {
    /// Milliseconds of the monotonic clock, followed by a number that distinguishes turns within a millisecond.
    let value: UInt64
    private static let bits: UInt64 = 20

    /// The turn at `now` that comes after `last`, even if the clock of that turn's worker was ahead.
    init(behind last: Turn, at now: Instant) {
      value = max(last.value &+ 1, now.milliseconds << Self.bits)
    }

    /// The turn with this value.
    init(value: UInt64) { self.value = value }

    /// Later than all others.
    static let never = Turn(value: .max)

    /// Whether this turn is `milliseconds` or more before `now`.
    func isOlder(than milliseconds: UInt32, at now: Instant) -> Bool {
      value >> Self.bits + UInt64(milliseconds) <= now.milliseconds
    }

    static func < (left: Turn, right: Turn) -> Bool { left.value < right.value }
  }

  /// The neighbors of a slot in the list, and its turn.
  struct Link: BitwiseCopyable {
    var next: UInt32
    var previous: UInt32
    var turn: Turn
  }

  private var links: MappedArray<Link>
  private var first = PendingList.none
  private var last = PendingList.none
  /// The number of connections.
  private(set) var count = 0

  /// An empty list without slots.
  init() throws(SystemError) { links = try MappedArray() }

  /// The connection waiting longest, or `nil` if there is none.
  var oldest: Int? { first == Self.none ? nil : Int(first) }

  /// The turn of the oldest connection, before all others; never if there is none.
  var oldestTurn: Turn { first == Self.none ? .never : turn(of: Int(first)) }

  /// The connection that came last, or `nil` if there is none.
  var newest: Int? { last == Self.none ? nil : Int(last) }

  /// The turn of the newest connection, after all others; the earliest possible one if there is none.
  var newestTurn: Turn { last == Self.none ? Turn(value: 0) : turn(of: Int(last)) }

  /// The turn of a connection in the list.
  func turn(of index: Int) -> Turn { links[index].turn }

  /// Whether the slot is in the list.
  func contains(_ index: Int) -> Bool { links[index].next != Self.absent }

  /// The connection that came next after this one.
  func successor(of index: Int) -> Int? {
    let next = links[index].next
    return next == Self.none ? nil : Int(next)
  }

  /// The connection that came last before this one.
  func predecessor(of index: Int) -> Int? {
    let previous = links[index].previous
    return previous == Self.none ? nil : Int(previous)
  }

  /// Makes room for `slots` slots in all. Returns `false` if there is no memory for them.
  mutating func reserve(_ slots: Int) -> Bool { links.reserve(slots) }

  /// Adds one more slot of the table, which is not in the list yet. Returns `false` if there is no memory for it.
  mutating func addSlot() -> Bool {
    links.append(Link(next: Self.absent, previous: Self.none, turn: .never))
  }

  /// Appends a slot. Its turn is after those of all others.
  mutating func append(_ index: Int, turn: Turn) {
    let slot = UInt32(truncatingIfNeeded: index)
    links[index] = Link(next: Self.none, previous: last, turn: turn)
    if last == Self.none { first = slot } else { links[Int(last)].next = slot }
    last = slot
    count &+= 1
  }

  /// Removes a slot, if it is in the list.
  ///
  /// - Returns: Whether it was in the list.
  mutating func remove(_ index: Int) -> Bool {
    let link = links[index]
    if link.next == Self.absent { return false }
    if link.previous == Self.none {
      first = link.next
    } else {
      links[Int(link.previous)].next = link.next
    }
    if link.next == Self.none {
      last = link.previous
    } else {
      links[Int(link.next)].previous = link.previous
    }
    links[index].next = Self.absent
    count &-= 1
    return true
  }
}

/// Connections that wait for their turn, first come, first served. Each is in the queue at most once, so that
/// none waits longer than one turn of all the others.
struct TurnQueue: ~Copyable {
  /// The connections to take next, from `next` on.
  private var now: MappedArray<UInt64>
  private var next = 0
  /// The connections appended since.
  private var later: MappedArray<UInt64>

  /// An empty queue.
  init() throws(SystemError) {
    let now = try MappedArray<UInt64>()
    let later = try MappedArray<UInt64>()
    self.now = now
    self.later = later
  }

  /// The number of waiting connections.
  var count: Int { now.count - next + later.count }
  /// Whether no connection waits.
  var isEmpty: Bool { count == 0 }

  /// Appends a connection. Returns `false` if there is no memory for it.
  mutating func append(_ token: UInt64) -> Bool { later.append(token) }

  /// Removes and returns the first connection, or `nil` if there is none.
  mutating func takeFirst() -> UInt64? {
    if next == now.count {
      now.removeAll()
      next = 0
      swap(&now, &later)
    }
    guard next < now.count else { return nil }
    defer { next += 1 }
    return now[next]
  }
}
