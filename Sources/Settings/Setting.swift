/// One thing that can be set: a row of the table that drives the command line, the help and, in
/// time, the file and the manual.
public struct Setting: Sendable {
  /// The group of the help and the section of the file that it belongs to.
  public enum Section: String, Sendable, CaseIterable {
    /// What is not about the network.
    case general = "General Options"
    /// Addresses, names, timeouts and sizes.
    case network = "Network Options"
    /// The choice of transfer syntaxes.
    case transferSyntaxes = "Preferred Transfer Syntaxes"
    /// What a stranger can take.
    case limits = "Limits"
  }

  /// Its name: the long option without dashes.
  public let key: String
  /// The short option without its dash, where it has one.
  public let short: String?
  /// Where it belongs.
  public let section: Section
  /// How its value is called in the help, or nothing when it can only be set by switches.
  public let placeholder: String?
  /// One sentence about it.
  public let help: String
  /// Sets it from text. The result is what is wrong and what would be right, or nothing.
  public let set: @Sendable (_ text: String, _ settings: inout Settings) -> String?
}

/// An option without a value, which gives a setting one particular value.
public struct Switch: Sendable {
  /// The long option without dashes.
  public let long: String
  /// The short option without its dash.
  public let short: String
  /// The setting it sets; two switches of one setting exclude each other.
  public let key: String
  /// The value it gives.
  public let value: String
  /// One sentence about it.
  public let help: String
}
