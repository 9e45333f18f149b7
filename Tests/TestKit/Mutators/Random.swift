/// A generator that gives the same numbers each time, so that failures are reproducible (SplitMix64).
public struct Random: RandomNumberGenerator {
  private var state: UInt64

  /// A generator whose numbers depend only on `seed`.
  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  /// A number from 0 to `limit` - 1.
  public mutating func next(below limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}
