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
    let step = step(of: record)
    add(.debug, step.before)
    if let line = step.line { add(.info, [line]) }
    add(.debug, step.behind)
    let priority = record.event.priority
    if priority <= .warning || priority == .info && step.line == nil {
      add(priority, [Sentence.text(of: record)] + Sentence.details(of: record))
    }
    return text
  }

  /// What pynetdicom's `echoscp` prints at a step of an association.
  private struct Step {
    /// What was received, or an A-ABORT of the service provider's own.
    var before: [String] = []
    /// The step itself.
    var line: String?
    /// What it made us send, or the message that it is about.
    var behind: [String] = []
  }

  /// The end of an association that neither of its users has asked for (A-P-ABORT, PS3.8 §7.4).
  private static let abortedByProvider = "Association Aborted (A-P-ABORT)"

  private func step(of record: Record) -> Step {
    switch record.event {
    case .started:
      Step(before: [Sentence.text(of: record), ""])
    case .associationAccepted, .noUsableContext:
      Step(
        before: dump { DumpText.request(record.pdus) }, line: "Accepting Association",
        behind: dump { DumpText.accept(record.pdus) })
    case .associationRejected(let rejection, _):
      // The protocol machine's own rejection is none of the service user's steps (AE-6).
      Step(
        before: dump { DumpText.request(record.pdus) },
        line: rejection == .protocolVersion ? nil : "Rejecting Association",
        behind: dump { DumpText.reject(rejection) })
    case .echoReceived(let messageID, let contextID):
      Step(
        line: "Received Echo Request (MsgID \(messageID))",
        behind: dump { DumpText.echoRequest(messageID: messageID, contextID: contextID) })
    case .associationReleased:
      Step(line: "Association Released")
    case .abortReceived(let abort, let stage):
      Step(
        before: dump { abort.map { DumpText.abort($0, isIncoming: true) } ?? [] },
        line: !stage.isEstablished
          ? nil : abort?.isOfProvider == true ? Self.abortedByProvider : "Association Aborted")
    case .aborting(_, _, let abort, let stage):
      aborting(abort, stage)
    case .peerVanished(let stage), .peerReset(let stage):
      Step(line: stage.isEstablished ? Self.abortedByProvider : nil)
    case .listening, .stopping, .stopped, .reloaded, .reloadRefused, .restartNeeded,
      .socketsOverride, .timeoutDisabled, .maxAssociationsLowered,
      .outOfDescriptors, .acceptingAgain, .acceptFailed, .recordsDropped, .addressDenied,
      .connected,
      .cancelReceived, .probe, .requestIncomplete, .requestTimedOut, .closeTimedOut,
      .receiverStalled, .replyLost, .disconnected:
      Step()
    }
  }

  /// The service provider's abort is sent before the service user hears of it, the user's own is
  /// told before it is sent.
  private func aborting(_ abort: Abort, _ stage: Stage) -> Step {
    let lines = dump { DumpText.abort(abort, isIncoming: false) }
    if !stage.isEstablished { return Step(before: lines) }
    return abort.isOfProvider
      ? Step(before: lines, line: Self.abortedByProvider)
      : Step(line: "Aborting Association", behind: lines)
  }

  /// The lines that `make` makes, if they are printed at all.
  private func dump(_ make: () -> [String]) -> [String] { level == .debug ? make() : [] }
}

extension Abort {
  /// Whether the service provider, and not its user, is its source (PS3.8 Table 9-26).
  fileprivate var isOfProvider: Bool { source == 2 }
}
