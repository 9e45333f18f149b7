import Journal

/// The connections of a worker. Slots live in chunks and never move; what every wake-up looks at is
/// in arrays of its own.
@safe
struct SlotTable: ~Copyable {
  private static let chunkSize = 64

  private var slots: [UnsafeMutablePointer<Slot>]
  private var requestors: [UnsafeMutablePointer<Requestor>]
  /// Odd while the slot is in use; a new number each time.
  private var generations = Column<UInt32>()
  private var free = Column<UInt32>()
  /// The connections without an association.
  var pending = PendingList()
  /// When each slot's timer expires.
  private(set) var deadlines = Column<Instant>()
  /// How many slots are in use.
  private(set) var count = 0

  init() {
    // Safe because the arrays hold no pointers yet.
    unsafe slots = []
    unsafe requestors = []
    grow()
  }

  deinit {
    for index in 0..<capacity where generations[index] & 1 != 0 {
      // Safe because an odd generation says that the slot is initialized.
      unsafe (slots[index / Self.chunkSize] + index % Self.chunkSize).deinitialize(count: 1)
    }
    for index in unsafe slots.indices {
      // Safe because the chunks were allocated here and nothing in them is in use any more.
      unsafe slots[index].deallocate()
      unsafe requestors[index].deallocate()
    }
  }

  /// How many slots there are, in use or not.
  var capacity: Int { generations.count }

  /// Puts a connection in; the result is its index.
  mutating func insert(_ slot: consuming Slot, from peer: PeerAddress) -> Int {
    if free.count == 0 { grow() }
    let index = Int(free.removeLast())
    generations[index] &+= 1
    deadlines[index] = .never
    // Safe because a free slot is uninitialized memory of the chunk, and its requestor is not.
    unsafe self.slot(index).initialize(to: slot)
    unsafe requestor(index).pointee.begin(peer)
    count += 1
    return index
  }

  /// Takes a connection out and closes its socket.
  ///
  /// - Precondition: It has left those without an association.
  mutating func remove(_ index: Int) {
    // Safe because the slot is in use, and no longer from here on.
    unsafe slot(index).deinitialize(count: 1)
    generations[index] &+= 1
    deadlines[index] = .never
    free.append(UInt32(truncatingIfNeeded: index))
    count -= 1
  }

  /// Where the connection at `index` is.
  func entry(_ index: Int) -> Entry {
    // Safe because both lie in a chunk that lives as long as the table.
    unsafe Entry(slot: slot(index), requestor: requestor(index))
  }

  private func slot(_ index: Int) -> UnsafeMutablePointer<Slot> {
    // Safe because the index is below the capacity, which the array checks.
    unsafe slots[index / Self.chunkSize] + index % Self.chunkSize
  }

  private func requestor(_ index: Int) -> UnsafeMutablePointer<Requestor> {
    // Safe because the index is below the capacity, which the array checks.
    unsafe requestors[index / Self.chunkSize] + index % Self.chunkSize
  }

  /// Whether the slot at `index` is in use.
  func isInUse(_ index: Int) -> Bool { generations[index] & 1 != 0 }

  /// Sets when the timer of the slot expires.
  mutating func setDeadline(_ index: Int, _ deadline: Instant) { deadlines[index] = deadline }

  /// The poller's token for the connection in the slot: generation and index.
  func token(_ index: Int) -> UInt64 { UInt64(generations[index]) << 32 | UInt64(index) }

  /// The index of the connection that has this token, or nothing when it is gone.
  func index(of token: UInt64) -> Int? {
    let index = Int(truncatingIfNeeded: token & 0xFFFF_FFFF)
    guard index < generations.count, UInt64(generations[index]) == token >> 32 else { return nil }
    return index
  }

  private mutating func grow() {
    let first = capacity
    // Safe because the memory is given back only with the table, and initialized slot by slot.
    unsafe slots.append(.allocate(capacity: Self.chunkSize))
    let peers = UnsafeMutablePointer<Requestor>.allocate(capacity: Self.chunkSize)
    unsafe peers.initialize(repeating: Requestor(), count: Self.chunkSize)
    unsafe requestors.append(peers)
    for _ in 0..<Self.chunkSize {
      generations.append(0)
      deadlines.append(.never)
      pending.addSlot()
    }
    for index in (first..<capacity).reversed() { free.append(UInt32(index)) }
  }
}
