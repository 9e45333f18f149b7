/// The levels of the log, the quietest first.
public enum LogLevel: Sendable, CaseIterable {
  /// No records at all.
  case none
  /// Failures that end the service.
  case critical
  /// Failures that keep the service from serving.
  case error
  /// Failures that keep a peer from being served.
  case warning
  /// The steps of every association on a terminal, one record for each association in the journal.
  case info
  /// Everything, including requests, answers and messages.
  case debug
  /// `info` in the journal, `warning` on standard error.
  case auto
}

/// The destination of the log.
public enum LogTarget: Sendable, CaseIterable {
  /// The journal if standard error is connected to it, otherwise standard error.
  case auto
  /// The journal, as records with fields.
  case journal
  /// Standard error, as lines.
  case stderr
}
