/// An error in a text from a file or a command line, and how to correct it.
public struct Mistake: Error, Equatable, Sendable {
  /// What is wrong.
  private(set) var fault: String
  /// The allowed values, or what to do; `nil` if neither is known.
  public let advice: String?
  /// The words between the fault and the advice.
  private let joint: String

  /// A mistake with `fault`, which `advice` tells how to correct: `write 192.0.2.0/24`.
  init(_ fault: String, _ advice: String? = nil) {
    (self.fault, self.advice, joint) = (fault, advice, "; ")
  }

  /// A mistake with `fault`, where only `values` are allowed: `1 to 65535`.
  init(_ fault: String, expected values: String?) {
    (self.fault, advice, joint) = (fault, values, ": expected ")
  }

  /// A mistake in `text`, which `advice` tells how to correct.
  init(of text: String, _ fault: String, _ advice: String? = nil) {
    self.init("\(Quotation.of(text)) \(fault)", advice)
  }

  /// A mistake in `text`, where only `values` are allowed.
  init(of text: String, _ fault: String, expected values: String?) {
    self.init("\(Quotation.of(text)) \(fault)", expected: values)
  }

  /// The message: `"70000" is not a port: expected 1 to 65535`.
  public var text: String { fault + (advice.map { joint + $0 } ?? "") }

  /// This mistake with the option or operand `name` before the fault.
  func behind(_ name: String) -> Mistake {
    var mistake = self
    mistake.fault = "\(name): \(fault)"
    return mistake
  }
}
