import CLinux

/// Values in a memory mapping of their own. An array would look before each write whether somebody shares
/// it, leave its old memory behind when it grows, and end the program when there is none to grow into.
@safe
public struct MappedArray<Element: BitwiseCopyable>: ~Copyable {
  // Safe because the mapping has room for `capacity` elements, of which the first `count` are
  // initialized, and every index is held against `count`.
  private var base: UnsafeMutablePointer<Element>
  /// How many elements have room.
  public private(set) var capacity: Int
  /// How many there are.
  public private(set) var count = 0

  /// An array without elements.
  public init() throws(SystemError) {
    capacity = 512
    // Safe because the mapping has room for so many.
    unsafe base = try Self.map(capacity)
  }

  /// An array of `count` elements whose bytes are all 0; memory is taken as they are written.
  ///
  /// - Precondition: Such an element is a valid one.
  public init(zeroes count: Int) throws(SystemError) {
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
    // Safe because the mapping has this size, and the array was its only owner.
    unsafe cl_unmap(base, capacity * MemoryLayout<Element>.stride)
  }

  /// The element at `index`.
  ///
  /// - Precondition: There are more elements than that.
  public subscript(index: Int) -> Element {
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
  public mutating func reserve(_ wanted: Int) -> Bool {
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
  public mutating func append(_ element: Element) -> Bool {
    if count == capacity, !reserve(count + 1) { return false }
    // Safe because there is room for one more.
    unsafe (base + count).initialize(to: element)
    count &+= 1
    return true
  }

  /// Adds elements whose bytes are all 0, without touching their memory.
  ///
  /// - Precondition: There is room, none of it was ever in use, and such elements are valid ones.
  public mutating func appendZeroes(_ number: Int) {
    precondition(number <= capacity - count, "no room")
    count &+= number
  }

  /// Takes the last element away.
  public mutating func removeLast() -> Element {
    let last = self[count &- 1]
    count &-= 1
    return last
  }

  /// Takes all elements away.
  public mutating func removeAll() { count = 0 }
}
