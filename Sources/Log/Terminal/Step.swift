import UpperLayer

/// A step of an association as pynetdicom's `echoscp` tells it: its line, and what `-d` shows around
/// it.
struct Step {
  /// What was received, or an A-ABORT of the service provider's own.
  var before: [String] = []
  /// The step itself.
  var line: String?
  /// What it made us send, or the message that it is about.
  var behind: [String] = []

  /// The end of an association that neither of its users has asked for (A-P-ABORT, PS3.8 §7.4).
  private static let abortedByProvider = "Association Aborted (A-P-ABORT)"

  private init(before: [String] = [], line: String? = nil, behind: [String] = []) {
    self.before = before
    self.line = line
    self.behind = behind
  }

  /// The step that `record` is about, with or without what `-d` shows.
  init(of record: Record, withDumps: Bool) {
    func dump(_ make: () -> [String]) -> [String] { withDumps ? make() : [] }
    switch record.event {
    case .associationAccepted, .noUsableContext:
      before = dump { DumpText.request(record.pdus) }
      line = "Accepting Association"
      behind = dump { DumpText.accept(record.pdus) }
    case .associationRejected(let rejection, _): self = Self.rejecting(rejection, record, dump)
    case .associationOverLimit: self = Self.rejecting(.localLimitExceeded, record, dump)
    case .requestRefusedMemory: self = Self.rejecting(.temporaryCongestion, record, dump)
    case .associationFromElsewhere: self = Self.rejecting(.callingAETitle, record, dump)
    case .echoReceived(let messageID, let contextID):
      line = "Received Echo Request (MsgID \(messageID))"
      behind = dump { DumpText.echoRequest(messageID: messageID, contextID: contextID) }
    case .associationReleased:
      line = "Association Released"
    case .abortReceived(let abort, let stage):
      before = dump { abort.map { DumpText.abort($0, isIncoming: true) } ?? [] }
      if stage.isEstablished {
        line = abort?.isOfProvider == true ? Self.abortedByProvider : "Association Aborted"
      }
    case .aborting(_, _, let abort, let stage):
      self = Self.aborting(abort, stage, dump { DumpText.abort(abort, isIncoming: false) })
    case .peerVanished(let stage), .peerReset(let stage):
      if stage.isEstablished { line = Self.abortedByProvider }
    case .started, .listening, .stopping, .stopped, .stoppedAtOnce, .reloaded, .reloadRefused,
      .reloadFailed,
      .configurationRefused, .listenFailed, .restartNeeded,
      .socketsOverride, .timeoutDisabled, .runsAsRoot, .maxAssociationsLowered, .outOfDescriptors,
      .acceptingAgain, .acceptFailed, .recordsDropped, .recordsSummed, .addressDenied,
      .connectionRefused, .connectionEvicted, .connectionsEvicted, .connected, .cancelReceived,
      .healthCheck,
      .requestIncomplete, .requestTimedOut, .closeTimedOut, .receiverStalled, .replyLost,
      .disconnected:
      break
    }
  }

  /// The protocol machine's own rejection is none of the service user's steps (AE-6).
  private static func rejecting(
    _ rejection: Rejection, _ record: Record, _ dump: (() -> [String]) -> [String]
  ) -> Step {
    Step(
      before: dump { DumpText.request(record.pdus) },
      line: rejection == .protocolVersion ? nil : "Rejecting Association",
      behind: dump { DumpText.reject(rejection) })
  }

  /// The service provider's abort is sent before the service user hears of it, the user's own is
  /// told before it is sent.
  private static func aborting(_ abort: Abort, _ stage: Stage, _ dump: [String]) -> Step {
    if !stage.isEstablished { return Step(before: dump) }
    return abort.isOfProvider
      ? Step(before: dump, line: abortedByProvider)
      : Step(line: "Aborting Association", behind: dump)
  }
}

extension Abort {
  /// Whether the service provider, and not its user, is its source (PS3.8 Table 9-26).
  fileprivate var isOfProvider: Bool { source == 2 }
}
