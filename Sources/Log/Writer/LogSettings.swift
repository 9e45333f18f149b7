public import Settings
import Systemd

/// What the settings of the log come to, where they leave something open.
extension Settings {
  /// Where the log goes: to the journal by itself if standard error is connected to it.
  public var rendering: Rendering {
    switch logTarget {
    case .auto: JournalStream.isStandardError ? .journal : .terminal
    case .journal: .journal
    case .stderr: .terminal
    }
  }

  /// The quietest priority that is written in `rendering`; nothing is when there is none.
  public func quietestPriority(in rendering: Rendering) -> Priority? {
    switch logLevel {
    case .none: nil
    case .critical: .critical
    case .error: .error
    case .warning: .warning
    case .info: .info
    case .debug: .debug
    case .auto:
      switch rendering {
      case .terminal: .warning
      case .journal: .info
      }
    }
  }
}
