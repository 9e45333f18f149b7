/// A cursor over borrowed bytes that checks every step against their bounds.
///
/// DICOM nests items in items; a `Reader` of bytes from ``take(_:)`` never sees past the item that encloses
/// them, so that a wrong length is found where it occurs.
public struct Reader: ~Escapable {
  /// The bytes being read.
  public let bytes: Span<UInt8>
  /// The index of the next byte in `bytes`.
  public private(set) var position = 0

  /// A reader at the first byte of `bytes`.
  @inlinable @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  /// The number of bytes left.
  @inlinable public var remaining: Int { bytes.count &- position }

  /// Whether all bytes have been read.
  @inlinable public var isAtEnd: Bool { remaining == 0 }

  /// Reads one byte, or returns `nil` if none is left.
  @_lifetime(self: copy self)
  public mutating func uint8() -> UInt8? {
    guard remaining >= 1 else { return nil }
    defer { position &+= 1 }
    return bytes[position]
  }

  /// Reads a big-endian 16-bit field, or returns `nil` if fewer than two bytes are left.
  @_lifetime(self: copy self)
  public mutating func uint16() -> UInt16? {
    guard remaining >= 2 else { return nil }
    defer { position &+= 2 }
    return bytes.bigEndian(UInt16.self, at: position)
  }

  /// Reads the next `count` bytes as a span, or returns `nil` if fewer are left.
  @_lifetime(self: copy self) @_lifetime(copy self)
  public mutating func take(_ count: Int) -> Span<UInt8>? {
    guard count >= 0, remaining >= count else { return nil }
    defer { position &+= count }
    return bytes.extracting(position..<position &+ count)
  }
}
