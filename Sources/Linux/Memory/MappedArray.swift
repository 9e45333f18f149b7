import CLinux

/// Values in a memory mapping of their own. An `Array` would check for sharing before each write, leave its
/// old memory behind when it grows, and end the program if memory runs out.
@safe
public struct MappedArray<Element: BitwiseCopyable>: ~Copyable {
  // Safe because the mapping has room for `capacity` elements, of which the first `count` are initialized,
  // and every index is checked against `count`.
  private var base: UnsafeMutablePointer<Element>
  /// The number of elements that fit.
  public private(set) var capacity: Int
  /// The number of elements.
  public private(set) var count = 0

  /// Creates an empty array.
  public init() throws(SystemError) {
    capacity = 512
    // Safe because the mapping has room for that many.
    unsafe base = try Self.map(capacity)
  }

  /// Creates an array of `count` elements whose bytes are all 0; the system provides memory
  /// as they are written.
  ///
  /// - Precondition: An element whose bytes are all 0 is valid.
  public init(zeroes count: Int) throws(SystemError) {
    capacity = count
    self.count = count
    // Safe because the mapping has room for that many, and holds zeroes.
    unsafe base = try Self.map(count)
  }

  private static func map(_ capacity: Int) throws(SystemError) -> UnsafeMutablePointer<Element> {
    // Safe because a new mapping has this size, and starts at a page boundary, which is
    // aligned for any type.
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
  /// - Precondition: `index` is less than `count`.
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

  /// Makes room for `wanted` elements in total; false if memory runs out.
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

  /// Appends an element; false if memory runs out.
  public mutating func append(_ element: Element) -> Bool {
    if count == capacity, !reserve(count + 1) { return false }
    // Safe because there is room for one more.
    unsafe (base + count).initialize(to: element)
    count &+= 1
    return true
  }

  /// Appends `number` elements whose bytes are all 0, without touching their memory.
  ///
  /// - Precondition: There is room that was never in use, and elements whose bytes are all 0 are valid.
  public mutating func appendZeroes(_ number: Int) {
    precondition(number <= capacity - count, "no room")
    count &+= number
  }

  /// Removes and returns the last element.
  public mutating func removeLast() -> Element {
    let last = self[count &- 1]
    count &-= 1
    return last
  }

  /// Removes all elements.
  public mutating func removeAll() { count = 0 }
}
