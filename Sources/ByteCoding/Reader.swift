/// A cursor over borrowed bytes whose every step is checked against the bytes it was given.
///
/// DICOM nests items in items; a `Reader` made by ``take(_:)`` can never see past the item that
/// encloses it, so a lying length is found where it lies.
public struct Reader: ~Escapable {
  /// The bytes being read.
  public let bytes: Span<UInt8>
  /// The index of the next byte in `bytes`.
  public private(set) var position = 0

  /// A reader at the first byte of `bytes`.
  @inlinable @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  /// How many bytes are left.
  @inlinable public var remaining: Int { bytes.count &- position }

  /// Whether everything has been read.
  @inlinable public var isAtEnd: Bool { remaining == 0 }

  /// Reads one byte; `nil` when none is left.
  @_lifetime(self: copy self)
  public mutating func uint8() -> UInt8? {
    guard remaining >= 1 else { return nil }
    defer { position &+= 1 }
    return bytes[position]
  }

  /// Reads a big-endian 16-bit field; `nil` when fewer than two bytes are left.
  @_lifetime(self: copy self)
  public mutating func uint16() -> UInt16? {
    guard remaining >= 2 else { return nil }
    defer { position &+= 2 }
    return bytes.bigEndian(UInt16.self, at: position)
  }

  /// Reads the next `count` bytes as a span of their own; `nil` when fewer are left.
  @_lifetime(self: copy self) @_lifetime(copy self)
  public mutating func take(_ count: Int) -> Span<UInt8>? {
    guard count >= 0, remaining >= count else { return nil }
    defer { position &+= count }
    return bytes.extracting(position..<position &+ count)
  }
}
