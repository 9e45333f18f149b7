extension Setting {
  /// When another value of a setting takes effect in a service that is running.
  public enum Effect: Sendable {
    /// At a reload, for new associations.
    case reload
    /// At a restart only.
    case restart
    /// It says where to listen: at a restart, and not at all where a service manager passes sockets.
    case binding
  }
}
