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
