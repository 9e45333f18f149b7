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
    if priority <= .warning || priority == .info && step.line == nil {
      add(priority, [Sentence.text(of: record)] + Sentence.details(of: record))
    }
    return text
  }
}
