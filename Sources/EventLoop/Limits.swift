import Settings

/// What strangers can take, in numbers: the settings of the section limits that the event loop
/// enforces.
struct Limits: Equatable, Sendable {
  /// Associations at once.
  var associations = 1000
  /// The same with one address; 0 is any number.
  var associationsPerAddress = 0
  /// Connections without an association at once.
  var pending = 1000
  /// The same with one address; 0 is any number.
  var pendingPerAddress = 0
  /// Connections that one address may make in a second; 0 is any number.
  var connectionRate = 0
  /// Memory for partial PDUs and for answers that are not taken, in bytes.
  var partialPDUMemory = 32 << 20
  /// PDUs of one peer that are served in one wake-up.
  var pdusPerWakeup = 1024
  /// Bytes of one peer that are taken in one wake-up.
  var bytesPerWakeup = 64 << 10
  /// Bytes of answers that a peer may leave unread.
  var unread = 128 << 10
}

extension Limits {
  /// Connections without an association that there may be where few have room: it is the descriptors
  /// that bound them there.
  private static let leastPending = 64

  /// The limits in `settings`, where there can be `room` connections.
  init(_ settings: Settings, room: Int) {
    associations = min(settings.maxAssociations ?? room, room)
    associationsPerAddress = settings.maxAssociationsPerAddress
    pending = settings.maxPending ?? max(room / 2, Self.leastPending)
    pendingPerAddress = settings.maxPendingPerAddress
    connectionRate = settings.maxConnectionRate
    partialPDUMemory = settings.partialPduMemory
    pdusPerWakeup = settings.maxPdusPerWakeup
    bytesPerWakeup = settings.maxBytesPerWakeup
    unread = settings.maxUnread
  }
}
