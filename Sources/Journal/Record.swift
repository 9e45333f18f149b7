/// One occurrence of an event: of a fixed size, so that a worker copies it into its queue and goes
/// on. Only who reads the log at debug makes it point to memory of its own.
public struct Record: Sendable {
  /// What happened.
  public let event: Event
  /// To whom; nothing when it is about the service as a whole.
  public let subject: Subject?
  /// The PDUs by which the association was requested and answered, at debug.
  public var pdus: PDUCopies?
  /// Where it stands among the records of all threads.
  public var number: UInt64 = 0

  /// `event`, about `subject`, whose association began by `pdus`.
  public init(_ event: Event, about subject: Subject?, pdus: PDUCopies? = nil) {
    self.event = event
    self.subject = subject
    self.pdus = pdus
  }
}
