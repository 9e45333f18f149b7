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
