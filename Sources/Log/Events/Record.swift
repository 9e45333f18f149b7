public import Linux
public import UpperLayer

/// One occurrence of an event: of a fixed size, so that a worker copies it into its queue and goes
/// on. What is not of a fixed size, it only points to.
public struct Record: Sendable {
  /// What happened.
  public let event: Event
  /// To whom; `nil` when it is about the service as a whole.
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
  mutating func dropAttachments() {
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

/// What belongs to a record and is not of a fixed size.
public enum Attachment: Sendable {
  /// The PDUs by which an association was requested and answered.
  case pdus(PDUCopies)
  /// What a request had of what its refusal is about.
  case request(RequestExcerpt)
  /// Lines of text.
  case text(AttachedText)
  /// What the service is, at its start and after a reload.
  case service(ServiceFacts)

  /// How much memory it takes, in bytes. That of the facts of a service is not counted: they are few,
  /// and are written whatever else is waiting.
  public var size: Int {
    switch self {
    case .pdus(let copies): copies.size
    case .service: 0
    case .request(let excerpt): excerpt.size
    case .text(let text): text.lines.reduce(text.pdus?.size ?? 0) { $0 + $1.utf8.count }
    }
  }
}

/// Lines of text that belong to a record: more than a fixed number of facts can say.
public final class AttachedText: Sendable {
  /// The lines, each without a newline.
  public let lines: [String]

  /// The PDUs of the association, at debug.
  public let pdus: PDUCopies?

  /// `lines`; what would break one of them, or control a terminal, is escaped.
  public init(_ lines: [String]) {
    self.lines = lines.map(Escaping.line)
    pdus = nil
  }

  /// The lines of `text`, with `pdus`.
  public init(_ text: AttachedText, pdus: PDUCopies?) {
    lines = text.lines
    self.pdus = pdus
  }
}

/// The PDUs by which an association was requested and answered, copied for who reads the log at
/// debug: everybody else's records have none.
public final class PDUCopies: Sendable {
  /// What follows the header of the A-ASSOCIATE-RQ.
  public let request: [UInt8]
  /// What follows the header of the A-ASSOCIATE-AC, empty when it was not accepted.
  public let accept: [UInt8]

  /// A copy of a request that is not answered yet.
  public init(_ request: borrowing AssociateRequest) {
    self.request = Escaping.copy(of: request.body)
    accept = []
  }

  /// The request that `copies` has, with the A-ASSOCIATE-AC whose bytes with the header are `accept`.
  public init(_ copies: PDUCopies, accept: Span<UInt8>) {
    request = copies.request
    self.accept = Escaping.copy(of: accept.extracting(droppingFirst: PDUType.headerSize))
  }

  /// How many bytes they have.
  public var size: Int { request.count + accept.count }
}

/// What a service is, and where it serves: what its first record says, and each one about a reload.
public final class ServiceFacts: Sendable {
  /// The quietest priority that is written; `nil` when none is.
  public let level: Priority?
  /// The AE title that is in force.
  public let aeTitle: String
  /// The addresses and ports that it listens on.
  public let listeners: [NetworkAddress]
  /// Whether the sockets were passed by another process, and not opened by the service.
  public let arePassed: Bool

  /// The facts of one service.
  public init(level: Priority?, aeTitle: String, listeners: [NetworkAddress], arePassed: Bool) {
    self.level = level
    self.aeTitle = aeTitle
    self.listeners = listeners
    self.arePassed = arePassed
  }
}
