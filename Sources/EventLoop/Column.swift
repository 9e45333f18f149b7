import CLinux

/// One value for each slot of a ``SlotTable``, or place of another table, in a memory mapping of its
/// own. An array would look before each write whether somebody shares it, and leave its old memory
/// behind when it grows.
@safe
struct Column<Element: BitwiseCopyable>: ~Copyable {
  // Safe because the mapping has room for `capacity` elements, of which the first `count` are
  // initialized, and every index is held against `count`.
  private var base: UnsafeMutablePointer<Element>
  private var capacity: Int
  private(set) var count = 0

  /// A column without elements.
  init() {
    capacity = 512
    // A mapping begins at a page, which is aligned for everything.
    let size = capacity * MemoryLayout<Element>.stride
    // Safe because the mapping is of this size.
    guard let mapped = unsafe cl_map(size) else { fatalError("out of memory") }
    unsafe base = mapped.assumingMemoryBound(to: Element.self)
  }

  /// A column of `count` elements whose bytes are all 0; memory is taken as they are written.
  ///
  /// - Precondition: Such an element is a valid one.
  init(zeroes count: Int) {
    capacity = count
    // Safe because a new mapping holds zeroes, and is of this size.
    guard let mapped = unsafe cl_map(count * MemoryLayout<Element>.stride) else {
      fatalError("out of memory")
    }
    unsafe base = mapped.assumingMemoryBound(to: Element.self)
    self.count = count
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

  /// Puts an element behind the last one.
  mutating func append(_ element: Element) {
    if count == capacity { grow() }
    // Safe because there is room for one more.
    unsafe (base + count).initialize(to: element)
    count &+= 1
  }

  /// Takes the last element away.
  mutating func removeLast() -> Element {
    let last = self[count &- 1]
    count &-= 1
    return last
  }

  /// Takes all elements away.
  mutating func removeAll() { count = 0 }

  private mutating func grow() {
    let size = capacity * MemoryLayout<Element>.stride
    // Safe because the elements move with the mapping.
    guard let mapped = unsafe cl_remap(base, size, 2 * size) else { fatalError("out of memory") }
    unsafe base = mapped.assumingMemoryBound(to: Element.self)
    capacity *= 2
  }
}
