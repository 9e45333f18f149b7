import Linux

/// Bytes of one connection that have no room in its slot: a long partial PDU, or a reply that the
/// peer does not take yet.
///
/// It is a memory mapping of its own, so that what a flood took goes back to the system when it is
/// over. It grows with the bytes that have come, never with a length that was announced.
@safe
struct OverflowBuffer: ~Copyable {
  /// The most one buffer holds: a request of the longest kind, its header, and a whole receive.
  static let largest = (256 << 10) + (64 << 10)
  /// The least one holds; what it holds, and what is charged for it, is a multiple of this.
  private static let block = 4 << 10

  private var base: UnsafeMutablePointer<UInt8>?
  private var budget: MemoryBudget?
  // Less wide than an Int: there are two of these buffers for each connection.
  private var startBits: UInt32 = 0
  private var endBits: UInt32 = 0
  private var capacityBlocks: UInt16 = 0
  private var chargeBlocks: UInt16 = 0

  /// A buffer that holds nothing and takes nothing.
  init() {
    // Safe because there is no mapping yet.
    unsafe base = nil
  }

  deinit {
    // Safe because the mapping has this size, and nothing refers to it any more.
    if let base = unsafe base { unsafe Mapping.unmap(base, capacity) }
    budget?.release(charge)
  }

  /// The bytes it has room for.
  private(set) var capacity: Int {
    get { Int(capacityBlocks) * Self.block }
    set { capacityBlocks = UInt16(newValue / Self.block) }
  }

  /// Where the first byte in use is.
  private(set) var start: Int {
    get { Int(startBits) }
    set { startBits = UInt32(newValue) }
  }

  /// Where the bytes in use end.
  private(set) var end: Int {
    get { Int(endBits) }
    set { endBits = UInt32(newValue) }
  }

  /// What of its capacity was taken out of a budget, in bytes.
  private(set) var charge: Int {
    get { Int(chargeBlocks) * Self.block }
    set { chargeBlocks = UInt16(newValue / Self.block) }
  }

  /// Whether no byte is in use.
  var isEmpty: Bool { startBits == endBits }
  /// How many bytes are in use.
  var count: Int { end - start }
  /// Whether not even one more byte has room without growing.
  var isFull: Bool { capacity == end }

  /// Why there is no room.
  enum Shortage: Error {
    /// No buffer may be so large.
    case buffer
    /// The budget has less than this, in bytes, which the buffer would hold of it in all.
    case budget(Int)
    /// There is no memory.
    case system
  }

  /// Makes room for `size` more bytes behind those in use.
  ///
  /// - Parameters:
  ///   - memory: What is charged for the capacity; nil if something else bounds it.
  ///   - free: How many bytes of the capacity are not charged: so many blocks of 4 KiB.
  mutating func makeRoom(
    for size: Int, within memory: MemoryBudget?, free: Int = 0
  ) throws(Shortage) {
    if capacity - end >= size { return }
    moveToFront()
    if capacity - end >= size { return }
    let needed = end + size
    guard needed <= Self.largest else { throw .buffer }
    var larger = max(capacity, Self.block)
    while larger < needed { larger *= 2 }
    larger = min(larger, Self.largest)
    try charge(memory == nil ? 0 : max(0, larger - free), to: memory)
    // Safe because a mapping is only ever made, grown and given back here, with its true size.
    let mapped =
      unsafe base.map { unsafe Mapping.remap($0, capacity, larger) } ?? Mapping.map(larger)
    guard let mapped = unsafe mapped else { throw .system }
    unsafe base = mapped.assumingMemoryBound(to: UInt8.self)
    capacity = larger
  }

  /// Charges all of the capacity, which was free in part.
  mutating func chargeAll(to memory: MemoryBudget) throws(Shortage) {
    try charge(capacity, to: memory)
  }

  private mutating func charge(_ wanted: Int, to memory: MemoryBudget?) throws(Shortage) {
    guard let memory, wanted > charge else { return }
    guard memory.reserve(wanted - charge) else { throw .budget(wanted) }
    budget = memory
    charge = wanted
  }

  /// Lends the room behind the bytes in use, at most `most` bytes of it, to be filled from its
  /// beginning; `body` returns how many bytes it has filled.
  mutating func fill(atMost most: Int = .max, _ body: (inout MutableSpan<UInt8>) -> Int) {
    // Safe because the span covers exactly the room between `end` and `capacity` of the mapping.
    let buffer = unsafe UnsafeMutableBufferPointer(
      start: base.map { unsafe $0 + end }, count: min(capacity - end, most))
    var span = unsafe buffer.mutableSpan
    let filled = body(&span)
    precondition(filled <= buffer.count, "filled beyond its room")
    end += filled
  }

  /// The bytes in use; they stay where they are until room is made or they are freed.
  var bytes: UnsafeMutableBufferPointer<UInt8> {
    // Safe because the range between `start` and `end` lies within the mapping.
    unsafe UnsafeMutableBufferPointer(start: base.map { unsafe $0 + start }, count: count)
  }

  /// Puts a copy of `bytes` behind those in use.
  ///
  /// - Precondition: There is room for them.
  mutating func append(_ bytes: Span<UInt8>) {
    fill { room in
      for index in bytes.indices { room[index] = bytes[index] }
      return bytes.count
    }
  }

  /// Keeps only `range` of the bytes in use; gives the memory back when it is empty.
  mutating func keep(_ range: Range<Int>) {
    precondition(range.upperBound <= count, "keeps more than there is")
    end = start + range.upperBound
    start += range.lowerBound
    if isEmpty { free() }
  }

  /// Gives the memory back.
  mutating func free() {
    if let base = unsafe base {
      // Safe because the mapping has this size, and nothing refers to it any more.
      unsafe Mapping.unmap(base, capacity)
    }
    budget?.release(charge)
    unsafe base = nil
    budget = nil
    capacity = 0
    charge = 0
    start = 0
    end = 0
  }

  private mutating func moveToFront() {
    guard start > 0, let base = unsafe base else { return }
    // Safe because both ranges lie within the mapping; `update` allows them to overlap.
    unsafe base.update(from: base + start, count: count)
    end = count
    start = 0
  }
}
