import UpperLayer

/// What is the same for every occurrence of an event: how grave it is, and what it is filed under.
extension Event {
  /// How grave it is where records look like this.
  public func priority(in rendering: Rendering) -> Priority {
    switch rendering {
    case .terminal: terminalPriority
    case .journal: journalPriority
    }
  }

  /// Whether it is written where records down to `level` are. In the journal what tells of the service
  /// always is: who looks for a record that is missing learns there down to which level it writes.
  public func isWritten(downTo level: Priority, in rendering: Rendering) -> Bool {
    tellsOfTheService && rendering == .journal || priority(in: rendering) <= level
  }

  /// Whether its record says what the service is, and where it serves.
  public var tellsOfTheService: Bool {
    switch self {
    case .started, .reloaded: true
    case .listening, .stopping, .stopped, .stoppedAtOnce, .recordsSummed, .reloadRefused,
      .reloadFailed, .configurationRefused,
      .listenFailed, .restartNeeded, .socketsOverride, .timeoutDisabled, .runsAsRoot,
      .maxAssociationsLowered, .outOfDescriptors, .acceptingAgain, .acceptFailed, .recordsDropped,
      .addressDenied, .connectionRefused, .connectionEvicted, .connectionsEvicted, .connected,
      .associationAccepted, .noUsableContext, .associationRejected, .associationOverLimit,
      .associationFromElsewhere, .requestRefusedMemory, .echoReceived, .cancelReceived,
      .associationReleased, .abortReceived, .aborting, .healthCheck, .requestIncomplete,
      .peerVanished, .peerReset, .requestTimedOut, .closeTimedOut, .receiverStalled, .replyLost,
      .disconnected:
      false
    }
  }

  private var terminalPriority: Priority {
    switch self {
    case .configurationRefused, .listenFailed: .critical
    case .outOfDescriptors, .acceptFailed, .reloadRefused, .reloadFailed: .error
    case .recordsSummed(_, let priority): priority
    case .timeoutDisabled, .runsAsRoot, .maxAssociationsLowered, .restartNeeded, .socketsOverride,
      .recordsDropped, .noUsableContext, .associationRejected, .requestTimedOut,
      .requestIncomplete, .receiverStalled, .replyLost, .addressDenied, .associationOverLimit,
      .associationFromElsewhere, .requestRefusedMemory, .stoppedAtOnce:
      .warning
    case .connectionsEvicted(_, let limit): limit == .descriptors ? .error : .warning
    case .connectionRefused(_, let isFirst): isFirst ? .warning : .debug
    case .aborting(.draining, _, _, _): .info
    case .aborting(.idleAssociation, _, _, let stage): stage.priorityOfAnEnd
    case .aborting(_, _, _, let stage): stage == .awaitingClose ? .debug : .warning
    case .abortReceived(_, let stage), .peerVanished(let stage), .peerReset(let stage):
      stage.priorityOfAnEnd
    case .associationAccepted, .echoReceived, .associationReleased, .acceptingAgain, .reloaded:
      .info
    case .started, .listening, .stopping, .stopped, .connected, .connectionEvicted,
      .cancelReceived, .healthCheck, .closeTimedOut, .disconnected:
      .debug
    }
  }

  /// One record an association, at its end or failure, and the life of the service are told at info,
  /// the steps at debug. Of an association that was warned about, its end is no news. A connection
  /// without a byte is told, too: what comes arrives, and says nothing.
  private var journalPriority: Priority {
    switch self {
    case .started, .listening, .stopping, .stopped, .healthCheck: .info
    case .associationAccepted, .echoReceived: .debug
    case .associationReleased(_, .established, _), .associationReleased(_, .begun, _): .warning
    case .associationReleased(_, .unusable, _), .abortReceived(_, .unusable),
      .peerVanished(.unusable), .peerReset(.unusable), .aborting(.draining, _, _, .unusable),
      .aborting(.idleAssociation, _, _, .unusable):
      .debug
    case .configurationRefused, .listenFailed, .outOfDescriptors, .acceptFailed, .reloaded,
      .reloadRefused, .reloadFailed, .restartNeeded, .requestRefusedMemory, .stoppedAtOnce,
      .socketsOverride, .timeoutDisabled, .runsAsRoot, .maxAssociationsLowered, .recordsDropped,
      .noUsableContext, .associationRejected, .requestTimedOut, .requestIncomplete,
      .receiverStalled, .replyLost, .addressDenied, .connectionRefused, .connectionEvicted,
      .connectionsEvicted, .associationOverLimit, .associationFromElsewhere, .recordsSummed,
      .aborting, .abortReceived, .peerVanished,
      .peerReset, .associationReleased, .acceptingAgain, .connected, .cancelReceived,
      .closeTimedOut, .disconnected:
      terminalPriority
    }
  }

  /// What it is filed under.
  public var catalogID: CatalogID {
    switch self {
    case .started: .started
    case .listening: .listening
    case .stopping: .stopping
    case .stopped: .stopped
    case .stoppedAtOnce: .stoppedAtOnce
    case .reloaded: .reloaded
    case .reloadRefused, .configurationRefused: .configInvalid
    case .reloadFailed: .reloadFailed
    case .listenFailed: .listenFailed
    case .restartNeeded: .restartNeeded
    case .socketsOverride: .socketsOverride
    case .timeoutDisabled: .timeoutDisabled
    case .runsAsRoot: .runsAsRoot
    case .maxAssociationsLowered: .maxAssociationsLowered
    case .outOfDescriptors: .outOfDescriptors
    case .acceptingAgain: .acceptingAgain
    case .acceptFailed: .acceptFailed
    case .recordsDropped: .recordsDropped
    case .recordsSummed(let catalogID, _): catalogID
    case .addressDenied: .addressDenied
    case .connected: .connected
    case .associationAccepted: .associationAccepted
    case .noUsableContext(let outcome):
      outcome.transferSyntaxesNotSupported > 0 ? .noCommonTransferSyntax : .noVerificationContext
    case .associationRejected(let rejection, _): rejection.catalogID
    case .associationFromElsewhere: .callingAETitle
    case .requestRefusedMemory, .replyLost: .partialPDUMemory
    case .associationOverLimit(let limit), .connectionRefused(let limit, _),
      .connectionEvicted(let limit), .connectionsEvicted(_, let limit):
      limit.catalogID
    case .echoReceived: .echoReceived
    case .cancelReceived: .cancelReceived
    case .associationReleased(_, let stage, _):
      switch stage {
      case .established: .noEchoSent
      case .begun: .stalledMessage
      case .awaitingRequest, .unusable, .echoed, .awaitingClose: .associationReleased
      }
    case .abortReceived(_, let stage): stage == .established ? .noEchoSent : .peerAborted
    case .aborting(let fault, let command, _, _): fault.catalogID(command)
    case .healthCheck: .healthCheck
    case .requestIncomplete(let progress): progress.catalogID ?? .peerVanished
    case .peerVanished: .peerVanished
    case .peerReset: .peerReset
    case .requestTimedOut(let progress):
      progress.catalogID ?? (progress.pdu.received > 0 ? .stalledRequest : .silentPeer)
    case .closeTimedOut: .closeTimedOut
    case .receiverStalled: .stalledReceiver
    case .disconnected: .disconnected
    }
  }

  /// The stable word for the cause of a failed or odd attempt; nothing when nothing failed.
  public var cause: String? { catalogID.cause }
}

extension PDUProgress {
  /// What it is filed under when it is no A-ASSOCIATE-RQ that has begun.
  fileprivate var catalogID: CatalogID? {
    switch opening {
    case .nothing, .request: nil
    case .enquiry: .notDICOM
    case .other: .unexpectedPDU
    }
  }
}

extension Stage {
  /// How grave it is that a peer ends in this stage without a release: not at all after an echo.
  fileprivate var priorityOfAnEnd: Priority {
    switch self {
    case .awaitingRequest, .established, .begun: .warning
    case .unusable, .echoed: .info
    case .awaitingClose: .debug
    }
  }
}
