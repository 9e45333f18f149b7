/// One occurrence of an event: of a fixed size, so that a worker copies it into its queue and goes
/// on. Only who reads the log at debug, and what is told of the service as a whole, make it point to
/// memory of its own.
public struct Record: Sendable {
  /// What happened.
  public let event: Event
  /// To whom; nothing when it is about the service as a whole.
  public let subject: Subject?
  /// Where it stands among the records of all threads.
  public var number: UInt64 = 0
  private var attachment: Attachment?

  /// What has no fixed size.
  private enum Attachment: Sendable {
    case pdus(PDUCopies)
    case details(Details)
  }

  /// Texts on their way to the writer.
  private final class Details: Sendable {
    let texts: [String]
    init(_ texts: [String]) { self.texts = texts }
  }

  /// `event`, about `subject`, whose association began by `pdus`.
  public init(_ event: Event, about subject: Subject?, pdus: PDUCopies? = nil) {
    self.event = event
    self.subject = subject
    self.pdus = pdus
  }

  /// `event`, about the service, with the texts that it has for `details`.
  public init(_ event: Event, details: [String]) {
    self.event = event
    subject = nil
    attachment = .details(Details(details))
  }

  /// The PDUs by which the association was requested and answered, at debug.
  public var pdus: PDUCopies? {
    get {
      if case .pdus(let copies) = attachment { return copies }
      return nil
    }
    set { attachment = newValue.map { .pdus($0) } }
  }

  /// The texts that the event has: which they are, it says itself.
  var details: [String] {
    if case .details(let details) = attachment { return details.texts }
    return []
  }

  /// It in words that stand alone.
  public var sentence: String { Sentence.text(of: self) }
}
