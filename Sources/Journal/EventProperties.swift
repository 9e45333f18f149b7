import UpperLayer

/// What is the same for every occurrence of an event: how grave it is, and its cause.
extension Event {
  /// How grave it is.
  public var priority: Priority {
    switch self {
    case .outOfDescriptors, .acceptFailed: .error
    case .timeoutDisabled, .recordsDropped, .noUsableContext, .associationRejected,
      .requestTimedOut, .requestIncomplete, .receiverStalled:
      .warning
    case .aborting(let fault, _, let state): Self.priority(of: fault, in: state)
    case .peerReset(let state), .abortReceived(_, let state):
      state == .awaitingClose ? .debug : .info
    case .associationAccepted, .echoReceived, .associationReleased, .peerVanished,
      .acceptingAgain:
      .info
    case .listening, .stopping, .stopped, .connected, .cancelReceived, .probe, .closeTimedOut,
      .disconnected:
      .debug
    }
  }

  /// Our own end of an association is no fault of the peer's; an idle one is no failure.
  private static func priority(of fault: Fault, in state: AcceptorState) -> Priority {
    switch fault {
    case .draining: .info
    case .idleAssociation: .info
    default: state == .awaitingClose ? .debug : .warning
    }
  }

  /// The stable word for the cause of a failed or odd attempt; nothing when nothing failed.
  public var cause: String? {
    switch self {
    case .outOfDescriptors, .acceptFailed: "out-of-descriptors"
    case .recordsDropped: "records-dropped"
    case .noUsableContext(let outcome):
      outcome.transferSyntaxesNotSupported > 0
        ? "no-common-transfer-syntax" : "no-verification-context"
    case .associationRejected(let rejection): rejection.cause
    case .abortReceived: "peer-aborted"
    case .aborting(let fault, let command, _): fault.cause(command)
    case .probe: "probe"
    case .requestIncomplete, .peerVanished: "peer-vanished"
    case .peerReset: "peer-reset"
    case .requestTimedOut(let anyByte): anyByte ? "stalled-request" : "silent-peer"
    case .receiverStalled: "stalled-receiver"
    case .listening, .stopping, .stopped, .timeoutDisabled, .acceptingAgain, .connected,
      .associationAccepted, .echoReceived, .cancelReceived, .associationReleased, .closeTimedOut,
      .disconnected:
      nil
    }
  }
}
