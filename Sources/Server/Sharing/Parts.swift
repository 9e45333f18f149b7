import Linux

/// A table that the workers share, in parts with a lock each: so many that workers seldom meet at one.
struct Parts<Table: ~Copyable>: ~Copyable {
  /// How many parts there are: a power of two.
  static var count: Int { 16 }

  private let parts: InlineArray<16, Locked<Table>>

  /// A table of which each part is what `part` makes, for so many of `connections` in all.
  init(
    connections: Int, _ part: (_ connections: Int) throws(SystemError) -> sending Table
  ) throws(SystemError) {
    parts = try InlineArray { _ throws(SystemError) in
      Locked(try part(max(1, connections / Self.count)))
    }
  }

  /// Runs `body` with the part of this number, modulo their count, while no other thread has it.
  func with<Result>(
    _ number: Int, _ body: (inout sending Table) -> sending Result
  ) -> sending Result {
    parts[number & (Self.count - 1)].withLock(body)
  }
}
