import Linux

/// A table that the workers share, in parts with a lock each: enough of them that workers rarely contend.
struct Parts<Table: ~Copyable>: ~Copyable {
  /// The number of parts: a power of two.
  static var count: Int { 16 }

  private let parts: InlineArray<16, Locked<Table>>

  /// A table for `connections` in all; `part` makes each of its parts for the given number of connections.
  init(
    connections: Int, _ part: (_ connections: Int) throws(SystemError) -> sending Table
  ) throws(SystemError) {
    parts = try InlineArray { _ throws(SystemError) in
      Locked(try part(max(1, connections / Self.count)))
    }
  }

  /// Runs `body` with exclusive access to part `number` modulo ``count``.
  func with<Result>(
    _ number: Int, _ body: (inout sending Table) -> sending Result
  ) -> sending Result {
    parts[number & (Self.count - 1)].withLock(body)
  }
}
