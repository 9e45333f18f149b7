import TLS
import UpperLayer

/// The catalog: a row for each event, with everything that is the same for all its occurrences except its
/// words, which are in ``Sentence``.
///
/// A row has only trivial values, so that when a worker looks up the priority of a step, the compiler omits
/// the rest of the row.
extension Event {
  @inline(__always) var entry: EventEntry {
    switch self {
    // The service itself.
    case .started: .ofService(.started, .debug, journal: .info, describesService: true)
    case .listening: .ofService(.listening, .debug, journal: .info)
    case .stopping: .ofService(.stopping, .debug, journal: .info)
    case .stopped: .ofService(.stopped, .debug, journal: .info)
    case .stoppedAtOnce: .ofService(.stoppedAtOnce, .warning)
    case .reloaded: .ofService(.reloaded, .info, describesService: true)
    case .configurationRefused: .ofService(.configInvalid, .critical, hasDetails: true)
    case .listenFailed: .ofService(.listenFailed, .critical)
    case .reloadRefused: .ofService(.configInvalid, .error, hasDetails: true)
    case .reloadFailed: .ofService(.reloadFailed, .error, hasDetails: true)
    case .restartNeeded: .ofService(.restartNeeded, .warning)
    case .socketsOverride: .ofService(.socketsOverride, .warning)
    case .timeoutDisabled: .ofService(.timeoutDisabled, .warning)
    case .runsAsRoot: .ofService(.runsAsRoot, .warning)
    case .maxAssociationsLowered: .ofService(.maxAssociationsLowered, .warning)
    case .certificateRemark: .ofService(.certificateExpires, .warning)
    case .tlsUnavailable: .ofService(.tlsUnavailable, .error, hasDetails: true)
    case .noProxyTrusted: .ofService(.proxyNotTrusted, .error)
    case .recordsDropped(let count, _): .ofService(.recordsDropped, .warning, count: .of(count))
    case .recordsSummed(let id, let priority): .ofService(id, priority, count: .sum)

    // Events that all peers cause together.
    case .outOfDescriptors: .ofAllPeers(.outOfDescriptors, .error)
    case .acceptingAgain: .ofAllPeers(.acceptingAgain, .info)
    case .acceptFailed: .ofAllPeers(.acceptFailed, .error)
    case .connectionsEvicted(let count, let limit):
      .ofAllPeers(limit.catalogID, limit == .descriptors ? .error : .warning, count: .told(count))

    // A connection.
    case .addressDenied: .ofPeer(.addressDenied, .warning)
    case .connectionWithoutTLS: .ofPeer(.tlsUnavailable, .warning)
    case .proxyNotTrusted: .ofPeer(.proxyNotTrusted, .warning)
    case .proxyHeaderMissing: .ofPeer(.proxyHeaderMissing, .warning, refused: .bytes)
    case .proxyHeaderInvalid: .ofPeer(.proxyHeaderInvalid, .warning, refused: .bytes)
    case .proxyHeaderIncomplete: .ofPeer(.proxyHeaderIncomplete, .warning)
    case .addressShared: .ofPeer(.addressShared, .info)
    case .connectionRefused(let limit, let isFirst):
      .ofPeer(limit.catalogID, isFirst ? .warning : .debug)
    case .connectionEvicted(let limit): .ofPeer(limit.catalogID, .debug)
    case .connected: .ofPeer(.connected, .debug)
    case .secured: .ofPeer(.secured, .debug)
    case .handshakeFailed(let fault): .ofPeer(fault.catalogID, .warning)
    // Shows the reader of the journal that the connections of a monitoring system arrive.
    case .proxyHealthCheck: .ofPeer(.healthCheck, .info, step: .release)
    case .healthCheck: .ofPeer(.healthCheck, .debug, journal: .info)
    case .requestIncomplete(let progress):
      .ofPeer(progress.catalogID ?? .peerVanished, .warning, refused: .brokenRequest)
    case .requestTimedOut(let progress):
      .ofPeer(
        progress.catalogID ?? (progress.pdu.received > 0 ? .stalledRequest : .silentPeer), .warning,
        refused: .brokenRequest)
    case .closeTimedOut: .ofPeer(.closeTimedOut, .debug)
    case .disconnected: .ofPeer(.disconnected, .debug)

    // The steps of an association, in the journal only at debug.
    case .associationAccepted:
      .ofPeer(.associationAccepted, .info, journal: .debug, step: .acceptance)
    case .noUsableContext(let outcome):
      .ofPeer(outcome.catalogID, .warning, step: .acceptance, refused: .bytes)
    case .associationRejected(let rejection, _):
      .rejection(rejection, rejection.catalogID, refused: .bytes)
    case .associationOverLimit(let limit): .rejection(.localLimitExceeded, limit.catalogID)
    case .requestRefusedMemory:
      .rejection(.temporaryCongestion, .partialPDUMemory, refused: .bytes)
    case .associationFromElsewhere:
      .rejection(.callingAETitle, .callingAETitle, refused: .bytes)
    case .certificateOfAnother:
      .rejection(.callingAETitle, .certificateAETitle, refused: .bytes)
    case .echoReceived(let messageID, let contextID):
      .ofPeer(
        .echoReceived, .info, journal: .debug,
        step: .echo(messageID: messageID, contextID: contextID))
    case .cancelReceived: .ofPeer(.cancelReceived, .debug)

    // The end of an association.
    case .associationReleased(_, let stage, _): .release(stage)
    case .abortReceived(let abort, let stage):
      .end(
        stage == .established ? .noEchoSent : .peerAborted, stage, stage.priorityOfAnEnd,
        step: .abortReceived(abort))
    case .aborting(let reason, let command, let abort, let stage):
      .end(
        reason.catalogID(command), stage, reason.priority(in: stage), step: .aborting(abort),
        refused: stage == .awaitingRequest ? .brokenRequest : .bytes)
    case .peerVanished(let stage):
      .end(.peerVanished, stage, stage.priorityOfAnEnd, step: .connectionLost)
    case .peerReset(let stage):
      .end(
        .peerReset, stage, stage.priorityOfAnEnd, step: .connectionLost,
        refused: stage == .awaitingRequest ? .brokenRequest : .bytes)
    case .receiverStalled(_, let stage): .end(.stalledReceiver, stage, .warning)
    case .replyLost(let stage): .end(.partialPDUMemory, stage, .warning)
    }
  }

  /// The priority of the event in `rendering`.
  public func priority(in rendering: Rendering) -> Priority {
    let entry = entry
    return rendering == .terminal ? entry.terminal : entry.journal
  }

  /// Whether the event is written at `level`.
  ///
  /// The journal always has the records that describe the service, so that a reader who misses a record can
  /// look up the level there.
  func isWritten(downTo level: Priority, in rendering: Rendering) -> Bool {
    describesService && rendering == .journal || priority(in: rendering) <= level
  }

  /// The ID of records of the event.
  var catalogID: CatalogID { entry.catalogID }

  /// The stable word for the cause of a failed or odd attempt; `nil` if nothing failed.
  var cause: String? { catalogID.cause }

  /// Who determines how often the event occurs.
  var recurrence: Recurrence { entry.recurrence }

  /// Whether records of the event describe the service and where it listens.
  var describesService: Bool { entry.describesService }

  /// Whether the event ends an association, so that its record summarizes the association.
  var endsAnAssociation: Bool { entry.endsAnAssociation }

  /// Whether the event may be about refused bytes.
  var isRefusal: Bool { entry.refused != .none }

  /// Whether the event is a TLS handshake that has failed, so that there is no calling AE title.
  var isOfHandshake: Bool { if case .handshakeFailed = self { true } else { false } }

  /// The number of occurrences that the event stands for.
  var occurrences: UInt64 {
    switch entry.count {
    case .of(let count), .told(let count): count
    case .one, .sum: 1
    }
  }

  /// Whether the event stands for all records of a cause that exceeded the budget.
  var isSum: Bool { entry.count == .sum }

  /// Whether the sentence of the event states the number of occurrences.
  var hasOwnCount: Bool {
    if case .told = entry.count { true } else { false }
  }

  /// Returns the event with `count` as its number of occurrences, if its sentence states one.
  func standing(for count: UInt64) -> Event {
    if case .connectionsEvicted(_, let limit) = self {
      .connectionsEvicted(count, limit)
    } else {
      self
    }
  }
}

/// Who determines how often an event occurs.
enum Recurrence: Sendable {
  /// The peer: the record counts against the budget of its address.
  case ofPeer
  /// All peers together: one record per minute is written.
  case ofAllPeers
  /// The service: every record is written.
  case ofService
}

/// A row of the catalog of events.
struct EventEntry {
  /// The step of an association that the event is, as its users see it.
  enum Step {
    case none
    case acceptance
    case rejection(Rejection)
    case echo(messageID: UInt16, contextID: UInt8)
    case release
    case abortReceived(Abort?)
    case aborting(Abort)
    case connectionLost
  }

  /// The kind of bytes that were refused with the event.
  enum Refused {
    case none
    case bytes
    /// An A-ASSOCIATE-RQ that is malformed or incomplete.
    case brokenRequest
  }

  /// The number of occurrences that the event stands for.
  enum Count: Equatable {
    case one
    case of(UInt64)
    /// A number that the sentence of the event states.
    case told(UInt64)
    /// All records of a cause that exceeded the journal's budget.
    case sum
  }

  let catalogID: CatalogID
  /// The priority of the event on a terminal.
  let terminal: Priority
  /// The priority of the event in the journal, where one record at info stands for a whole association.
  let journal: Priority
  let recurrence: Recurrence
  var step = Step.none
  var refused = Refused.none
  var count = Count.one
  var endsAnAssociation = false
  var describesService = false
  /// Whether the lines of its record follow its sentence.
  var hasDetails = false

  @inline(__always) static func ofService(
    _ id: CatalogID, _ terminal: Priority, journal: Priority? = nil, count: Count = .one,
    describesService: Bool = false, hasDetails: Bool = false
  ) -> Self {
    Self(
      catalogID: id, terminal: terminal, journal: journal ?? terminal, recurrence: .ofService,
      count: count, describesService: describesService, hasDetails: hasDetails)
  }

  @inline(__always) static func ofAllPeers(
    _ id: CatalogID, _ priority: Priority, count: Count = .one
  ) -> Self {
    Self(
      catalogID: id, terminal: priority, journal: priority, recurrence: .ofAllPeers, count: count)
  }

  @inline(__always) static func ofPeer(
    _ id: CatalogID, _ terminal: Priority, journal: Priority? = nil, step: Step = .none,
    refused: Refused = .none, endsAnAssociation: Bool = false
  ) -> Self {
    Self(
      catalogID: id, terminal: terminal, journal: journal ?? terminal, recurrence: .ofPeer,
      step: step, refused: refused, endsAnAssociation: endsAnAssociation)
  }

  @inline(__always) static func rejection(
    _ rejection: Rejection, _ id: CatalogID, refused: Refused = .none
  ) -> Self {
    ofPeer(id, .warning, step: .rejection(rejection), refused: refused)
  }

  /// The end of an association in `stage`.
  ///
  /// In the journal the end has priority debug if a warning about the association was already written.
  @inline(__always) static func end(
    _ id: CatalogID, _ stage: Stage, _ priority: Priority, step: Step = .none,
    refused: Refused = .none
  ) -> Self {
    ofPeer(
      id, priority, journal: stage == .unusable && priority == .info ? .debug : priority,
      step: step, refused: refused, endsAnAssociation: stage.isEstablished)
  }

  /// A release in `stage`: without an echo it is a failure, but pynetdicom's log does not treat it as one.
  @inline(__always) static func release(_ stage: Stage) -> Self {
    let (id, journal): (CatalogID, Priority) =
      switch stage {
      case .established: (.noEchoSent, .warning)
      case .begun: (.stalledMessage, .warning)
      case .unusable: (.associationReleased, .debug)
      case .awaitingRequest, .echoed, .awaitingClose: (.associationReleased, .info)
      }
    return ofPeer(id, .info, journal: journal, step: .release, endsAnAssociation: true)
  }
}

extension Stage {
  /// The priority of a peer's end without a release in this stage: after an echo it is not a failure.
  fileprivate var priorityOfAnEnd: Priority {
    switch self {
    case .awaitingRequest, .established, .begun: .warning
    case .unusable, .echoed: .info
    case .awaitingClose: .debug
    }
  }
}

extension AbortReason {
  /// The priority of our abort for this reason in `stage`.
  fileprivate func priority(in stage: Stage) -> Priority {
    if self == .draining { return .info }
    if case .idleAssociation = self { return stage.priorityOfAnEnd }
    return stage == .awaitingClose ? .debug : .warning
  }
}
