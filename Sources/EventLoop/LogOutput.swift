import Journal

/// Where the writer's thread brings records. Only that thread has one.
protocol LogOutput {
  /// Takes a record that is shown if it is at least as grave as `level`.
  ///
  /// - Returns: how much was given up, of this record or of those before it.
  mutating func put(_ record: Record, level: Priority?) -> UInt64

  /// When it has something to say of its own accord, in milliseconds of the monotonic clock; nothing
  /// while it has not.
  var next: UInt64? { get }

  /// Says what is due at `now`, or everything at the end of the program.
  ///
  /// - Returns: how much was given up.
  mutating func putDue(at now: UInt64, isLast: Bool) -> UInt64

  /// Sees to it that what was taken so far is on its way.
  ///
  /// - Returns: how much of it was given up.
  mutating func flush() -> UInt64
}
