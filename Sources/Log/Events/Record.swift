import Linux
public import UpperLayer

extension Event {
  /// Whether an association ends with it, and its record says what became of that.
  public var endsAnAssociation: Bool {
    switch self {
    case .associationReleased: true
    case .abortReceived(_, let stage), .aborting(_, _, _, let stage), .peerVanished(let stage),
      .peerReset(let stage), .receiverStalled(_, let stage), .replyLost(let stage):
      stage.isEstablished
    case .started, .listening, .stopping, .stopped, .stoppedAtOnce, .reloaded, .reloadRefused,
      .reloadFailed,
      .configurationRefused, .listenFailed, .restartNeeded, .socketsOverride, .timeoutDisabled,
      .runsAsRoot, .maxAssociationsLowered, .outOfDescriptors, .acceptingAgain, .acceptFailed,
      .recordsDropped, .recordsSummed, .addressDenied, .connectionRefused, .connectionEvicted,
      .connectionsEvicted,
      .connected, .associationAccepted, .noUsableContext, .associationRejected,
      .associationOverLimit, .associationFromElsewhere, .requestRefusedMemory, .echoReceived,
      .cancelReceived, .healthCheck, .requestIncomplete, .requestTimedOut, .closeTimedOut,
      .disconnected:
      false
    }
  }
}

/// One occurrence of an event: of a fixed size, so that a worker copies it into its queue and goes
/// on. What is not of a fixed size, it only points to.
public struct Record: Sendable {
  /// What happened.
  public let event: Event
  /// To whom; nothing when it is about the service as a whole.
  public let subject: Subject?
  /// What is not of a fixed size: the PDUs of an association, at debug; what is wrong in a
  /// configuration.
  public var attachment: Attachment?
  /// What was refused, as evidence.
  public var refused: RefusedPDU?
  /// What had come of the PDU or message in whose middle it happened.
  public var progress: PDUProgress?
  /// When it happened, in milliseconds of the monotonic clock.
  public var time: UInt64
  /// Where it stands among the records of all threads.
  public var number: UInt64 = 0

  /// `event`, about `subject`, with `attachment`.
  ///
  /// - Parameter time: When it happened, if that was looked at already; now when nil.
  public init(
    _ event: Event, about subject: Subject?, attachment: Attachment? = nil, at time: UInt64? = nil
  ) {
    self.event = event
    self.subject = subject
    self.attachment = attachment
    self.time = time ?? Instant.now.milliseconds
  }

  /// The same for `count` occurrences of its event.
  public func standing(for count: UInt64) -> Record {
    var record = Record(event.standing(for: count), about: subject, attachment: attachment)
    record.progress = progress
    (record.time, record.number) = (time, number)
    return record
  }

  /// How much memory it takes beside its own, in bytes.
  public var size: Int { (attachment?.size ?? 0) + (refused?.size ?? 0) }

  /// Gives up what is not of a fixed size.
  public mutating func dropAttachments() {
    attachment = nil
    refused = nil
  }

  /// The PDUs by which the association was requested and answered, if it has them.
  public var pdus: PDUCopies? {
    switch attachment {
    case .pdus(let copies): copies
    case .request(let excerpt): excerpt.pdus
    case .text(let text): text.pdus
    case .service, nil: nil
    }
  }

  /// What its request had, if it is about the refusal of one.
  public var excerpt: RequestExcerpt? {
    if case .request(let excerpt) = attachment { excerpt } else { nil }
  }

  /// It in words that stand alone.
  public var sentence: String { Sentence.text(of: self) }

  /// What a stricter peer would have refused: known in full only at the release.
  public var notes: Notes {
    let notes = subject?.notes ?? []
    if case .associationReleased(let all, _, _) = event { return notes.union(all) }
    return notes
  }

  /// What it says of the service, if it is about a start or a reload.
  public var service: ServiceFacts? {
    if case .service(let facts) = attachment { facts } else { nil }
  }

  /// The lines of text that it has.
  public var lines: [String] {
    if case .text(let text) = attachment { text.lines } else { [] }
  }
}
