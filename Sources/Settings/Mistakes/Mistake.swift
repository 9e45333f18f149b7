/// What is wrong with a text that somebody wrote or typed, and what would be right.
public struct Mistake: Error, Equatable, Sendable {
  /// What is wrong.
  let fault: String
  /// What would be right, where that can be said.
  public let advice: String?

  /// A mistake of which nothing more is known than `fault` says.
  init(_ fault: String, _ advice: String? = nil) { (self.fault, self.advice) = (fault, advice) }

  /// `text` has this fault: `is no port`.
  init(of text: String, _ fault: String, _ advice: String? = nil) {
    self.init("\(Quotation.of(text)) \(fault)", advice)
  }

  /// The mistake in words: what is wrong; what would be right.
  public var text: String { fault + (advice.map { "; \($0)" } ?? "") }

  /// The same, with the option or operand `name` in front.
  func behind(_ name: String) -> Mistake { Mistake("\(name): \(fault)", advice) }
}
