public import Linux
public import TLS
public import UpperLayer

/// One occurrence of an event, of a fixed size, so that a worker copies it into its queue and goes on.
///
/// A record only points to data that is not of a fixed size.
public struct Record: Sendable {
  /// The event that happened.
  public let event: Event
  /// The peer that the record is about, or `nil` if it is about the service as a whole.
  public let subject: Subject?
  /// Data that is not of a fixed size: for example the PDUs of an association, at debug, or the errors in a
  /// configuration.
  public var attachment: Attachment?
  /// The refused bytes, as evidence.
  public var refused: RefusedPDU?
  /// The progress of the PDU or message that was incomplete when the event happened.
  public var progress: PDUProgress?
  /// What is known of the TLS session of the peer; `nil` without TLS.
  public var security: SessionFacts?
  /// What is known of the proxy between the peer and this service; `nil` without a PROXY header.
  public var relay: Relay?
  /// The time of the event, in milliseconds of the monotonic clock.
  public var time: UInt64
  /// The position among the records of all threads.
  public var number: UInt64 = 0

  /// A record of `event` about `subject`, with `attachment`.
  ///
  /// - Parameter time: The time of the event, or `nil` for now.
  public init(
    _ event: Event, about subject: Subject?, attachment: Attachment? = nil, at time: UInt64? = nil
  ) {
    self.event = event
    self.subject = subject
    self.attachment = attachment
    self.time = time ?? Instant.now.milliseconds
  }

  /// Returns a record that stands for `count` occurrences of the event.
  public func standing(for count: UInt64) -> Record {
    var record = Record(event.standing(for: count), about: subject, attachment: attachment)
    (record.progress, record.security, record.relay) = (progress, security, relay)
    (record.time, record.number) = (time, number)
    return record
  }

  /// The memory that the record occupies besides its fixed size, in bytes.
  public var size: Int {
    (attachment?.size ?? 0) + (refused?.size ?? 0) + (security?.size ?? 0) + (relay?.size ?? 0)
  }

  /// Drops the data that is not of a fixed size.
  mutating func dropAttachments() {
    attachment = nil
    refused = nil
    security = nil
    relay = nil
  }

  /// The A-ASSOCIATE-RQ and its answer, if the record has them.
  public var pdus: PDUCopies? {
    switch attachment {
    case .pdus(let copies): copies
    case .request(let excerpt): excerpt.pdus
    case .text(let text): text.pdus
    case .service, nil: nil
    }
  }

  /// The excerpt of the A-ASSOCIATE-RQ, if the record is about its refusal.
  public var excerpt: RequestExcerpt? {
    if case .request(let excerpt) = attachment { excerpt } else { nil }
  }

  /// The record as a self-contained sentence.
  public var sentence: String { Sentence.text(of: self) }

  /// Deviations that a stricter peer would have refused; complete only after the release.
  public var notes: Notes {
    let notes = subject?.notes ?? []
    if case .associationReleased(let all, _, _) = event { return notes.union(all) }
    return notes
  }

  /// The time of day for what the record says of certificates: `given`, or else now, read only if there are any.
  func timeOfDay(_ given: WallTime?) -> WallTime {
    given ?? (security == nil ? WallTime(seconds: 0) : .now)
  }

  /// The facts about the service, if the record is about a start or a reload.
  public var service: ServiceFacts? {
    if case .service(let facts) = attachment { facts } else { nil }
  }

  /// The attached lines of text.
  public var lines: [String] {
    if case .text(let text) = attachment { text.lines } else { [] }
  }
}

/// Data of a record that is not of a fixed size.
public enum Attachment: Sendable {
  /// The A-ASSOCIATE-RQ of an association and its answer.
  case pdus(PDUCopies)
  /// The parts of an A-ASSOCIATE-RQ that explain its refusal.
  case request(RequestExcerpt)
  /// Lines of text.
  case text(AttachedText)
  /// The facts about the service, at its start and after a reload.
  case service(ServiceFacts)

  /// The memory that the attachment occupies, in bytes. The facts about the service do not count: they are few,
  /// and must never be dropped.
  public var size: Int {
    switch self {
    case .pdus(let copies): copies.size
    case .service: 0
    case .request(let excerpt): excerpt.size
    case .text(let text): text.lines.reduce(text.pdus?.size ?? 0) { $0 + $1.utf8.count }
    }
  }
}

/// Lines of text of a record whose facts have no fixed number.
public final class AttachedText: Sendable {
  /// The lines, each without a newline.
  public let lines: [String]

  /// The PDUs of the association, at debug.
  public let pdus: PDUCopies?

  /// An attachment of `lines`, with characters escaped that break a line or control a terminal.
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

/// Copies of the A-ASSOCIATE-RQ of an association and its answer, which records have only at debug.
public final class PDUCopies: Sendable {
  /// The A-ASSOCIATE-RQ without its header.
  public let request: [UInt8]
  /// The A-ASSOCIATE-AC without its header; empty if the association was not accepted.
  public let accept: [UInt8]

  /// A copy of a request that is not answered yet.
  public init(_ request: borrowing AssociateRequest) {
    self.request = Escaping.copy(of: request.body)
    accept = []
  }

  /// The request in `copies`, with the A-ASSOCIATE-AC whose bytes, including the header, are `accept`.
  public init(_ copies: PDUCopies, accept: Span<UInt8>) {
    request = copies.request
    self.accept = Escaping.copy(of: accept.extracting(droppingFirst: PDUType.headerSize))
  }

  /// The size of both copies, in bytes.
  public var size: Int { request.count + accept.count }
}

/// Facts about the service, attached to the record of its start and to each record of a reload.
public final class ServiceFacts: Sendable {
  /// The lowest priority that is written, or `nil` if nothing is written.
  public let level: Priority?
  /// The AE title that is in force.
  public let aeTitle: String
  /// The certificate of the service.
  public struct TLS: Sendable {
    /// Its subject.
    public let subject: String
    /// The days until it expires; negative once it has expired.
    public let days: Int

    /// The facts about one certificate.
    public init(subject: String, days: Int) {
      self.subject = subject
      self.days = days
    }
  }

  /// The addresses and ports that the service listens on without TLS.
  public let listeners: [NetworkAddress]
  /// The addresses and ports that the service listens on for TLS.
  public let tlsListeners: [NetworkAddress]
  /// The addresses and ports that the service listens on for proxies, with and without TLS.
  public let proxyListeners: [NetworkAddress]
  /// The certificate of the service, or `nil` if TLS is not in service.
  public let tls: TLS?
  /// Whether another process passed the sockets, so that the service did not open them.
  public let arePassed: Bool

  /// The facts of one service.
  public init(
    level: Priority?, aeTitle: String, listeners: [NetworkAddress], arePassed: Bool,
    tls: TLS? = nil, tlsListeners: [NetworkAddress] = [],
    proxyListeners: [NetworkAddress] = []
  ) {
    self.level = level
    self.aeTitle = aeTitle
    self.listeners = listeners
    self.tlsListeners = tlsListeners
    self.proxyListeners = proxyListeners
    self.tls = tls
    self.arePassed = arePassed
  }
}
