/// The connections of a worker that have no association, the one that has been so for the longest
/// time first. A slot is in it once at most.
struct PendingList: ~Copyable {
  private static let none = UInt32.max
  private static let absent = UInt32.max - 1

  /// Which slot comes behind one, which in front of it, and its own turn.
  struct Link: BitwiseCopyable {
    var next: UInt32
    var previous: UInt32
    var turn: UInt64
  }

  private var links = Column<Link>()
  private var first = PendingList.none
  private var last = PendingList.none
  /// How many there are.
  private(set) var count = 0

  /// The one that has been here for the longest time.
  var oldest: Int? { first == Self.none ? nil : Int(first) }

  /// The turn of the oldest one: lower than those of the others, and the highest number when there is
  /// none.
  var oldestTurn: UInt64 { first == Self.none ? .max : turn(of: Int(first)) }

  /// The turn of one that is here.
  func turn(of index: Int) -> UInt64 { links[index].turn }

  /// Whether the slot is here.
  func contains(_ index: Int) -> Bool { links[index].next != Self.absent }

  /// The one that came behind this one.
  func successor(of index: Int) -> Int? {
    let next = links[index].next
    return next == Self.none ? nil : Int(next)
  }

  /// Makes room for one more slot in the table.
  mutating func addSlot() {
    links.append(Link(next: Self.absent, previous: Self.none, turn: .max))
  }

  /// Puts a slot behind all others; their turns came before.
  mutating func append(_ index: Int, turn: UInt64) {
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
