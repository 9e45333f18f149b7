import Settings
import Systemd

/// How grave an event is, with the numbers of syslog(3) that the journal uses.
public enum Priority: UInt8, Sendable, Comparable {
  /// The service is about to end.
  case critical = 2
  /// The service cannot do what it is for.
  case error = 3
  /// A peer could not be served.
  case warning = 4
  /// A step of an association.
  case info = 6
  /// What only a developer asks for.
  case debug = 7

  /// Whether `left` is graver than `right`.
  public static func < (left: Priority, right: Priority) -> Bool { left.rawValue < right.rawValue }

  /// Its number as text.
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

/// How records are shown, which also decides how grave they are.
public enum Rendering: Sendable, CaseIterable {
  /// As lines, step by step, like pynetdicom's `echoscp`.
  case terminal
  /// As fields, one record an association; the steps are there at debug.
  case journal
}

/// What the settings of the log come to, where they leave something open.
extension Settings {
  /// Where the log goes: to the journal by itself if standard error is connected to it.
  var rendering: Rendering {
    switch logTarget {
    case .auto: JournalStream.isStandardError ? .journal : .terminal
    case .journal: .journal
    case .stderr: .terminal
    }
  }

  /// The quietest priority that is written in `rendering`; `nil` when none is.
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
