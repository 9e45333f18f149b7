import ByteCoding

/// The fixed fields of a Presentation Data Value Item (PS3.8 §9.3.5.1) and its message control
/// header (PS3.8 annex E.2).
public struct PDV: Equatable, Sendable {
  /// The PDV-length field: the size of the context ID, the control header and the fragment, in bytes.
  public let length: UInt32
  /// The presentation context that the fragment belongs to.
  public let contextID: UInt8
  private let controlHeader: UInt8

  /// The size of the fields before the fragment, in bytes: length, context ID, message control header.
  public static let headerSize = 6
  /// The bytes that PDV-length counts besides the fragment: context ID and control header.
  public static let overhead: UInt32 = 2
  /// The smallest maximum length with room for a fragment, which must be even (annexes D.1 and E.2).
  public static let leastMaximumLength = UInt32(headerSize + 2)

  /// Reads the header that begins at `offset` in `bytes`.
  ///
  /// - Precondition: `bytes` holds all six bytes of the header.
  @inline(__always)
  public init(_ bytes: Span<UInt8>, at offset: Int) {
    length = bytes.bigEndian(UInt32.self, at: offset)
    contextID = bytes[offset &+ 4]
    controlHeader = bytes[offset &+ 5]
  }

  /// Whether the fragment belongs to a command set rather than a data set; other bits are not tested.
  public var isCommand: Bool { controlHeader & 1 != 0 }
  /// Whether the fragment is the last one of its command set or data set.
  public var isLast: Bool { controlHeader & 2 != 0 }
  /// The size of the fragment, in bytes.
  ///
  /// - Precondition: `length` is at least ``overhead``.
  public var fragmentLength: UInt32 { length &- Self.overhead }
}

extension OutputSpan where Element == UInt8 {
  /// Appends the headers of a P-DATA-TF and its only PDV, for a command set fragment of `size` bytes (PS3.8
  /// §9.3.5.1, annex E.2).
  @inline(__always) @_lifetime(self: copy self)
  mutating func appendFragmentHeaders(size: Int, on contextID: UInt8, isLast: Bool) {
    let pdvLength = UInt64(truncatingIfNeeded: size) &+ UInt64(PDV.overhead)
    append(bigEndian: UInt16(PDUType.dataTransfer.rawValue) << 8)
    append(bigEndian: (pdvLength &+ 4) << 32 | pdvLength)
    append(bigEndian: UInt16(contextID) << 8 | (isLast ? 3 : 1))
  }

  /// Appends `commandSet` as P-DATA-TFs with one PDV each, no longer than `maximumLength`, where 0 means no
  /// limit, and with even fragments (PS3.8 §9.3.5, annexes D.1 and E.2).
  ///
  /// - Precondition: `maximumLength` is 0, or at least ``PDV/leastMaximumLength``.
  @inline(never) @_lifetime(self: copy self)
  public mutating func appendFragments(
    of commandSet: Span<UInt8>, on contextID: UInt8, maximumLength: UInt32
  ) {
    let room =
      maximumLength == 0 ? commandSet.count : (Int(maximumLength) &- PDV.headerSize) & ~1
    var offset = 0
    while offset < commandSet.count {
      let end = min(offset &+ room, commandSet.count)
      appendFragmentHeaders(
        size: end &- offset, on: contextID, isLast: end == commandSet.count)
      append(copying: commandSet.extracting(offset..<end))
      offset = end
    }
  }
}
