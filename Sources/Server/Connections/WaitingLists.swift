import Linux

/// The connections of a worker that have no association, the one that has been so for the longest
/// time first. A slot is in it once at most.
struct PendingList: ~Copyable {
  private static let none = UInt32.max
  private static let absent = UInt32.max - 1

  /// When a connection began to be without an association, over all workers: later ones have higher
  /// turns.
  struct Turn: Comparable, BitwiseCopyable {
    /// Milliseconds of the monotonic clock, then a number that tells those of one millisecond apart.
    let value: UInt64
    private static let bits: UInt64 = 20

    /// The turn at `now` that comes behind `last`, whichever worker's clock that was taken from.
    init(behind last: Turn, at now: Instant) {
      value = max(last.value &+ 1, now.milliseconds << Self.bits)
    }

    /// The turn that has this value.
    init(value: UInt64) { self.value = value }

    /// Later than all others.
    static let never = Turn(value: .max)

    /// Whether it lies `milliseconds` or more before `now`.
    func isOlder(than milliseconds: UInt32, at now: Instant) -> Bool {
      value >> Self.bits + UInt64(milliseconds) <= now.milliseconds
    }

    static func < (left: Turn, right: Turn) -> Bool { left.value < right.value }
  }

  /// Which slot comes behind one, which in front of it, and its own turn.
  struct Link: BitwiseCopyable {
    var next: UInt32
    var previous: UInt32
    var turn: Turn
  }

  private var links: MappedArray<Link>
  private var first = PendingList.none
  private var last = PendingList.none
  /// How many there are.
  private(set) var count = 0

  /// An empty list without a slot.
  init() throws(SystemError) { links = try MappedArray() }

  /// The one that has been here for the longest time.
  var oldest: Int? { first == Self.none ? nil : Int(first) }

  /// The turn of the oldest one: before those of the others, and never when there is none.
  var oldestTurn: Turn { first == Self.none ? .never : turn(of: Int(first)) }

  /// The one that came last.
  var newest: Int? { last == Self.none ? nil : Int(last) }

  /// The turn of the newest one: behind those of the others, and the earliest there is when there is none.
  var newestTurn: Turn { last == Self.none ? Turn(value: 0) : turn(of: Int(last)) }

  /// The turn of one that is here.
  func turn(of index: Int) -> Turn { links[index].turn }

  /// Whether the slot is here.
  func contains(_ index: Int) -> Bool { links[index].next != Self.absent }

  /// The one that came behind this one.
  func successor(of index: Int) -> Int? {
    let next = links[index].next
    return next == Self.none ? nil : Int(next)
  }

  /// The one that came before this one.
  func predecessor(of index: Int) -> Int? {
    let previous = links[index].previous
    return previous == Self.none ? nil : Int(previous)
  }

  /// Makes room for so many slots in all; false when there is no memory for them.
  mutating func reserve(_ slots: Int) -> Bool { links.reserve(slots) }

  /// Adds one more slot of the table; false when there is no memory for it.
  mutating func addSlot() -> Bool {
    links.append(Link(next: Self.absent, previous: Self.none, turn: .never))
  }

  /// Puts a slot behind all others; their turns came before.
  mutating func append(_ index: Int, turn: Turn) {
    let slot = UInt32(truncatingIfNeeded: index)
    links[index] = Link(next: Self.none, previous: last, turn: turn)
    if last == Self.none { first = slot } else { links[Int(last)].next = slot }
    last = slot
    count &+= 1
  }

  /// Takes a slot out, if it is here.
  ///
  /// - Returns: whether it was.
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

/// Connections that wait for their turn, first come, first served: each is here once at most, so that none
/// waits for longer than all the others together take.
struct TurnQueue: ~Copyable {
  /// Those whose turn it is, from `next` on.
  private var now: MappedArray<UInt64>
  private var next = 0
  /// Those that came since.
  private var later: MappedArray<UInt64>

  /// An empty queue.
  init() throws(SystemError) {
    let now = try MappedArray<UInt64>()
    let later = try MappedArray<UInt64>()
    self.now = now
    self.later = later
  }

  /// How many wait.
  var count: Int { now.count - next + later.count }
  /// Whether nobody waits.
  var isEmpty: Bool { count == 0 }

  /// Puts a connection behind all others; false when there is no memory for it.
  mutating func append(_ token: UInt64) -> Bool { later.append(token) }

  /// Takes the first one out.
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
