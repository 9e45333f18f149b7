import CLinux

/// One value for each slot of a ``SlotTable``, or place of another table, in a memory mapping of its
/// own. An array would look before each write whether somebody shares it, leave its old memory behind
/// when it grows, and end the program when there is none to grow into.
@safe
struct Column<Element: BitwiseCopyable>: ~Copyable {
  // Safe because the mapping has room for `capacity` elements, of which the first `count` are
  // initialized, and every index is held against `count`.
  private var base: UnsafeMutablePointer<Element>
  private(set) var capacity: Int
  private(set) var count = 0

  /// A column without elements.
  init() throws(SystemError) {
    capacity = 512
    // Safe because the mapping has room for so many.
    unsafe base = try Self.map(capacity)
  }

  /// A column of `count` elements whose bytes are all 0; memory is taken as they are written.
  ///
  /// - Precondition: Such an element is a valid one.
  init(zeroes count: Int) throws(SystemError) {
    capacity = count
    self.count = count
    // Safe because the mapping has room for so many, and holds zeroes.
    unsafe base = try Self.map(count)
  }

  private static func map(_ capacity: Int) throws(SystemError) -> UnsafeMutablePointer<Element> {
    // Safe because a new mapping has this size, and begins at a page, which is aligned for everything.
    guard let mapped = unsafe cl_map(capacity * MemoryLayout<Element>.stride) else {
      throw .outOfMemory
    }
    return unsafe mapped.assumingMemoryBound(to: Element.self)
  }

  deinit {
    // Safe because the mapping has this size, and the column was its only owner.
    unsafe cl_unmap(base, capacity * MemoryLayout<Element>.stride)
  }

  subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "no such slot")
      // Safe because of the precondition, here and below.
      return unsafe base[index]
    }
    set {
      precondition(index >= 0 && index < count, "no such slot")
      unsafe base[index] = newValue
    }
  }

  /// Makes room for `wanted` elements in all; false when there is no memory for them.
  mutating func reserve(_ wanted: Int) -> Bool {
    var larger = capacity
    while larger < wanted { larger *= 2 }
    if larger == capacity { return true }
    let stride = MemoryLayout<Element>.stride
    // Safe because the elements move with the mapping, which has this size now.
    guard let mapped = unsafe cl_remap(base, capacity * stride, larger * stride) else {
      return false
    }
    unsafe base = mapped.assumingMemoryBound(to: Element.self)
    capacity = larger
    return true
  }

  /// Puts an element behind the last one; false when there is no memory for it.
  mutating func append(_ element: Element) -> Bool {
    if count == capacity, !reserve(count + 1) { return false }
    // Safe because there is room for one more.
    unsafe (base + count).initialize(to: element)
    count &+= 1
    return true
  }

  /// Adds elements whose bytes are all 0, without touching their memory.
  ///
  /// - Precondition: There is room, none of it was ever in use, and such elements are valid ones.
  mutating func appendZeroes(_ number: Int) {
    precondition(number <= capacity - count, "no room")
    count &+= number
  }

  /// Takes the last element away.
  mutating func removeLast() -> Element {
    let last = self[count &- 1]
    count &-= 1
    return last
  }

  /// Takes all elements away.
  mutating func removeAll() { count = 0 }
}
