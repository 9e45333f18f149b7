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
