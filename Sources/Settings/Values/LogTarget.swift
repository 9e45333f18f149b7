/// Where the log goes.
public enum LogTarget: String, Sendable, CaseIterable {
  /// To the journal if standard error is connected to it, else to standard error.
  case auto
  /// To the journal, with fields of its own.
  case journal
  /// To standard error, as lines.
  case stderr
}
