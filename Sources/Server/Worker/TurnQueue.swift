import Linux

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
