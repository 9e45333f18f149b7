/// What belongs to a record and is not of a fixed size.
public enum Attachment: Sendable {
  /// The PDUs by which an association was requested and answered.
  case pdus(PDUCopies)
  /// Lines of text.
  case text(AttachedText)

  /// How much memory it takes, in bytes.
  public var size: Int {
    switch self {
    case .pdus(let copies): copies.size
    case .text(let text): text.lines.reduce(text.pdus?.size ?? 0) { $0 + $1.utf8.count }
    }
  }
}
