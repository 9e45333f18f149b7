extension Setting {
  /// What the number of a setting counts: who comes from another format writes it behind the number.
  enum Unit: Sendable {
    /// Nothing, or it is no number.
    case none
    /// Seconds.
    case seconds
    /// Bytes.
    case bytes
  }
}
