import Settings

/// The limits on what peers can use: the settings of the section limits that the event loop enforces.
struct Limits: Equatable, Sendable {
  /// The maximum number of associations at once.
  var associations = 1000
  /// Whether that number is automatic: then a network with many associations gives way to one with few.
  var sharesAssociations = false
  /// The maximum number of associations per address; 0 for no limit.
  var associationsPerAddress = 0
  /// The maximum number of associations with TLS at once.
  var tlsAssociations = 2000
  /// The maximum number of connections without an association at once.
  var pending = 1000
  /// The maximum number of connections without an association per address; 0 for no limit.
  var pendingPerAddress = 0
  /// The maximum number of connections that one address may make in a second; 0 for no limit.
  var connectionRate = 0
  /// The memory of one worker for partial PDUs, in bytes.
  var partialPDUMemory = 32 << 20
  /// The maximum number of PDUs to serve from one peer in one wake-up.
  var pdusPerWakeup = 1024
  /// The maximum number of bytes to receive from one peer in one wake-up.
  var bytesPerWakeup = 64 << 10
  /// The maximum number of bytes of answers that a peer may leave unread.
  var unread = 16 << 10
}

extension Limits {
  /// The number of shares. A network may have one share of all associations, and one of all
  /// connections without an association, before it gives way to others. An attacker needs this
  /// many networks to take everything.
  static let shares = 8

  /// The limits in `settings`, given the number of connections available.
  init(_ settings: Settings, _ places: Places) {
    let most = settings.maxPending ?? places.pending(associations: settings.maxAssociations)
    pending = min(most, places.connections - 1)
    let room = places.connections - pending
    associations = min(settings.maxAssociations ?? room, room)
    sharesAssociations = settings.maxAssociations == nil
    associationsPerAddress = settings.maxAssociationsPerAddress
    tlsAssociations = settings.maxTlsAssociations
    pendingPerAddress = settings.maxPendingPerAddress
    connectionRate = settings.maxConnectionRate
    partialPDUMemory = settings.partialPduMemory / places.workers
    pdusPerWakeup = settings.maxPdusPerWakeup
    bytesPerWakeup = settings.maxBytesPerWakeup
    unread = settings.maxUnread
  }
}

/// How many connections of all kinds there may be at once: as many as the descriptor limit allows beside the
/// descriptors that the program needs itself, so that no peer can take those.
///
/// Some places are reserved for connections without an association, so that a requestor that comes when no
/// association is left still gets an A-ASSOCIATE-RJ.
public struct Places: Equatable, Sendable {
  /// The maximum number of connections, whatever the descriptor limit is: that may be meaninglessly large,
  /// and the tables grow with this number.
  static let mostConnections = 1 << 20
  /// The maximum number of excess connections, kept while another worker makes room for them.
  static let mostOverdrawn = 16
  /// The descriptor limit, without the workers' descriptors, from which on the larger reserve applies.
  private static let plenty = 256
  /// The minimum limit on connections without an association, unless half of all connections is less.
  private static let leastPending = 64
  /// The minimum number of connections for a useful service.
  private static let leastConnections = 8

  /// The maximum number of connections.
  let connections: Int
  /// The number of threads that serve them.
  let workers: Int

  /// The places that a limit of `descriptors` allows.
  ///
  /// - Returns: `nil` if that is too low for the program itself: see ``least(workers:)``.
  public init?(descriptors: Int, workers: Int) {
    let connections = descriptors - Self.reserve(descriptors: descriptors, workers: workers)
    guard connections >= Self.leastConnections else { return nil }
    self.connections = min(connections, Self.mostConnections)
    self.workers = workers
  }

  /// The lowest descriptor limit with which the program can serve.
  public static func least(workers: Int) -> Int {
    reserve(descriptors: 0, workers: workers) + leastConnections
  }

  /// The number of descriptors not available for connections: those for the log, listening sockets, pollers,
  /// the service manager, a reload and its answer, and excess connections.
  private static func reserve(descriptors: Int, workers: Int) -> Int {
    (descriptors < plenty + 4 * workers ? 24 : 64) + 4 * workers
  }

  /// How many connections may be without an association, given the configured `associations`
  /// (`nil` if automatic): a quarter, or as many as those leave if that is less, but always
  /// enough for a burst of newcomers.
  func pending(associations: Int?) -> Int {
    let few = min(Self.leastPending, connections / 2)
    return max(few, min(connections / 4, connections - (associations ?? 0)))
  }
}
