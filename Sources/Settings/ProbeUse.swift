extension Setting {
  /// What `--probe` makes of a setting on the command line: what only changes how associations are
  /// served would be said in vain there.
  enum ProbeUse: Sendable {
    /// It says how to ask.
    case always
    /// It says where the service of this host is, and how it is called.
    case local
    /// Nothing.
    case never
  }
}
