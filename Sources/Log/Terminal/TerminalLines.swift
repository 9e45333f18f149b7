import UpperLayer

/// Renders records for the terminal: the lines of pynetdicom's `echoscp` for the steps of an association, and a
/// line with the cause for each failure.
///
/// Events that pynetdicom has no line for, and that are not failures, are not shown, so that two logs can be
/// compared line by line.
public struct TerminalLines: Sendable {
  /// The lowest priority that is printed, or `nil` if nothing is printed.
  public let level: Priority?

  /// A rendering down to `level`.
  public init(level: Priority?) { self.level = level }

  /// Appends the lines of `record` to `text`.
  ///
  /// The lines that every association has are appended without building strings: a busy service writes 100,000
  /// steps per second.
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

  /// Whether the lines of `event` name its subject; those of the steps that every association has do not.
  static func namesSubject(of event: Event) -> Bool {
    switch event.entry.step {
    case .acceptance: event.priority(in: .terminal) <= .warning
    case .echo, .release: false
    case .none, .rejection, .abortReceived, .aborting, .connectionLost: true
    }
  }

  /// The lines of `record`, each with its newline; empty if its priority is below the level.
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
    // The step of an association's end other than a release does not state the reason.
    if priority <= .warning || priority == .info && Self.namesSubject(of: record.event) {
      add(priority, [Sentence.text(of: record)] + Sentence.details(of: record))
    }
    if record.event.isRefusal, let refused = record.refused { add(.debug, refused.dump) }
    return text
  }
}

/// A step of an association as pynetdicom's `echoscp` shows it: its line, and the dumps that `-d` adds around
/// it.
struct Step {
  /// The dump of the received PDU, or of an A-ABORT that the service provider sent.
  var before: [String] = []
  /// The line of the step.
  var line: String?
  /// The dump of the PDU sent in response, or of the message that the step is about.
  var behind: [String] = []

  /// The line about an end that neither service user asked for (A-P-ABORT, PS3.8 §7.4).
  private static let abortedByProvider = "Association Aborted (A-P-ABORT)"

  /// The step that `record` is about, with or without the dumps of `-d`.
  init(of record: Record, withDumps: Bool) {
    func dump(_ make: @autoclosure () -> [String]) -> [String] { withDumps ? make() : [] }
    let entry = record.event.entry
    switch entry.step {
    case .acceptance:
      before = dump(DumpText.request(record.pdus))
      line = "Accepting Association"
      behind = dump(DumpText.accept(record.pdus))
    case .rejection(let rejection):
      before = dump(DumpText.request(record.pdus))
      // A rejection by the protocol machine itself is not a step of the service user (AE-6).
      line = rejection == .protocolVersion ? nil : "Rejecting Association"
      behind = dump(DumpText.reject(rejection))
    case .echo(let messageID, let contextID):
      line = "Received Echo Request (MsgID \(messageID))"
      behind = dump(DumpText.echoRequest(messageID: messageID, contextID: contextID))
    case .release: line = "Association Released"
    case .abortReceived(let abort):
      before = dump(abort.map { DumpText.abort($0, isIncoming: true) } ?? [])
      if entry.endsAnAssociation {
        line = abort?.isOfProvider == true ? Self.abortedByProvider : "Association Aborted"
      }
    case .aborting(let abort):
      let pdu = dump(DumpText.abort(abort, isIncoming: false))
      // The service provider sends its abort before it tells the service user; a user's own abort is
      // logged before it is sent.
      if entry.endsAnAssociation, !abort.isOfProvider {
        (line, behind) = ("Aborting Association", pdu)
      } else {
        (line, before) = (entry.endsAnAssociation ? Self.abortedByProvider : nil, pdu)
      }
    case .connectionLost: if entry.endsAnAssociation { line = Self.abortedByProvider }
    case .none: break
    }
  }
}
