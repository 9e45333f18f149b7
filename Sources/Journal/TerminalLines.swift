import UpperLayer

/// How a record looks on the terminal: the lines of pynetdicom's `echoscp` for the steps of an
/// association, and a line with the cause for what goes wrong.
public struct TerminalLines: Sendable {
  /// The quietest priority that is printed; nothing is when there is none.
  public let level: Priority?

  /// Lines down to `level`.
  public init(level: Priority?) { self.level = level }

  /// The lines of `record`, each with its newline; empty when its priority is below the level.
  public func lines(of record: Record) -> String {
    guard let level else { return "" }
    var lines = ""
    if let step = step(of: record.event), Priority.info <= level { lines += "I: \(step)\n" }
    let priority = record.event.priority
    if priority != .info || step(of: record.event) == nil, priority <= level {
      lines += "\(priority.letter): \(Sentence.text(of: record))\n"
    }
    return lines
  }

  /// What pynetdicom's `echoscp` prints at this step, or nothing when it has no such step.
  private func step(of event: Event) -> String? {
    switch event {
    case .associationAccepted, .noUsableContext: "Accepting Association"
    case .associationRejected: "Rejecting Association"
    case .echoReceived(let messageID): "Received Echo Request (MsgID \(messageID))"
    case .associationReleased: "Association Released"
    case .abortReceived(_, let stage): Self.isEstablished(stage) ? "Association Aborted" : nil
    case .aborting(_, _, let stage): Self.isEstablished(stage) ? "Aborting Association" : nil
    case .listening, .stopping, .stopped, .timeoutDisabled, .outOfDescriptors, .acceptingAgain,
      .acceptFailed, .recordsDropped, .connected, .cancelReceived, .probe, .requestIncomplete,
      .peerVanished, .peerReset, .requestTimedOut, .closeTimedOut, .receiverStalled, .replyLost,
      .disconnected:
      nil
    }
  }

  private static func isEstablished(_ stage: Stage) -> Bool {
    switch stage {
    case .established, .unusable, .echoed: true
    case .awaitingRequest, .awaitingClose: false
    }
  }
}
