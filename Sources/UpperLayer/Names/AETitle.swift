import ByteCoding

/// An application entity title, in the form used for comparison.
///
/// PS3.8 §9.3.2 defines 16 characters, in which leading and trailing spaces are not significant; devices
/// also pad with NUL. Case is significant (PS3.5 §6.2, VR AE).
public struct AETitle: Hashable, Sendable {
  /// The size of the field on the wire, in bytes.
  public static let size = 16

  private let first: UInt64
  private let second: UInt64

  /// The title in a 16-byte field, without its padding.
  ///
  /// - Precondition: `field` has 16 bytes.
  public init(field: Span<UInt8>) {
    precondition(field.count == Self.size, "an AE title field has 16 bytes")
    let (sentFirst, sentSecond) = (field.load(UInt64.self, at: 0), field.load(UInt64.self, at: 8))
    // The usual case: no leading space, and already padded with spaces.
    if field[0] != 0x20, !Self.hasNUL(sentFirst), !Self.hasNUL(sentSecond) {
      (first, second) = (sentFirst, sentSecond)
      return
    }
    var start = 0
    var end = Self.size
    while end > 0, field[end - 1] == 0x20 || field[end - 1] == 0 { end -= 1 }
    while start < end, field[start] == 0x20 { start += 1 }
    var padded = InlineArray<16, UInt8>(repeating: 0x20)
    for index in start..<end { padded[index - start] = field[index] }
    first = padded.span.load(UInt64.self, at: 0)
    second = padded.span.load(UInt64.self, at: 8)
  }

  /// The title `text`, or `nil` unless it is one to sixteen characters of the default repertoire, without
  /// backslashes and control characters, and not only spaces (PS3.5 §6.2).
  public init?(_ text: String) {
    var field = InlineArray<16, UInt8>(repeating: 0x20)
    var length = 0
    for byte in text.utf8 {
      guard length < Self.size, (0x20...0x7E).contains(byte), byte != UInt8(ascii: "\\") else {
        return nil
      }
      field[length] = byte
      length += 1
    }
    self.init(field: field.span)
    if isBlank { return nil }
  }

  /// The title `literal`, for titles in this program.
  ///
  /// - Precondition: `literal` is a valid title.
  public init(literal: StaticString) {
    guard let title = Self("\(literal)") else {
      preconditionFailure("the literal is not an AE title")
    }
    self = title
  }

  /// The title without its padding, as text; a peer's title may hold any bytes.
  public var unpadded: String {
    let bytes = bytes
    return String(decoding: (0..<length).map { bytes[$0] }, as: UTF8.self)
  }

  /// Whether one of the eight bytes of `word` is 0.
  static func hasNUL(_ word: UInt64) -> Bool {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 != 0
  }

  /// Returns a word in which the highest bit of some byte is set if `word` has a byte that no title may
  /// have: a control character, one beyond ASCII, or a backslash (PS3.5 §6.2, VR AE).
  static func oddBytes(_ word: UInt64) -> UInt64 {
    let backslash = word ^ 0x5C5C_5C5C_5C5C_5C5C
    return (word &- 0x2020_2020_2020_2020) | (word &+ 0x0101_0101_0101_0101) | word
      | ((backslash &- 0x0101_0101_0101_0101) & ~backslash)
  }

  /// Whether `odd`, the results of ``oddBytes(_:)`` combined by OR, marks a byte that no title may have.
  static func isOdd(_ odd: UInt64) -> Bool { odd & 0x8080_8080_8080_8080 != 0 }

  /// Whether the title has a byte that no title may have: a control character, one beyond ASCII, or a
  /// backslash (PS3.5 §6.2, VR AE).
  public var hasForbiddenByte: Bool { Self.isOdd(Self.oddBytes(first) | Self.oddBytes(second)) }

  /// Whether the field held nothing but padding.
  public var isBlank: Bool { first == 0x2020_2020_2020_2020 && second == first }

  /// The number of bytes before the padding.
  public var length: Int {
    let bytes = bytes
    var length = Self.size
    while length > 0, bytes[length - 1] == 0x20 { length -= 1 }
    return length
  }

  /// The 16 bytes, padded with spaces at the end.
  public var bytes: InlineArray<16, UInt8> {
    var bytes = InlineArray<16, UInt8>(repeating: 0)
    for index in 0..<8 {
      let shift = UInt64(index) * 8
      bytes[index] = UInt8(truncatingIfNeeded: UInt64(littleEndian: first) >> shift)
      bytes[index + 8] = UInt8(truncatingIfNeeded: UInt64(littleEndian: second) >> shift)
    }
    return bytes
  }
}

/// A pattern for AE titles: `*` stands for any characters, `?` for one, every other character for itself.
///
/// Padding is not significant, in the pattern or in a title (PS3.8 §9.3.2).
public struct AETitlePattern: Equatable, Sendable {
  private let title: AETitle

  /// The pattern `text`, or `nil` if it could not be an AE title itself.
  public init?(_ text: String) {
    guard let title = AETitle(text) else { return nil }
    self.title = title
  }

  /// The pattern without its padding.
  public var unpadded: String { title.unpadded }

  /// Whether this pattern matches the title `other`.
  public func matches(_ other: AETitle) -> Bool {
    let (pattern, patternLength) = (title.bytes, title.length)
    let (text, length) = (other.bytes, other.length)
    var position = 0
    var index = 0
    // The position of the latest `*`, and the index in the text up to which it matches so far.
    var star: (position: Int, index: Int)?
    while index < length {
      if position < patternLength, pattern[position] == UInt8(ascii: "*") {
        star = (position, index)
        position += 1
      } else if position < patternLength,
        pattern[position] == UInt8(ascii: "?") || pattern[position] == text[index]
      {
        position += 1
        index += 1
      } else if let latest = star {
        star = (latest.position, latest.index + 1)
        position = latest.position + 1
        index = latest.index + 1
      } else {
        return false
      }
    }
    while position < patternLength, pattern[position] == UInt8(ascii: "*") { position += 1 }
    return position == patternLength
  }
}
