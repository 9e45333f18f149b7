import UpperLayer

/// How a record looks on the terminal: the lines of pynetdicom's `echoscp` for the steps of an
/// association, and a line with the cause for what goes wrong.
///
/// What pynetdicom has no line for, and is no trouble, is not told here: two logs can be compared
/// line by line.
public struct TerminalLines: Sendable {
  /// The quietest priority that is printed; nothing is when there is none.
  public let level: Priority?

  /// Lines down to `level`.
  public init(level: Priority?) { self.level = level }

  /// Appends the lines of `record` to `text`.
  ///
  /// What every association brings is not put together from strings: a busy service tells of 100,000
  /// steps in a second.
  public func append(_ record: Record, to text: inout [UInt8]) {
    switch record.event {
    case .associationAccepted where level == .info: text += Self.accepting
    case .echoReceived(let messageID, _) where level == .info:
      text += Self.receivedEcho
      Self.append(messageID, to: &text)
      text += Self.endOfEcho
    case .associationReleased where level == .info: text += Self.released
    default: text += lines(of: record).utf8
    }
  }

  private static let accepting = Array("I: Accepting Association\n".utf8)
  private static let receivedEcho = Array("I: Received Echo Request (MsgID ".utf8)
  private static let endOfEcho = Array(")\n".utf8)
  private static let released = Array("I: Association Released\n".utf8)

  private static func append(_ number: UInt16, to text: inout [UInt8]) {
    var divisor: UInt16 = 10_000
    while divisor > 1, number < divisor { divisor /= 10 }
    while divisor > 0 {
      text.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
      divisor /= 10
    }
  }

  /// Whether the lines of an event of this kind say whom it is about.
  public static func nameTheSubject(of event: Event) -> Bool {
    switch event {
    case .associationAccepted, .echoReceived, .associationReleased: false
    default: true
    }
  }

  /// The lines of `record`, each with its newline; none when its priority is below the level.
  public func lines(of record: Record) -> String {
    guard let level else { return "" }
    var text = ""
    func add(_ priority: Priority, _ lines: [String]) {
      guard priority <= level else { return }
      for line in lines { text += "\(priority.letter): \(line)\n" }
    }
    if case .started = record.event { add(.debug, [Sentence.text(of: record), ""]) }
    let step = Step(of: record, withDumps: level == .debug)
    add(.debug, step.before)
    if let line = step.line { add(.info, [line]) }
    add(.debug, step.behind)
    let priority = record.event.priority(in: .terminal)
    // What an association ends by but a release has no reason in its step.
    if priority <= .warning || priority == .info && Self.nameTheSubject(of: record.event) {
      add(priority, [Sentence.text(of: record)] + Sentence.details(of: record))
    }
    if record.event.isRefusal, let refused = record.refused { add(.debug, refused.dump) }
    return text
  }
}
