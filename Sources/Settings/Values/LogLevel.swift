/// The levels of the log, the quietest first.
public enum LogLevel: Sendable, CaseIterable {
  /// Nothing.
  case none
  /// What ends the service.
  case critical
  /// What keeps the service from serving.
  case error
  /// What keeps a peer from being served.
  case warning
  /// The steps of every association on a terminal, one record for each in the journal.
  case info
  /// Everything.
  case debug
  /// The level that suits where the log goes: info in the journal, warning on standard error.
  case auto
}

/// Where the log goes.
public enum LogTarget: Sendable, CaseIterable {
  /// To the journal if standard error is connected to it, else to standard error.
  case auto
  /// To the journal, with fields of its own.
  case journal
  /// To standard error, as lines.
  case stderr
}
