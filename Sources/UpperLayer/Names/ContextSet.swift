/// A set of presentation context IDs: one bit each, for even ones too.
public struct ContextSet: Equatable, Sendable {
  private var bits = InlineArray<4, UInt64>(repeating: 0)

  /// The empty set.
  public init() {}

  /// Whether `id` is in it.
  @inline(__always)
  public func contains(_ id: UInt8) -> Bool { bits[Int(id >> 6)] & 1 << UInt64(id & 63) != 0 }

  /// Puts `id` in; false when it was in already.
  @inline(__always)
  public mutating func insert(_ id: UInt8) -> Bool {
    if contains(id) { return false }
    bits[Int(id >> 6)] |= 1 << UInt64(id & 63)
    return true
  }

  /// Whether both sets hold the same IDs.
  public static func == (left: ContextSet, right: ContextSet) -> Bool {
    left.bits.indices.allSatisfy { left.bits[$0] == right.bits[$0] }
  }
}
