public import Settings
import Systemd

/// Where the writer's thread brings records. Only that thread has one.
protocol LogOutput {
  /// Takes a record that is shown if it is at least as grave as `level`.
  ///
  /// - Returns: how much was given up, of this record or of those before it.
  mutating func put(_ record: Record, level: Priority?) -> UInt64

  /// Takes what is known of records for which a queue had no room.
  ///
  /// - Returns: how much of it is to be told as dropped.
  mutating func put(_ dropped: [DroppedRecords]) -> UInt64

  /// When it has something to do of its own accord, in milliseconds of the monotonic clock; nil while it
  /// has not.
  var next: UInt64? { get }

  /// Says what is due at `now`, or everything at the end of the program.
  mutating func putDue(at now: UInt64, isLast: Bool, level: Priority?)

  /// Sees to it that what was taken so far is on its way.
  ///
  /// - Returns: how much of it was given up.
  mutating func flush(at now: UInt64) -> UInt64

  /// Whether all of it has arrived, or was given up.
  var isDone: Bool { get }
}

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
