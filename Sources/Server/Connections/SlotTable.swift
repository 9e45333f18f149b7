import Linux

/// The connections of a worker. Slots live in chunks and never move; data checked in every wake-up is in
/// separate arrays.
@safe
struct SlotTable: ~Copyable {
  /// The number of connections per chunk, chosen so that slots and peers fill whole memory pages.
  private static let chunkSize = 512
  private static let chunkBytes =
    chunkSize * (MemoryLayout<Slot>.stride + MemoryLayout<Peer>.stride)

  /// One memory mapping with slots and their peers.
  @safe
  private struct Chunk: BitwiseCopyable {
    let slots: UnsafeMutablePointer<Slot>
    let peers: UnsafeMutablePointer<Peer>
  }

  /// The memory for partial PDUs that a connection holds.
  struct Holding: BitwiseCopyable {
    /// The size, in bytes.
    var size: UInt32
    /// Since when it is held, as the low 32 bits of the monotonic clock in milliseconds.
    var since: UInt32
  }

  private var chunks: MappedArray<Chunk>
  /// The generation of each slot: odd while the slot is in use, and incremented with each change.
  private var generations: MappedArray<UInt32>
  /// The ticket of each connection's network among the shares; for a free slot, the next free slot.
  private var tickets: MappedArray<UInt32>
  private static let none = UInt32.max
  private var firstFree = SlotTable.none
  /// The connections without an association.
  var pending: PendingList
  /// When each slot's timer expires.
  private(set) var deadlines: MappedArray<Instant>
  /// The memory for partial PDUs that each slot holds. Only entries of slots that hold some are ever touched.
  var holdings: MappedArray<Holding>
  /// The TLS channel of each slot that has one, retained. Only entries of such slots are ever touched.
  private var channels: MappedArray<RetainedReference<SecureChannel>>
  /// The preamble of each slot that has one, retained. Only entries of such slots are ever touched.
  private var preambles: MappedArray<RetainedReference<Preamble>>
  /// The number of slots in use.
  private(set) var count = 0

  /// A table with room for its first connections.
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
    let channels = try MappedArray<RetainedReference<SecureChannel>>()
    let preambles = try MappedArray<RetainedReference<Preamble>>()
    self.chunks = chunks
    self.generations = generations
    self.tickets = tickets
    self.pending = pending
    self.deadlines = deadlines
    self.holdings = holdings
    self.channels = channels
    self.preambles = preambles
  }

  deinit {
    for index in 0..<capacity where generations[index] & 1 != 0 {
      channels[index].release()
      preambles[index].release()
      // Safe because an odd generation means that the slot is initialized.
      unsafe slot(index).deinitialize(count: 1)
    }
    for index in 0..<chunks.count {
      // Safe because the chunks were mapped here, and nothing in them is in use any more.
      unsafe Mapping.unmap(chunks[index].slots, Self.chunkBytes)
    }
  }

  /// The number of slots, in use or not.
  var capacity: Int { generations.count }

  /// Inserts a connection and returns its index, or `nil` if there is no memory for it.
  mutating func insert(_ slot: consuming Slot, from peer: NetworkAddress) -> Int? {
    if firstFree == Self.none, !grow() { return nil }
    let index = Int(firstFree)
    firstFree = tickets[index]
    tickets[index] = AddressShares.uncounted
    // Safe because a free slot is uninitialized memory of the chunk, while its peer is uninitialized only
    // before its first use, so that memory is taken when needed.
    if generations[index] == 0 { unsafe self.peer(index).initialize(to: Peer()) }
    generations[index] &+= 1
    deadlines[index] = .never
    unsafe self.slot(index).initialize(to: slot)
    unsafe self.peer(index).pointee.begin(peer)
    count += 1
    return index
  }

  /// Removes a connection and closes its socket.
  ///
  /// - Precondition: It is not in ``pending``.
  mutating func remove(_ index: Int) {
    // Safe because the slot is in use until here.
    if unsafe slot(index).pointee.channel != .plain { setChannel(index, nil) }
    if unsafe slot(index).pointee.isRelayed { setPreamble(index, nil) }
    unsafe slot(index).deinitialize(count: 1)
    generations[index] &+= 1
    deadlines[index] = .never
    if holdings[index].size > 0 { holdings[index].size = 0 }
    tickets[index] = firstFree
    firstFree = UInt32(truncatingIfNeeded: index)
    count -= 1
  }

  /// The reference to the connection at `index`.
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

  /// Sets when the timer of a slot expires.
  mutating func setDeadline(_ index: Int, _ deadline: Instant) { deadlines[index] = deadline }

  /// The ticket of a connection's network among the shares.
  ///
  /// - Precondition: The slot is in use.
  func ticket(_ index: Int) -> AddressShares.Ticket { tickets[index] }

  /// Sets the ticket of a connection's network among the shares.
  mutating func setTicket(_ index: Int, _ ticket: AddressShares.Ticket) { tickets[index] = ticket }

  /// The TLS channel of a connection, if it has one.
  func channel(_ index: Int) -> SecureChannel? { channels[index].object }

  /// Sets the TLS channel of a connection, and releases the one that it had.
  mutating func setChannel(_ index: Int, _ channel: SecureChannel?) {
    channels[index].release()
    channels[index] = RetainedReference(retaining: channel)
  }

  /// The preamble of a connection, if it has one.
  func preamble(_ index: Int) -> Preamble? { preambles[index].object }

  /// Sets the preamble of a connection, and releases the one that it had.
  mutating func setPreamble(_ index: Int, _ preamble: Preamble?) {
    preambles[index].release()
    preambles[index] = RetainedReference(retaining: preamble)
  }

  /// The poller's token for the connection in the slot: generation and index.
  func token(_ index: Int) -> UInt64 { UInt64(generations[index]) << 32 | UInt64(index) }

  /// The index of the connection with this token, or `nil` if it is gone.
  func index(of token: UInt64) -> Int? {
    let index = Int(truncatingIfNeeded: token & 0xFFFF_FFFF)
    guard index < generations.count, UInt64(generations[index]) == token >> 32 else { return nil }
    return index
  }

  /// Adds a chunk of free slots. If there is no memory for it, changes nothing and returns `false`.
  private mutating func grow() -> Bool {
    let (first, end) = (capacity, capacity + Self.chunkSize)
    guard chunks.reserve(chunks.count + 1), generations.reserve(end), tickets.reserve(end),
      deadlines.reserve(end), holdings.reserve(end), channels.reserve(end), preambles.reserve(end),
      pending.reserve(end)
    else { return false }
    // Safe because the mapping has room for both, begins at a page, which is aligned for everything, and is
    // unmapped only with the table; the elements of both are initialized one by one.
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
    precondition(isAdded, "no room for a chunk")
    holdings.appendZeroes(Self.chunkSize)
    channels.appendZeroes(Self.chunkSize)
    preambles.appendZeroes(Self.chunkSize)
    firstFree = UInt32(first)
    return true
  }
}
