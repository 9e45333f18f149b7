import ByteCoding

/// One item or sub-item of an A-ASSOCIATE PDU: a type, a reserved byte, a 16-bit length, a value
/// (PS3.8 §9.3.2).
struct Item: ~Escapable {
  /// The type byte, known to ``ItemType`` or not.
  let type: UInt8
  /// The offset of the item, in bytes from the start of the PDU.
  let offset: Int
  /// The bytes after the length field.
  let value: Span<UInt8>

  @_lifetime(copy value)
  init(type: UInt8, offset: Int, value: Span<UInt8>) {
    self.type = type
    self.offset = offset
    self.value = value
  }

  /// Returns the error for `problem` in this item.
  func malformed(_ problem: Malformed.Problem) -> Malformed {
    Malformed(item: type, offset: offset, problem)
  }

  /// Returns a reader of the items inside this one, `skipping` its first bytes.
  @_lifetime(copy self)
  func items(skipping count: Int = 0) -> ItemReader {
    ItemReader(value.extracting(droppingFirst: count), at: offset + Self.headerSize + count)
  }

  /// The size of the header before every item's value, in bytes.
  static let headerSize = 4
}

/// Reads the items that fill a span one by one, and checks that each lies within it.
struct ItemReader: ~Escapable {
  private let bytes: Span<UInt8>
  private var position = 0
  private let base: Int

  /// Creates a reader of the items in `bytes`, which begin `base` bytes after the start of the PDU.
  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, at base: Int) {
    self.bytes = bytes
    self.base = base
  }

  /// Returns a reader of the items after the fixed fields of an A-ASSOCIATE-RQ or A-ASSOCIATE-AC, where
  /// `body` is the PDU without its header.
  @_lifetime(copy body)
  static func ofPDU(_ body: Span<UInt8>) -> ItemReader {
    let fixedSize = AssociateRequest.fixedSize
    return ItemReader(
      body.extracting(droppingFirst: fixedSize), at: PDUType.headerSize + fixedSize)
  }

  /// Returns the first item of `type` in an A-ASSOCIATE-RQ or A-ASSOCIATE-AC, or `nil` if it has none.
  @_lifetime(copy body)
  static func first(_ type: ItemType, ofPDU body: Span<UInt8>) throws(Malformed) -> Item? {
    var items = ofPDU(body)
    return try items.next(type)
  }

  /// Returns the next item of `type`, or `nil` at the end.
  @_lifetime(self: copy self) @_lifetime(copy self)
  mutating func next(_ type: ItemType) throws(Malformed) -> Item? {
    while let item = try next() {
      if item.type == type.rawValue { return item }
    }
    return nil
  }

  /// Returns the next item, or `nil` at the end.
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

/// The items and sub-items of A-ASSOCIATE PDUs (PS3.8 §9.3.2, §9.3.3, annex D; PS3.7 annex D.3.3).
public enum ItemType: UInt8, Sendable, CaseIterable {
  /// Application Context Item (PS3.8 §9.3.2.1).
  case applicationContext = 0x10
  /// Presentation Context Item of a request (PS3.8 §9.3.2.2).
  case presentationContextProposed = 0x20
  /// Presentation Context Item of an acceptance (PS3.8 §9.3.3.2).
  case presentationContextResult = 0x21
  /// Abstract Syntax Sub-Item (PS3.8 §9.3.2.2.1).
  case abstractSyntax = 0x30
  /// Transfer Syntax Sub-Item (PS3.8 §9.3.2.2.2).
  case transferSyntax = 0x40
  /// User Information Item (PS3.8 §9.3.2.3).
  case userInformation = 0x50
  /// Maximum Length Sub-Item (PS3.8 annex D.1).
  case maximumLength = 0x51
  /// Implementation Class UID Sub-Item (PS3.7 annex D.3.3.2).
  case implementationClassUID = 0x52
  /// Asynchronous Operations Window Sub-Item (PS3.7 annex D.3.3.3).
  case asynchronousOperationsWindow = 0x53
  /// SCP/SCU Role Selection Sub-Item (PS3.7 annex D.3.3.4).
  case roleSelection = 0x54
  /// Implementation Version Name Sub-Item (PS3.7 annex D.3.3.2).
  case implementationVersionName = 0x55
  /// SOP Class Extended Negotiation Sub-Item (PS3.7 annex D.3.3.5).
  case sopClassExtendedNegotiation = 0x56
  /// SOP Class Common Extended Negotiation Sub-Item (PS3.7 annex D.3.3.6).
  case sopClassCommonExtendedNegotiation = 0x57
  /// User Identity Sub-Item of a request (PS3.7 annex D.3.3.7).
  case userIdentity = 0x58
}

/// A violation of the encoding rules of PS3.8 §9.3, located to the byte.
public struct Malformed: Error, Equatable, Sendable {
  /// A kind of violation.
  public enum Problem: UInt8, Sendable {
    /// The PDU or item ends before a required field.
    case endsEarly
    /// The item extends beyond the item or PDU that encloses it.
    case reachesBeyond
    /// The item does not have the length that its type requires.
    case wrongLength
    /// A PDV-length, or a length inside an item, is inconsistent with the lengths around it.
    case doesNotAddUp
  }

  /// The type byte of the innermost item concerned; 0 for the fields of the PDU itself.
  public let item: UInt8
  /// The offset of the item, in bytes from the start of the PDU.
  public let offset: UInt32
  /// The kind of violation in the item.
  public let problem: Problem

  /// A violation in the item of type `item` that begins `offset` bytes after the start of the PDU.
  public init(item: UInt8, offset: Int, _ problem: Problem) {
    self.item = item
    self.offset = UInt32(truncatingIfNeeded: offset)
    self.problem = problem
  }
}

extension OutputSpan where Element == UInt8 {
  /// Appends the header of an item whose value is `length` bytes (PS3.8 §9.3.2).
  @inline(__always) @_lifetime(self: copy self)
  mutating func appendItemHeader(_ type: ItemType, length: Int) {
    append(
      bigEndian: UInt32(type.rawValue) << 24 | UInt32(UInt16(truncatingIfNeeded: length)))
  }

  /// Appends an item header and returns the offset of its length, which ``endItem(_:)`` fills in.
  @inline(__always) @_lifetime(self: copy self)
  public mutating func beginItem(_ type: ItemType) -> Int {
    appendItemHeader(type, length: 0)
    return count - 2
  }

  /// Fills in the length of the item that ``beginItem(_:)`` began at `lengthOffset`.
  @inline(__always) @_lifetime(self: copy self)
  public mutating func endItem(_ lengthOffset: Int) {
    patch(bigEndian: UInt16(truncatingIfNeeded: count - lengthOffset - 2), at: lengthOffset)
  }

  /// Appends an item whose value is the text of `uid`.
  @_lifetime(self: copy self)
  public mutating func appendItem(_ type: ItemType, _ uid: StandardUID) {
    let lengthOffset = beginItem(type)
    append(uid)
    endItem(lengthOffset)
  }

  /// Appends an item whose value is `text`.
  @_lifetime(self: copy self)
  mutating func appendItem(_ type: ItemType, _ text: String) {
    appendItemHeader(type, length: text.utf8.count)
    append(copying: text.utf8.span)
  }
}
