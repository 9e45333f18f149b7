import UpperLayer

/// The catalogue: a row for each event, with all that is the same for every occurrence of it but its
/// words, which are in ``Sentence``.
///
/// A row is of plain numbers: a worker looks up the priority of each step, and the compiler leaves out
/// whatever else the row has.
extension Event {
  @inline(__always) var entry: EventEntry {
    switch self {
    // The service's own affairs.
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
    case .recordsDropped(let count, _): .ofService(.recordsDropped, .warning, count: .of(count))
    case .recordsSummed(let id, let priority): .ofService(id, priority, count: .sum)

    // What all peers bring about together.
    case .outOfDescriptors: .ofAllPeers(.outOfDescriptors, .error)
    case .acceptingAgain: .ofAllPeers(.acceptingAgain, .info)
    case .acceptFailed: .ofAllPeers(.acceptFailed, .error)
    case .connectionsEvicted(let count, let limit):
      .ofAllPeers(limit.catalogID, limit == .descriptors ? .error : .warning, count: .told(count))

    // A connection.
    case .addressDenied: .ofPeer(.addressDenied, .warning)
    case .connectionRefused(let limit, let isFirst):
      .ofPeer(limit.catalogID, isFirst ? .warning : .debug)
    case .connectionEvicted(let limit): .ofPeer(limit.catalogID, .debug)
    case .connected: .ofPeer(.connected, .debug)
    // What comes arrives, and says nothing: a reader of the journal wants to know.
    case .healthCheck: .ofPeer(.healthCheck, .debug, journal: .info)
    case .requestIncomplete(let progress):
      .ofPeer(progress.catalogID ?? .peerVanished, .warning, refused: .brokenRequest)
    case .requestTimedOut(let progress):
      .ofPeer(
        progress.catalogID ?? (progress.pdu.received > 0 ? .stalledRequest : .silentPeer), .warning,
        refused: .brokenRequest)
    case .closeTimedOut: .ofPeer(.closeTimedOut, .debug)
    case .disconnected: .ofPeer(.disconnected, .debug)

    // The steps of an association, which the journal has at debug.
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

  /// How grave it is where records look like this.
  public func priority(in rendering: Rendering) -> Priority {
    let entry = entry
    return rendering == .terminal ? entry.terminal : entry.journal
  }

  /// Whether it is written where records down to `level` are. In the journal what describes the service
  /// always is: a reader who misses a record learns there down to which level it writes.
  func isWritten(downTo level: Priority, in rendering: Rendering) -> Bool {
    describesService && rendering == .journal || priority(in: rendering) <= level
  }

  /// What it is filed under.
  var catalogID: CatalogID { entry.catalogID }

  /// The stable word for the cause of a failed or odd attempt; `nil` when nothing failed.
  var cause: String? { catalogID.cause }

  /// Who decides how often it comes.
  var recurrence: Recurrence { entry.recurrence }

  /// Whether its record says what the service is, and where it serves.
  var describesService: Bool { entry.describesService }

  /// Whether an association ends with it, and its record says what became of that.
  var endsAnAssociation: Bool { entry.endsAnAssociation }

  /// Whether it may be about bytes that were refused.
  var isRefusal: Bool { entry.refused != .none }

  /// How many occurrences it stands for.
  var occurrences: UInt64 {
    switch entry.count {
    case .of(let count), .told(let count): count
    case .one, .sum: 1
    }
  }

  /// Whether it stands for all records of a cause that exceed the budget.
  var isSum: Bool { entry.count == .sum }

  /// Whether its sentence has the number of occurrences.
  var hasOwnCount: Bool {
    if case .told = entry.count { true } else { false }
  }

  /// The same for `count` occurrences, as far as its sentence has their number.
  func standing(for count: UInt64) -> Event {
    if case .connectionsEvicted(_, let limit) = self {
      .connectionsEvicted(count, limit)
    } else {
      self
    }
  }
}

/// Who decides how often an event comes.
enum Recurrence: Sendable {
  /// Its peer: it counts for the budget of its address.
  case ofPeer
  /// All peers together: one in a minute is told.
  case ofAllPeers
  /// The service: each one is told.
  case ofService
}

/// A row of the catalogue of events.
struct EventEntry {
  /// What of an association the event is for its users.
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

  /// What the bytes are that were refused with the event.
  enum Refused {
    case none
    case bytes
    /// An A-ASSOCIATE-RQ that cannot be read, or did not come whole.
    case brokenRequest
  }

  /// How many occurrences the event stands for.
  enum Count: Equatable {
    case one
    case of(UInt64)
    /// So many, and its sentence says so.
    case told(UInt64)
    /// All of a cause that exceed the budget of the journal.
    case sum
  }

  let catalogID: CatalogID
  /// How grave the event is on a terminal.
  let terminal: Priority
  /// How grave it is in the journal, where one record at info stands for a whole association.
  let journal: Priority
  let recurrence: Recurrence
  var step = Step.none
  var refused = Refused.none
  var count = Count.one
  var endsAnAssociation = false
  var describesService = false
  /// Whether the lines of its record stand below its sentence.
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

  /// An end in `stage`. Of an association that was warned about, its end is no news in the journal.
  @inline(__always) static func end(
    _ id: CatalogID, _ stage: Stage, _ priority: Priority, step: Step = .none,
    refused: Refused = .none
  ) -> Self {
    ofPeer(
      id, priority, journal: stage == .unusable && priority == .info ? .debug : priority,
      step: step, refused: refused, endsAnAssociation: stage.isEstablished)
  }

  /// A release in `stage`: without an echo it is a failure, which pynetdicom's log does not tell.
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
  /// How grave it is that a peer ends in this stage without a release: not at all after an echo.
  fileprivate var priorityOfAnEnd: Priority {
    switch self {
    case .awaitingRequest, .established, .begun: .warning
    case .unusable, .echoed: .info
    case .awaitingClose: .debug
    }
  }
}

extension AbortReason {
  /// How grave it is that we abort for it in `stage`.
  fileprivate func priority(in stage: Stage) -> Priority {
    if self == .draining { return .info }
    if case .idleAssociation = self { return stage.priorityOfAnEnd }
    return stage == .awaitingClose ? .debug : .warning
  }
}
