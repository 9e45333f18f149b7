/// Loads and stores integers in byte spans: the two places of the core that need `unsafe`.
///
/// PDU fields are in big-endian order (PS3.8 §9.3.1), command sets in little-endian order (PS3.7 §6.3.1);
/// both come down to one unaligned load or store with one bounds check.

extension Span where Element == UInt8 {
  /// Returns the value of type `T` that begins at `offset`; integers are in this machine's byte order.
  ///
  /// - Precondition: all bytes of the value lie within the span.
  @inlinable @inline(__always)
  public func load<T: Octets>(_ type: T.Type, at offset: Int) -> T {
    precondition(offset >= 0 && count &- offset >= MemoryLayout<T>.size, "load out of bounds")
    // Safe because the precondition keeps the load within the span, and every bit pattern is a T.
    return unsafe withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: T.self) }
  }

  /// Returns the big-endian integer of type `T` that begins at `offset` (PS3.8 §9.3.1).
  @inlinable @inline(__always)
  public func bigEndian<T: FixedWidthInteger & Octets>(_ type: T.Type, at offset: Int) -> T {
    T(bigEndian: load(type, at: offset))
  }

  /// Returns the little-endian integer of type `T` that begins at `offset` (PS3.7 §6.3.1).
  @inlinable @inline(__always)
  public func littleEndian<T: FixedWidthInteger & Octets>(_ type: T.Type, at offset: Int) -> T {
    T(littleEndian: load(type, at: offset))
  }
}

extension OutputSpan where Element == UInt8 {
  /// Appends the bytes of `value`; integers are in this machine's byte order.
  ///
  /// - Precondition: the span has room for them.
  @inlinable @inline(__always) @_lifetime(self: copy self)
  public mutating func store<T: Octets>(_ value: T) {
    precondition(freeCapacity >= MemoryLayout<T>.size, "store out of bounds")
    // Safe because the precondition keeps the store within the span's free capacity, and `count`
    // grows by exactly the bytes that were initialized: no part of a T is padding.
    unsafe withUnsafeMutableBufferPointer { buffer, count in
      let target = unsafe UnsafeMutableRawPointer(buffer.baseAddress.unsafelyUnwrapped + count)
      unsafe target.storeBytes(of: value, as: T.self)
      count &+= MemoryLayout<T>.size
    }
  }

  /// Appends `value` in big-endian order (PS3.8 §9.3.1).
  @inlinable @inline(__always) @_lifetime(self: copy self)
  public mutating func append<T: FixedWidthInteger & Octets>(bigEndian value: T) {
    store(value.bigEndian)
  }

  /// Appends `value` in little-endian order (PS3.7 §6.3.1).
  @inlinable @inline(__always) @_lifetime(self: copy self)
  public mutating func append<T: FixedWidthInteger & Octets>(littleEndian value: T) {
    store(value.littleEndian)
  }

  /// Appends a copy of `bytes`.
  ///
  /// - Precondition: the span has room for them.
  @inlinable @_lifetime(self: copy self)
  public mutating func append(copying bytes: Span<UInt8>) {
    var offset = 0
    while bytes.count &- offset >= 32 {
      append(InlineArray<32, UInt8>.self, of: bytes, at: &offset)
    }
    let rest = bytes.count &- offset
    if rest & 16 != 0 { append(InlineArray<16, UInt8>.self, of: bytes, at: &offset) }
    if rest & 8 != 0 { append(UInt64.self, of: bytes, at: &offset) }
    if rest & 4 != 0 { append(UInt32.self, of: bytes, at: &offset) }
    if rest & 2 != 0 { append(UInt16.self, of: bytes, at: &offset) }
    if rest & 1 != 0 { append(UInt8.self, of: bytes, at: &offset) }
  }

  /// Appends a `T` loaded from `bytes` at `offset`, and advances `offset` past it.
  @inlinable @inline(__always) @_lifetime(self: copy self)
  mutating func append<T: Octets>(_ type: T.Type, of bytes: Span<UInt8>, at offset: inout Int) {
    store(bytes.load(type, at: offset))
    offset &+= MemoryLayout<T>.size
  }

  /// Overwrites the two appended bytes at `offset` with `value` in big-endian order, to fill in a length
  /// field once its item is complete.
  @inlinable @_lifetime(self: copy self)
  public mutating func patch(bigEndian value: UInt16, at offset: Int) {
    self[offset] = UInt8(truncatingIfNeeded: value >> 8)
    self[offset &+ 1] = UInt8(truncatingIfNeeded: value)
  }

  /// Overwrites the four appended bytes at `offset` with `value` in big-endian order.
  @inlinable @_lifetime(self: copy self)
  public mutating func patch(bigEndian value: UInt32, at offset: Int) {
    patch(bigEndian: UInt16(truncatingIfNeeded: value >> 16), at: offset)
    patch(bigEndian: UInt16(truncatingIfNeeded: value), at: offset &+ 2)
  }
}

/// A type that can be loaded from any bytes and stored as bytes: each bit pattern is a distinct value, and
/// no bit is padding.
public protocol Octets: BitwiseCopyable {}

extension UInt8: Octets {}
extension UInt16: Octets {}
extension UInt32: Octets {}
extension UInt64: Octets {}
extension UInt128: Octets {}
extension InlineArray: Octets where Element == UInt8 {}
