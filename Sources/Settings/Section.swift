extension Setting {
  /// The sections of the file, which are the groups of the help too.
  public enum Section: String, Sendable, CaseIterable {
    /// What is not about the network.
    case general
    /// Addresses, names, timeouts and sizes.
    case network
    /// The choice of transfer syntaxes.
    case transferSyntaxes = "transfer-syntaxes"
    /// Who may come in.
    case access
    /// What a stranger can take.
    case limits

    /// Its name in the file, between brackets.
    public var name: String { rawValue }

    /// Its heading in the help.
    public var heading: String {
      switch self {
      case .general: "General Options"
      case .network: "Network Options"
      case .transferSyntaxes: "Preferred Transfer Syntaxes"
      case .access: "Access"
      case .limits: "Limits"
      }
    }
  }
}
