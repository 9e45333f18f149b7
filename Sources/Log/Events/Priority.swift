import Settings
import Systemd

/// The severity of an event, with the numbers of syslog(3) that the journal uses.
public enum Priority: UInt8, Sendable, Comparable {
  /// The service is about to end.
  case critical = 2
  /// The service cannot do its job.
  case error = 3
  /// A peer could not be served.
  case warning = 4
  /// A step of an association.
  case info = 6
  /// A detail for developers.
  case debug = 7

  /// Whether `left` is more severe than `right`.
  public static func < (left: Priority, right: Priority) -> Bool { left.rawValue < right.rawValue }

  /// The number of the priority as text.
  public var digit: String {
    switch self {
    case .critical: "2"
    case .error: "3"
    case .warning: "4"
    case .info: "6"
    case .debug: "7"
    }
  }

  /// The letter that opens a line on the terminal.
  public var letter: String {
    switch self {
    case .critical: "C"
    case .error: "E"
    case .warning: "W"
    case .info: "I"
    case .debug: "D"
    }
  }
}

/// The format of the log, which also determines the priorities of records.
public enum Rendering: Sendable, CaseIterable {
  /// Lines, step by step, like pynetdicom's `echoscp`.
  case terminal
  /// Fields, one record per association; the steps appear only at debug.
  case journal
}

/// The effective settings of the log, with `auto` resolved.
extension Settings {
  /// The destination of the log: with `auto`, the journal if standard error is connected to it.
  var rendering: Rendering {
    switch logTarget {
    case .auto: JournalStream.isStandardError ? .journal : .terminal
    case .journal: .journal
    case .stderr: .terminal
    }
  }

  /// The lowest priority that is written in `rendering`, or `nil` if nothing is written.
  func quietestPriority(in rendering: Rendering) -> Priority? {
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
