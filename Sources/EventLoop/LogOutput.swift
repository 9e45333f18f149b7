import Journal

/// Where the writer's thread brings records. Only that thread has one.
protocol LogOutput {
  /// Takes a record that is shown if it is at least as grave as `level`.
  ///
  /// - Returns: how much was given up, of this record or of those before it.
  mutating func put(_ record: Record, level: Priority?) -> UInt64

  /// Sees to it that what was taken so far is on its way.
  ///
  /// - Returns: how much of it was given up.
  mutating func flush() -> UInt64
}
