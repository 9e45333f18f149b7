/// A set of presentation context IDs: one bit each, for even ones too.
public struct ContextSet: Equatable, Sendable {
  private var bits: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  /// The empty set.
  public init() {}

  /// Whether `id` is in it.
  public func contains(_ id: UInt8) -> Bool {
    let bit: UInt64 = 1 << UInt64(id & 63)
    return switch id >> 6 {
    case 0: bits.0 & bit != 0
    case 1: bits.1 & bit != 0
    case 2: bits.2 & bit != 0
    default: bits.3 & bit != 0
    }
  }

  /// Puts `id` in; false when it was in already.
  public mutating func insert(_ id: UInt8) -> Bool {
    if contains(id) { return false }
    let bit: UInt64 = 1 << UInt64(id & 63)
    switch id >> 6 {
    case 0: bits.0 |= bit
    case 1: bits.1 |= bit
    case 2: bits.2 |= bit
    default: bits.3 |= bit
    }
    return true
  }

  /// Whether both sets hold the same IDs.
  public static func == (left: ContextSet, right: ContextSet) -> Bool { left.bits == right.bits }
}
