/// The levels of the log, the quietest first.
public enum LogLevel: UInt8, Sendable, CaseIterable, Comparable {
  /// Nothing.
  case none
  /// What ends the service.
  case critical
  /// What keeps the service from serving.
  case error
  /// What keeps a peer from being served.
  case warning
  /// The steps of every association.
  case info
  /// Everything.
  case debug

  /// Whether `left` is quieter than `right`.
  public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}
