public import Linux

/// What a service is, and where it serves: what its first record says, and each one about a reload.
public final class ServiceFacts: Sendable {
  /// The quietest priority that is written; nothing is when there is none.
  public let level: Priority?
  /// The AE title that is in force.
  public let aeTitle: String
  /// The addresses and ports that it listens on.
  public let listeners: [NetworkAddress]
  /// Whether the sockets were passed by another process, and not opened by the service.
  public let arePassed: Bool

  /// The facts of one service.
  public init(level: Priority?, aeTitle: String, listeners: [NetworkAddress], arePassed: Bool) {
    self.level = level
    self.aeTitle = aeTitle
    self.listeners = listeners
    self.arePassed = arePassed
  }
}
