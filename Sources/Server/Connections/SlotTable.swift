import Linux

/// The connections of a worker. Slots live in chunks and never move; what every wake-up looks at is
/// in arrays of its own.
@safe
struct SlotTable: ~Copyable {
  /// As many connections and peers as leave nothing of their memory pages unused.
  private static let chunkSize = 512
  private static let chunkBytes =
    chunkSize * (MemoryLayout<Slot>.stride + MemoryLayout<Peer>.stride)

  /// Where so many connections and their peers are, in one memory mapping.
  @safe
  private struct Chunk: BitwiseCopyable {
    let slots: UnsafeMutablePointer<Slot>
    let peers: UnsafeMutablePointer<Peer>
  }

  /// What a connection holds of the memory for partial PDUs.
  struct Holding: BitwiseCopyable {
    /// How much, in bytes.
    var size: UInt32
    /// Since when, in milliseconds of the monotonic clock, as far as they fit.
    var since: UInt32
  }

  private var chunks: MappedArray<Chunk>
  /// Odd while the slot is in use; a new number each time.
  private var generations: MappedArray<UInt32>
  /// Where the network of a connection is counted among the shares; of a slot that is free, which one is
  /// free next.
  private var tickets: MappedArray<UInt32>
  private static let none = UInt32.max
  private var firstFree = SlotTable.none
  /// The connections without an association.
  var pending: PendingList
  /// When each slot's timer expires.
  private(set) var deadlines: MappedArray<Instant>
  /// What each slot holds of the memory for partial PDUs. It is touched only for those that do.
  var holdings: MappedArray<Holding>
  /// How many slots are in use.
  private(set) var count = 0

  /// A table with room for some connections.
  static func withRoom() throws(SystemError) -> SlotTable {
    var table = try SlotTable()
    if !table.grow() { throw .outOfMemory }
    return table
  }

  private init() throws(SystemError) {
    let chunks = try MappedArray<Chunk>()
    let generations = try MappedArray<UInt32>()
    let tickets = try MappedArray<UInt32>()
    let pending = try PendingList()
    let deadlines = try MappedArray<Instant>()
    let holdings = try MappedArray<Holding>()
    self.chunks = chunks
    self.generations = generations
    self.tickets = tickets
    self.pending = pending
    self.deadlines = deadlines
    self.holdings = holdings
  }

  deinit {
    for index in 0..<capacity where generations[index] & 1 != 0 {
      // Safe because an odd generation says that the slot is initialized.
      unsafe slot(index).deinitialize(count: 1)
    }
    for index in 0..<chunks.count {
      // Safe because the chunks were mapped here and nothing in them is in use any more.
      unsafe Mapping.unmap(chunks[index].slots, Self.chunkBytes)
    }
  }

  /// How many slots there are, in use or not.
  var capacity: Int { generations.count }

  /// Puts a connection in; the result is its index, nil when there is no memory for it.
  mutating func insert(_ slot: consuming Slot, from peer: NetworkAddress) -> Int? {
    if firstFree == Self.none, !grow() { return nil }
    let index = Int(firstFree)
    firstFree = tickets[index]
    tickets[index] = AddressShares.uncounted
    // Safe because a free slot is uninitialized memory of the chunk, and its peer is only before its
    // first use: so memory is taken when it is needed.
    if generations[index] == 0 { unsafe self.peer(index).initialize(to: Peer()) }
    generations[index] &+= 1
    deadlines[index] = .never
    unsafe self.slot(index).initialize(to: slot)
    unsafe self.peer(index).pointee.begin(peer)
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
    if holdings[index].size > 0 { holdings[index].size = 0 }
    tickets[index] = firstFree
    firstFree = UInt32(truncatingIfNeeded: index)
    count -= 1
  }

  /// Where the connection at `index` is.
  func entry(_ index: Int) -> SlotReference {
    // Safe because both lie in a chunk that lives as long as the table.
    unsafe SlotReference(slot: slot(index), peer: self.peer(index))
  }

  private func slot(_ index: Int) -> UnsafeMutablePointer<Slot> {
    // Safe because the index is below the capacity, which the array checks.
    unsafe chunks[index / Self.chunkSize].slots + index % Self.chunkSize
  }

  private func peer(_ index: Int) -> UnsafeMutablePointer<Peer> {
    // Safe because the index is below the capacity, which the array checks.
    unsafe chunks[index / Self.chunkSize].peers + index % Self.chunkSize
  }

  /// Whether the slot at `index` is in use.
  func isInUse(_ index: Int) -> Bool { generations[index] & 1 != 0 }

  /// Sets when the timer of the slot expires.
  mutating func setDeadline(_ index: Int, _ deadline: Instant) { deadlines[index] = deadline }

  /// Where the network of a connection is counted among the shares.
  ///
  /// - Precondition: The slot is in use.
  func ticket(_ index: Int) -> AddressShares.Ticket { tickets[index] }

  /// Notes where the network of a connection is counted among the shares.
  mutating func setTicket(_ index: Int, _ ticket: AddressShares.Ticket) { tickets[index] = ticket }

  /// The poller's token for the connection in the slot: generation and index.
  func token(_ index: Int) -> UInt64 { UInt64(generations[index]) << 32 | UInt64(index) }

  /// The index of the connection that has this token, `nil` when it is gone.
  func index(of token: UInt64) -> Int? {
    let index = Int(truncatingIfNeeded: token & 0xFFFF_FFFF)
    guard index < generations.count, UInt64(generations[index]) == token >> 32 else { return nil }
    return index
  }

  /// Adds a chunk of free slots; false when there is no memory for it, and nothing has changed then.
  private mutating func grow() -> Bool {
    let (first, end) = (capacity, capacity + Self.chunkSize)
    guard chunks.reserve(chunks.count + 1), generations.reserve(end), tickets.reserve(end),
      deadlines.reserve(end), holdings.reserve(end), pending.reserve(end)
    else { return false }
    // Safe because the mapping has room for both, begins at a page, which is aligned for everything, and
    // is given back only with the table; both are initialized one by one.
    guard let base = unsafe Mapping.map(Self.chunkBytes) else { return false }
    let slots = unsafe base.bindMemory(to: Slot.self, capacity: Self.chunkSize)
    let peers = unsafe (base + Self.chunkSize * MemoryLayout<Slot>.stride)
      .bindMemory(to: Peer.self, capacity: Self.chunkSize)
    var isAdded = unsafe chunks.append(Chunk(slots: slots, peers: peers))
    for index in first..<end {
      let next = index + 1 < end ? UInt32(index + 1) : Self.none
      isAdded =
        generations.append(0) && tickets.append(next) && deadlines.append(.never)
        && pending.addSlot() && isAdded
    }
    precondition(isAdded, "there was room for it")
    holdings.appendZeroes(Self.chunkSize)
    firstFree = UInt32(first)
    return true
  }
}
