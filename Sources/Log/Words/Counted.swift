/// A number of things in words: the one place of this target that knows of singular and plural, so
/// that no text has "1 bytes".
public enum Counted {
  /// `1 byte`, `2 bytes`.
  ///
  /// - Parameter things: Several of them, where that is more than an "s" behind `thing`.
  public static func text(
    _ count: some BinaryInteger, _ thing: String, _ things: String? = nil
  ) -> String {
    "\(count) \(count == 1 ? thing : things ?? thing + "s")"
  }
}
