import Settings

/// What strangers can take, in numbers: the settings of the section limits that the event loop
/// enforces.
struct Limits: Equatable, Sendable {
  /// Associations at once.
  var associations = 1000
  /// Whether nobody has set how many: then an address that has many gives way to one that has few.
  var sharesAssociations = false
  /// The same with one address; 0 is any number.
  var associationsPerAddress = 0
  /// Connections without an association at once.
  var pending = 1000
  /// The same with one address; 0 is any number.
  var pendingPerAddress = 0
  /// Connections that one address may make in a second; 0 is any number.
  var connectionRate = 0
  /// Memory for partial PDUs of one worker, in bytes.
  var partialPDUMemory = 32 << 20
  /// PDUs of one peer that are served in one wake-up.
  var pdusPerWakeup = 1024
  /// Bytes of one peer that are taken in one wake-up.
  var bytesPerWakeup = 64 << 10
  /// Bytes of answers that a peer may leave unread.
  var unread = 16 << 10
}

extension Limits {
  /// An address may have this part of all associations, or of all connections without one, before it
  /// gives way to others: one in so many. So many attackers at once have to share what is there.
  static let shares = 8

  /// The limits in `settings`, where there are so many places.
  init(_ settings: Settings, _ places: Places) {
    let most = settings.maxPending ?? places.pending(associations: settings.maxAssociations)
    pending = min(most, places.connections - 1)
    let room = places.connections - pending
    associations = min(settings.maxAssociations ?? room, room)
    sharesAssociations = settings.maxAssociations == nil
    associationsPerAddress = settings.maxAssociationsPerAddress
    pendingPerAddress = settings.maxPendingPerAddress
    connectionRate = settings.maxConnectionRate
    partialPDUMemory = settings.partialPduMemory / places.workers
    pdusPerWakeup = settings.maxPdusPerWakeup
    bytesPerWakeup = settings.maxBytesPerWakeup
    unread = settings.maxUnread
  }
}

/// How many connections there may be at once, of every kind: what the limit of descriptors has room for
/// beside what the program needs itself, so that nobody who connects can take that from it.
///
/// A part of them is for connections without an association, and for nothing else: a requestor that comes
/// when there is no association left is still told so, by an A-ASSOCIATE-RJ.
public struct Places: Equatable, Sendable {
  /// More than these are not used, whatever the limit of descriptors is: it may be a number without any
  /// meaning, and tables are as large as what they count.
  static let mostConnections = 1 << 20
  /// Connections beyond their number that are kept while another worker makes room for them, at most.
  static let mostOverdrawn = 16
  /// The limit of descriptors, without those of workers, from which on there is plenty to spare.
  private static let plenty = 256
  /// Connections without an association that there may be, at least, where half of all is more.
  private static let leastPending = 64
  /// The fewest connections that a service is of any use with.
  private static let leastConnections = 8

  /// How many connections there may be.
  let connections: Int
  /// How many threads serve them.
  let workers: Int

  /// The places that a limit of `descriptors` has room for.
  ///
  /// - Returns: nil where it is too low for the program itself: see ``least(workers:)``.
  public init?(descriptors: Int, workers: Int) {
    let connections = descriptors - Self.reserve(descriptors: descriptors, workers: workers)
    guard connections >= Self.leastConnections else { return nil }
    self.connections = min(connections, Self.mostConnections)
    self.workers = workers
  }

  /// The lowest limit of descriptors under which the program serves.
  public static func least(workers: Int) -> Int {
    reserve(descriptors: 0, workers: workers) + leastConnections
  }

  /// The descriptors that are not for connections: log, listening sockets, pollers, the service manager,
  /// a reload and its answer, and the connections that are overdrawn.
  private static func reserve(descriptors: Int, workers: Int) -> Int {
    (descriptors < plenty + 4 * workers ? 24 : 64) + 4 * workers
  }

  /// How many connections may be without an association where `associations` are wanted, or nobody has
  /// said how many: a quarter, or what these leave, but not so few that a crowd of newcomers has no room.
  func pending(associations: Int?) -> Int {
    let few = min(Self.leastPending, connections / 2)
    return max(few, min(connections / 4, connections - (associations ?? 0)))
  }
}
