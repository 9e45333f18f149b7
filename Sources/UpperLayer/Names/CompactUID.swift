/// A UID as a peer sent it, in 32 bytes, for log records; to compare UIDs with known ones, see
/// ``StandardUID``.
///
/// It has 64 symbols of four bits, as many as the longest UID has characters (PS3.5 §9.1). A peer chooses
/// the length and the characters, but only digits and periods are kept. In a longer UID, the last symbol
/// stands for the rest.
public struct CompactUID: Equatable, Sendable {
  /// A symbol of a UID.
  public enum Symbol: Equatable, Sendable {
    /// A digit.
    case digit(UInt8)
    /// A period.
    case period
    /// Any other character, which is not allowed in a UID.
    case other
    /// The omitted rest of a UID that is too long.
    case rest
  }

  /// The maximum number of symbols.
  public static let capacity = 64
  private static let perWord = 16

  // In each word, the first symbol is in the highest bits: 0 is the end, 1 to 10 are the digits 0 to 9, 11
  // is a period, 12 another character, and 15 the rest.
  private let first: UInt64
  private let second: UInt64
  private let third: UInt64
  private let fourth: UInt64

  /// An empty value, to be overwritten by a UID.
  public static let empty = CompactUID()

  private init() { (first, second, third, fourth) = (0, 0, 0, 0) }

  /// The UID in `value` without its padding, or `nil` if there is none.
  public init?(_ value: Span<UInt8>) {
    let length = StandardUID.unpaddedLength(value)
    if length == 0 { return nil }
    var words = InlineArray<4, UInt64>(repeating: 0)
    for place in 0..<min(length, Self.capacity) {
      words[place / Self.perWord] |= Self.code(of: value[place]) << Self.shift(place)
    }
    if length > Self.capacity { words[3] |= 15 }
    (first, second, third, fourth) = (words[0], words[1], words[2], words[3])
  }

  /// Whether this is the empty value.
  public var isEmpty: Bool { first == 0 }

  /// Returns the symbol at `place`, or `nil` after the last one.
  public func symbol(at place: Int) -> Symbol? {
    guard place < Self.capacity else { return nil }
    let word =
      switch place / Self.perWord {
      case 0: first
      case 1: second
      case 2: third
      default: fourth
      }
    switch UInt8(truncatingIfNeeded: word >> Self.shift(place) & 15) {
    case 0: return nil
    case let code where code <= 10: return .digit(code - 1)
    case 11: return .period
    case 15: return .rest
    default: return .other
    }
  }

  /// The beginning of a UID in three quarters of the memory, for UIDs that may never be logged.
  public struct Short: Equatable, Sendable {
    /// An empty value, to be overwritten by a UID.
    public static let empty = Short(.empty)

    private let first: UInt64
    private let second: UInt64
    private let third: UInt64

    fileprivate init(_ uid: CompactUID) {
      // The symbols that do not fit become the rest.
      (first, second, third) = (uid.first, uid.second, uid.third | (uid.fourth == 0 ? 0 : 15))
    }

    /// The UID as far as it is kept: at most 48 symbols.
    public var uid: CompactUID { CompactUID(first, second, third) }
  }

  private init(_ first: UInt64, _ second: UInt64, _ third: UInt64) {
    (self.first, self.second, self.third, fourth) = (first, second, third, 0)
  }

  /// The beginning of this UID.
  public var short: Short { Short(self) }

  private static func shift(_ place: Int) -> UInt64 { UInt64(60 - 4 * (place % perWord)) }

  private static func code(of character: UInt8) -> UInt64 {
    let digit = character &- UInt8(ascii: "0")
    if digit <= 9 { return UInt64(digit) + 1 }
    return character == UInt8(ascii: ".") ? 11 : 12
  }
}
