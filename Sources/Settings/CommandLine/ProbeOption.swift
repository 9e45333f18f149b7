/// An option that says how `--probe` asks, and means nothing without it: a row of the table for each.
public enum ProbeOption: String, Sendable, CaseIterable {
  /// Whom it calls.
  case calledAETitle = "called-ae-title"
  /// Who calls.
  case callingAETitle = "calling-ae-title"
  /// How many times it asks.
  case count
  /// How long it waits in between.
  case interval
  /// Whether the results are for a program.
  case json

  /// The most that can be asked for.
  private static let mostTimes = 1_000_000

  /// The long option without dashes.
  public var long: String { rawValue }

  /// The short option without its dash, where it has one.
  public var short: String? { self == .calledAETitle ? "aec" : nil }

  /// How its value is called in the help, or nothing when it has none.
  public var placeholder: String? {
    switch self {
    case .calledAETitle, .callingAETitle: "[a]etitle"
    case .count: "[n]umber"
    case .interval: "[s]econds"
    case .json: nil
    }
  }

  /// Its value when nobody says it, or nothing when it has none.
  public var defaultText: String? {
    let usual = ProbeSettings()
    return switch self {
    case .calledAETitle: ProbeSettings.usualCalledAETitle
    case .callingAETitle: usual.callingAETitle
    case .count: "\(usual.count)"
    case .interval: Format.seconds.write(usual.interval)
    case .json: nil
    }
  }

  /// What it is, in a few words.
  public var help: String {
    let words =
      switch self {
      case .calledAETitle: "whom to call"
      case .callingAETitle: "who calls"
      case .count: "how many times"
      case .interval: "time between two"
      case .json: "print one JSON object for each"
      }
    return words + (defaultText.map { " (default: \($0))" } ?? "")
  }

  /// What it is, in sentences, for the manual.
  public var about: String {
    switch self {
    case .calledAETitle:
      """
      The AE title by which the SCP is called. Many archives answer to their own alone. The service \
      of this host is called by its ae-title.
      """
    case .callingAETitle:
      """
      The AE title that this requestor gives itself. Many archives answer only those that they know.
      """
    case .count: "How many times to ask, each on a connection and an association of its own."
    case .interval: "How long to wait between the end of one and the beginning of the next."
    case .json:
      """
      Print one JSON object on one line for each time, and no text: what was asked of whom, whether \
      it was answered, the times in milliseconds, who answered, and what failed.
      """
    }
  }

  /// Sets it in `settings`. The result is what is wrong and what would be right, or nothing.
  func set(_ text: String, _ settings: inout ProbeSettings) -> String? {
    switch self {
    case .calledAETitle: Self.set(Value.aeTitle(text)) { settings.calledAETitle = $0 }
    case .callingAETitle: Self.set(Value.aeTitle(text)) { settings.callingAETitle = $0 }
    case .count: Self.set(Value.number(text, 1...Self.mostTimes)) { settings.count = $0 }
    case .interval: Self.set(Value.seconds(text)) { settings.interval = $0 }
    case .json: Self.set(.right(true)) { settings.isJSON = $0 }
    }
  }

  private static func set<T>(_ value: Value<T>, _ set: (T) -> Void) -> String? {
    switch value {
    case .right(let value):
      set(value)
      return nil
    case .wrong(let problem):
      return problem
    }
  }
}
