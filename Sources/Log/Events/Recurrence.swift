/// How often an event may come, and who decides that.
public enum Recurrence: Sendable {
  /// As often as its peer wants: it counts for the budget of its address.
  case ofPeer
  /// As often as all peers together bring it about: one in a minute is told.
  case ofAllPeers
  /// It is the service's own affair: each one is told.
  case ofService
}

extension Event {
  /// Who decides how often it comes.
  public var recurrence: Recurrence {
    switch self {
    case .started, .listening, .stopping, .stopped, .stoppedAtOnce, .reloaded,
      .configurationRefused, .listenFailed, .reloadRefused, .reloadFailed, .restartNeeded,
      .socketsOverride, .timeoutDisabled, .runsAsRoot, .maxAssociationsLowered, .recordsDropped,
      .recordsSummed:
      .ofService
    case .outOfDescriptors, .acceptingAgain, .acceptFailed, .connectionsEvicted:
      .ofAllPeers
    case .addressDenied, .connectionRefused, .connectionEvicted, .connected, .associationAccepted,
      .noUsableContext, .associationRejected, .associationOverLimit, .requestRefusedMemory,
      .associationFromElsewhere, .echoReceived, .cancelReceived, .associationReleased,
      .abortReceived, .aborting, .healthCheck, .requestIncomplete, .peerVanished, .peerReset,
      .requestTimedOut, .closeTimedOut, .receiverStalled, .replyLost, .disconnected:
      .ofPeer
    }
  }

  /// How many occurrences it stands for.
  public var occurrences: UInt64 {
    if case .connectionsEvicted(let count, _) = self { return count }
    if case .recordsDropped(let count, _) = self { return count }
    return 1
  }

  /// Whether it stands for all records of a cause that exceed the budget.
  public var isSum: Bool {
    if case .recordsSummed = self { true } else { false }
  }

  /// Whether its sentence has the number of occurrences.
  public var hasOwnCount: Bool {
    if case .connectionsEvicted = self { true } else { false }
  }

  /// The same for `count` occurrences, as far as its sentence has their number.
  public func standing(for count: UInt64) -> Event {
    if case .connectionsEvicted(_, let limit) = self {
      .connectionsEvicted(count, limit)
    } else {
      self
    }
  }
}

extension CatalogID {
  /// What records are called that are filed under it.
  public var summary: String {
    cause ?? (self == .associationReleased ? "associations released" : "steps of associations")
  }
}
