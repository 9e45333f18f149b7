import Linux

/// The story of one device, by its calling AE title or its address.
public struct PeerStory: Sendable {
  /// The echoes and failures of one hour.
  public struct Hour: Sendable, Equatable {
    /// The hour of the day in local time, 0 to 23.
    public let hour: Int
    /// The number of echoes that were answered.
    public fileprivate(set) var echoes: UInt64 = 0
    /// The number of failed attempts.
    public fileprivate(set) var failures: UInt64 = 0
  }

  /// An address that the device came from, or a title that it had.
  public struct Place: Sendable, Equatable {
    /// The title and the address.
    public let key: PeerRow.Key
    /// The time of its last record, in microseconds since 1970.
    public fileprivate(set) var lastSeen: UInt64
  }

  /// The largest number of failures that are told in full.
  public static let mostFailures = 5
  /// The microseconds of an hour.
  private static let hour = 3600 * Clock.second
  /// The largest number of places that are kept.
  static let mostPlaces = 16

  /// The title or the address that was asked for.
  public let name: String
  /// The time of the first record that the journal keeps, in microseconds since 1970; `nil` if there is none.
  public var firstSeen: UInt64?
  /// The last record of the period, or else the last before it.
  public private(set) var last: JournalRecord?
  /// The product of the device.
  public private(set) var product: String?
  /// The implementation class UID and version name.
  public private(set) var implementation: String?
  /// The time of the last echo, in microseconds since 1970.
  public private(set) var lastEcho: UInt64?
  /// The sums over the period.
  public private(set) var row: PeerRow
  /// The places, the last one seen first.
  public private(set) var places: [Place] = []
  /// The last 24 hours, the earliest first.
  public private(set) var hours: [Hour]
  /// The last failures, the latest first.
  public private(set) var failures: [Failure] = []

  private let clock: Clock
  /// The end of the last hour, in microseconds since 1970.
  private let end: UInt64

  /// The story of `name` without any record.
  public init(of name: String, by clock: Clock) {
    (self.name, self.clock) = (name, clock)
    row = PeerRow(PeerRow.Key(title: name, address: nil))
    // Whole hours of local time, which in some places begin with a half or a quarter of one of UTC.
    let now = clock.now / Clock.second
    let begun = now - min(now, UInt64(clamping: clock.local(clock.now).seconds) % 3600)
    let end = begun * Clock.second + Self.hour
    self.end = end
    hours = (1...24).map { index in
      Hour(hour: clock.hour(end - min(end, UInt64(25 - index) * Self.hour)))
    }
  }

  /// Whether the journal has any record of the device.
  public var isKnown: Bool { last != nil }

  /// The state of the device, after its last attempt.
  public var state: PeerRow.State { row.state }

  /// Adds a record of the period, which is not older than those before it.
  public mutating func add(_ record: JournalRecord) {
    guard !record.isSum else { return }
    row.add(record)
    note(record)
    if record.echoes ?? 0 > 0 { lastEcho = record.time }
    guard let hour = hour(of: record.time) else { return }
    hours[hour].echoes.increase(by: record.echoes ?? 0)
    if record.outcome == .failed { hours[hour].failures.increase(by: record.count) }
  }

  /// Adds the last record before the period, if the period has none.
  public mutating func addEarlier(_ record: JournalRecord) {
    guard last == nil else { return }
    row.lastSeen = record.time
    note(record)
    if record.echoes ?? 0 > 0 { lastEcho = record.time }
  }

  /// Adds the time of an echo before the period.
  public mutating func addEarlierEcho(at time: UInt64) { lastEcho = lastEcho ?? time }

  private mutating func note(_ record: JournalRecord) {
    last = record
    product = record.product ?? product
    implementation = record.implementation ?? implementation
    let key = PeerRow.Key(title: record.callingAE, address: record.address)
    if let index = places.firstIndex(where: { $0.key == key }) {
      places[index].lastSeen = record.time
      places.insert(places.remove(at: index), at: 0)
    } else {
      places.insert(Place(key: key, lastSeen: record.time), at: 0)
      if places.count > Self.mostPlaces { places.removeLast() }
    }
  }

  /// The place in ``hours`` of a time; `nil` if it is not in the last 24 hours.
  private func hour(of time: UInt64) -> Int? {
    // A record may be from after now: the report takes a while.
    guard time < end else { return time - end < Self.hour ? 23 : nil }
    let ago = (end - time - 1) / Self.hour
    return ago < 24 ? 23 - Int(ago) : nil
  }

  /// Adds a failure; only the latest ``mostFailures`` stay.
  public mutating func addFailure(_ failure: Failure) {
    failures.append(failure)
    failures.sort { $0.time > $1.time }
    if failures.count > Self.mostFailures { failures.removeLast() }
  }
}
