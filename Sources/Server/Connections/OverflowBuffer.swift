import Linux

/// The bytes of one connection that do not fit into its slot: a long partial PDU, or a reply that the peer
/// does not accept yet.
///
/// It is a memory mapping of its own, so that memory taken during a flood returns to the system afterwards.
/// It grows with the bytes received, never with an announced length.
@safe
struct OverflowBuffer: ~Copyable {
  /// The maximum capacity of a buffer, in bytes: the longest request, its header, and a whole receive.
  static let largest = (256 << 10) + (64 << 10)
  /// The unit of capacity and charge, in bytes: both are multiples of it.
  private static let block = 4 << 10

  private var base: UnsafeMutablePointer<UInt8>?
  private var budget: MemoryBudget?
  // Narrower than Int: there are two of these buffers for each connection.
  private var startBits: UInt32 = 0
  private var endBits: UInt32 = 0
  private var capacityBlocks: UInt16 = 0
  private var chargeBlocks: UInt16 = 0

  /// An empty buffer, which takes no memory.
  init() {
    // Safe because there is no mapping yet.
    unsafe base = nil
  }

  deinit {
    // Safe because the mapping has this size, and no reference to it is left.
    if let base = unsafe base { unsafe Mapping.unmap(base, capacity) }
    budget?.release(charge)
  }

  /// The number of bytes that the mapping holds.
  private(set) var capacity: Int {
    get { Int(capacityBlocks) * Self.block }
    set { capacityBlocks = UInt16(newValue / Self.block) }
  }

  /// The offset of the first byte in use.
  private(set) var start: Int {
    get { Int(startBits) }
    set { startBits = UInt32(newValue) }
  }

  /// The offset just past the last byte in use.
  private(set) var end: Int {
    get { Int(endBits) }
    set { endBits = UInt32(newValue) }
  }

  /// The part of the capacity that is charged to a budget, in bytes.
  private(set) var charge: Int {
    get { Int(chargeBlocks) * Self.block }
    set { chargeBlocks = UInt16(newValue / Self.block) }
  }

  /// Whether no byte is in use.
  var isEmpty: Bool { startBits == endBits }
  /// The number of bytes in use.
  var count: Int { end - start }
  /// Whether one more byte would need more capacity.
  var isFull: Bool { capacity == end }

  /// The reason why there is no room.
  enum Shortage: Error {
    /// The buffer would exceed its maximum.
    case buffer
    /// The budget does not allow the buffer to hold this many bytes of it in all.
    case budget(Int)
    /// The system has no memory.
    case system
  }

  /// Makes room for `size` more bytes after those in use.
  ///
  /// - Parameters:
  ///   - memory: The budget to charge for the capacity, or `nil` if something else limits it.
  ///   - free: The number of bytes of the capacity that are not charged, a multiple of 4 KiB.
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
    // Safe because a mapping is created, grown and unmapped only here, with its true size.
    let mapped =
      unsafe base.map { unsafe Mapping.remap($0, capacity, larger) } ?? Mapping.map(larger)
    guard let mapped = unsafe mapped else { throw .system }
    unsafe base = mapped.assumingMemoryBound(to: UInt8.self)
    capacity = larger
  }

  /// Charges the whole capacity, including the part that was free.
  mutating func chargeAll(to memory: MemoryBudget) throws(Shortage) {
    try charge(capacity, to: memory)
  }

  private mutating func charge(_ wanted: Int, to memory: MemoryBudget?) throws(Shortage) {
    guard let memory, wanted > charge else { return }
    guard memory.reserve(wanted - charge) else { throw .budget(wanted) }
    budget = memory
    charge = wanted
  }

  /// Lends `body` at most `most` bytes of room after the bytes in use. `body` fills it from the start and
  /// returns how many bytes it has filled.
  mutating func fill(atMost most: Int = .max, _ body: (inout MutableSpan<UInt8>) -> Int) {
    // Safe because the span covers exactly the room between `end` and `capacity` of the mapping.
    let buffer = unsafe UnsafeMutableBufferPointer(
      start: base.map { unsafe $0 + end }, count: min(capacity - end, most))
    var span = unsafe buffer.mutableSpan
    let filled = body(&span)
    precondition(filled <= buffer.count, "filled beyond the available room")
    end += filled
  }

  /// The bytes in use. They stay where they are until the buffer makes room or frees them.
  var bytes: UnsafeMutableBufferPointer<UInt8> {
    // Safe because the range between `start` and `end` lies within the mapping.
    unsafe UnsafeMutableBufferPointer(start: base.map { unsafe $0 + start }, count: count)
  }

  /// Appends a copy of `bytes` to those in use.
  ///
  /// - Precondition: There is room for them.
  mutating func append(_ bytes: Span<UInt8>) {
    fill { room in
      for index in bytes.indices { room[index] = bytes[index] }
      return bytes.count
    }
  }

  /// Keeps only `range` of the bytes in use, and releases the memory if that is empty.
  mutating func keep(_ range: Range<Int>) {
    precondition(range.upperBound <= count, "keeps more bytes than it holds")
    end = start + range.upperBound
    start += range.lowerBound
    if isEmpty { free() }
  }

  /// Releases the memory.
  mutating func free() {
    if let base = unsafe base {
      // Safe because the mapping has this size, and no reference to it is left.
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
