/// The devices in the records of a period, a row for each calling AE title and address.
///
/// Records are added in the order of their times. The memory is bounded by the number of devices: a peer can make up
/// any number of titles, so beyond ``capacity`` the rows that were seen least recently go, and are counted. Those of
/// `[device]` sections stay.
public struct PeerTable: Sendable {
  /// The largest number of rows after a record was added.
  public static let capacity = 20_000

  private let capacity: Int
  /// The rows, in no order.
  private(set) var rows: [PeerRow.Key: PeerRow] = [:]
  private let configured: Set<String>
  /// The number of rows that had to go.
  public private(set) var forgotten: UInt64 = 0
  /// The failures that the service summed up over many addresses, which therefore belong to no row.
  public private(set) var summedUp: UInt64 = 0

  /// A table for the devices in the sections of `titles`, without any record.
  public init(configured titles: [String] = []) {
    self.init(configured: titles, capacity: Self.capacity)
  }

  /// A table with at most `capacity` rows.
  init(configured titles: [String], capacity: Int) {
    (configured, self.capacity) = (Set(titles), capacity)
  }

  /// Adds one record.
  public mutating func add(_ record: JournalRecord) {
    if record.isSum {
      if record.outcome == .failed { summedUp.increase(by: record.count) }
      return
    }
    guard record.address != nil else { return }
    let key = PeerRow.Key(title: record.callingAE, address: record.address)
    if let index = rows.index(forKey: key) {
      rows.values[index].add(record)
      return
    }
    if rows.count >= capacity { forget() }
    var row = PeerRow(key)
    row.isConfigured = record.callingAE.map(configured.contains) ?? false
    row.add(record)
    rows[key] = row
  }

  /// Removes a quarter of the rows, so that sorting them is rare.
  private mutating func forget() {
    // Many addresses may use the titles of sections; then rows of these have to go as well, after all others.
    let oldest = rows.values.map { (isLast: $0.isConfigured, time: $0.lastSeen ?? 0, key: $0.key) }
      .sorted { left, right in
        if left.isLast != right.isLast { return right.isLast }
        return left.time != right.time ? left.time < right.time : left.key < right.key
      }
    let excess = max(1, capacity / 4)
    for row in oldest.prefix(excess) { rows[row.key] = nil }
    forgotten.increase(by: UInt64(excess))
  }

  /// The titles of sections to which no row belongs.
  public var absentTitles: [String] {
    let present = Set(rows.values.compactMap(\.key.title))
    return configured.filter { !present.contains($0) }.sorted()
  }

  /// Adds the row of a section to which no record of the period belongs.
  ///
  /// - Parameter earlier: Its last record before the period, if there is one.
  public mutating func addAbsent(_ title: String, earlier: JournalRecord?) {
    var row = PeerRow(PeerRow.Key(title: title, address: earlier?.address))
    row.isConfigured = true
    row.lastSeen = earlier?.time
    if earlier?.echoes ?? 0 > 0 { row.lastEcho = earlier?.time }
    rows[row.key] = row
  }

  /// An order of rows.
  public enum Order: String, Sendable, CaseIterable {
    /// The worst state first, and the last one seen first.
    case state
    /// By title, then address.
    case title
    /// By address, then title.
    case address
    /// The last one seen first.
    case last
    /// The one with the most echoes first.
    case echoes
    /// The one with the most failures first.
    case failures
  }

  /// The rows in an order that does not depend on anything but the rows.
  public func sorted(by order: Order) -> [PeerRow] {
    rows.values.sorted { left, right in
      let (time, other) = (left.lastSeen ?? 0, right.lastSeen ?? 0)
      switch order {
      case .state:
        if left.state != right.state { return left.state < right.state }
        if time != other { return time > other }
      case .title: break
      case .address:
        let (one, other) = (left.key.address ?? "", right.key.address ?? "")
        if PeerRow.Key.comesBefore(one, other) { return true }
        if PeerRow.Key.comesBefore(other, one) { return false }
      case .last: if time != other { return time > other }
      case .echoes: if left.echoes != right.echoes { return left.echoes > right.echoes }
      case .failures: if left.failures != right.failures { return left.failures > right.failures }
      }
      return left.key < right.key
    }
  }
}

extension PeerRow.Key: Comparable {
  /// Whether `left` comes before `right`: by title, those without one last, and then by address.
  public static func < (left: Self, right: Self) -> Bool {
    switch (left.title, right.title) {
    case (let one?, let other?):
      // Their bytes decide; strings are also equal if they only look the same.
      if comesBefore(one, other) { return true }
      if comesBefore(other, one) { return false }
    case (_?, nil): return true
    case (nil, _?): return false
    case (nil, nil): break
    }
    return comesBefore(left.address ?? "", right.address ?? "")
  }

  /// Whether `left` comes before `right`, where a number in a text counts as a number: CT2 before CT10, and 192.0.2.9
  /// before 192.0.2.10.
  static func comesBefore(_ left: String, _ right: String) -> Bool {
    var (one, other) = (left.utf8[...], right.utf8[...])
    while let first = one.first, let second = other.first {
      let (digits, others) = (one.prefix(while: isDigit), other.prefix(while: isDigit))
      if digits.isEmpty || others.isEmpty {
        if first != second { return first < second }
        (one, other) = (one.dropFirst(), other.dropFirst())
        continue
      }
      let (number, another) = (
        digits.drop { $0 == UInt8(ascii: "0") }, others.drop { $0 == UInt8(ascii: "0") }
      )
      if number.count != another.count { return number.count < another.count }
      if !number.elementsEqual(another) { return number.lexicographicallyPrecedes(another) }
      (one, other) = (one.dropFirst(digits.count), other.dropFirst(others.count))
    }
    if one.isEmpty && other.isEmpty { return left.utf8.lexicographicallyPrecedes(right.utf8) }
    return one.isEmpty
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
