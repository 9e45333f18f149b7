/// Lines of text that belong to a record: more than a fixed number of facts can say.
public final class AttachedText: Sendable {
  /// The lines, each without a newline.
  public let lines: [String]

  /// `lines`; what would break one of them, or control a terminal, is escaped.
  public init(_ lines: [String]) { self.lines = lines.map(Escaping.line) }
}
