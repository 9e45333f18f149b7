/// How records are shown, which also decides how grave they are.
public enum Rendering: Sendable, CaseIterable {
  /// As lines, step by step, like pynetdicom's `echoscp`.
  case terminal
  /// As fields, one record an association; the steps are there at debug.
  case journal
}
