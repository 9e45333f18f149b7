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
