public import Journal
public import Settings

extension LogLevel {
  /// The quietest priority that this level lets through; nothing for `none`.
  public var priority: Priority? {
    switch self {
    case .none: nil
    case .critical: .critical
    case .error: .error
    case .warning: .warning
    case .info: .info
    case .debug: .debug
    }
  }
}
