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
