/// Pseudorandom numbers that are the same in every run: SplitMix64.
struct Random {
  private var state: UInt64

  /// Starts the sequence of `seed`.
  init(seed: UInt64) { state = seed }

  /// Returns the next number below `bound`, which must not be 0.
  mutating func next(below bound: UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return (mixed ^ mixed >> 31) % bound
  }
}
