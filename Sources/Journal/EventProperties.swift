import UpperLayer

/// What is the same for every occurrence of an event: how grave it is, and its cause.
extension Event {
  /// How grave it is.
  public var priority: Priority {
    switch self {
    case .outOfDescriptors, .acceptFailed, .reloadRefused: .error
    case .timeoutDisabled, .maxAssociationsLowered, .restartNeeded, .socketsOverride,
      .recordsDropped, .noUsableContext, .associationRejected,
      .requestTimedOut, .requestIncomplete, .receiverStalled, .replyLost, .addressDenied:
      .warning
    case .aborting(.draining, _, _, _): .info
    case .aborting(.idleAssociation, _, _, let stage): stage.priorityOfAnEnd
    case .aborting(_, _, _, let stage): stage == .awaitingClose ? .debug : .warning
    case .abortReceived(_, let stage), .peerVanished(let stage), .peerReset(let stage):
      stage.priorityOfAnEnd
    case .associationAccepted, .echoReceived, .associationReleased, .acceptingAgain, .reloaded:
      .info
    case .started, .listening, .stopping, .stopped, .connected, .cancelReceived, .probe,
      .closeTimedOut,
      .disconnected:
      .debug
    }
  }

  /// The stable word for the cause of a failed or odd attempt; nothing when nothing failed.
  public var cause: String? {
    switch self {
    case .outOfDescriptors: "out-of-descriptors"
    case .acceptFailed: "accept-failed"
    case .reloadRefused: "config-invalid"
    case .recordsDropped: "records-dropped"
    case .noUsableContext(let outcome):
      outcome.transferSyntaxesNotSupported > 0
        ? "no-common-transfer-syntax" : "no-verification-context"
    case .associationRejected(let rejection, _): rejection.cause
    case .associationReleased(_, let stage): stage == .established ? "no-echo-sent" : nil
    case .abortReceived(_, let stage): stage == .established ? "no-echo-sent" : "peer-aborted"
    case .aborting(let fault, let command, _, _): fault.cause(command)
    case .addressDenied: "address-denied"
    case .probe: "probe"
    case .requestIncomplete, .peerVanished: "peer-vanished"
    case .peerReset: "peer-reset"
    case .requestTimedOut(let anyByte): anyByte ? "stalled-request" : "silent-peer"
    case .receiverStalled: "stalled-receiver"
    case .replyLost: "too-many-associations"
    case .started, .listening, .stopping, .stopped, .reloaded, .restartNeeded, .socketsOverride,
      .timeoutDisabled, .maxAssociationsLowered, .acceptingAgain, .connected, .associationAccepted,
      .echoReceived, .cancelReceived,
      .closeTimedOut, .disconnected:
      nil
    }
  }
}

extension Stage {
  /// How grave it is that a peer ends in this stage without a release: not at all after an echo.
  fileprivate var priorityOfAnEnd: Priority {
    switch self {
    case .awaitingRequest, .established: .warning
    case .unusable, .echoed: .info
    case .awaitingClose: .debug
    }
  }
}
