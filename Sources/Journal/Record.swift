/// One occurrence of an event: of a fixed size, so that a worker copies it into its queue and goes
/// on; nothing in it points to memory of its own.
public struct Record: Sendable {
  /// What happened.
  public let event: Event
  /// To whom; nothing when it is about the service as a whole.
  public let subject: Subject?
  /// Where it stands among the records of all threads.
  public var number: UInt64 = 0

  /// `event`, about `subject`.
  public init(_ event: Event, about subject: Subject?) {
    self.event = event
    self.subject = subject
  }
}
