import ByteCoding

/// One item or sub-item of an A-ASSOCIATE PDU: a type, a reserved byte, a 16-bit length, a value
/// (PS3.8 §9.3.2).
struct Item: ~Escapable {
  /// The type byte, known to ``ItemType`` or not.
  let type: UInt8
  /// Where the item begins, in bytes from the first byte of the PDU.
  let offset: Int
  /// The bytes behind its length field.
  let value: Span<UInt8>

  @_lifetime(copy value)
  init(type: UInt8, offset: Int, value: Span<UInt8>) {
    self.type = type
    self.offset = offset
    self.value = value
  }

  /// The fault `problem` in this item.
  func malformed(_ problem: Malformed.Problem) -> Malformed {
    Malformed(item: type, offset: offset, problem)
  }

  /// A reader of the items inside this one, `skipping` its first bytes.
  @_lifetime(copy self)
  func items(skipping count: Int = 0) -> ItemReader {
    ItemReader(value.extracting(droppingFirst: count), at: offset + Self.headerSize + count)
  }

  /// The bytes in front of every item's value.
  static let headerSize = 4
}

/// Walks the items that fill a span, each checked against its end.
struct ItemReader: ~Escapable {
  private let bytes: Span<UInt8>
  private var position = 0
  private let base: Int

  /// A reader of the items in `bytes`, which begin at `base` bytes from the start of the PDU.
  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, at base: Int) {
    self.bytes = bytes
    self.base = base
  }

  /// A reader of the items behind the fixed fields of an A-ASSOCIATE-RQ or A-ASSOCIATE-AC, whose
  /// bytes behind the PDU header are `body`.
  @_lifetime(copy body)
  static func ofPDU(_ body: Span<UInt8>) -> ItemReader {
    let fixedSize = AssociateRequest.fixedSize
    return ItemReader(
      body.extracting(droppingFirst: fixedSize), at: PDUType.headerSize + fixedSize)
  }

  /// The next item, or nothing at the end.
  @inline(__always) @_lifetime(self: copy self) @_lifetime(copy self)
  mutating func next() throws(Malformed) -> Item? {
    let left = bytes.count &- position
    guard left > 0 else { return nil }
    let offset = base &+ position
    guard left >= Item.headerSize else {
      throw Malformed(item: bytes[position], offset: offset, .endsEarly)
    }
    let header = bytes.bigEndian(UInt32.self, at: position)
    let type = UInt8(truncatingIfNeeded: header >> 24)
    let length = Int(header & 0xFFFF)
    guard length <= left &- Item.headerSize else {
      throw Malformed(item: type, offset: offset, .reachesBeyond)
    }
    let start = position &+ Item.headerSize
    position = start &+ length
    return Item(type: type, offset: offset, value: bytes.extracting(start..<position))
  }
}
