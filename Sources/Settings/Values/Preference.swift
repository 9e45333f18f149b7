/// The orders of preference among transfer syntaxes.
public enum Preference: String, Sendable, CaseIterable {
  /// The default order.
  case none
  /// Implicit VR Little Endian last.
  case uncompressed
  /// Explicit VR Little Endian first.
  case little
  /// Explicit VR Big Endian first.
  case big
  /// Implicit VR Little Endian only.
  case implicit
}
