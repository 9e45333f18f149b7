import JournalReader
import Ledger
import Linux
import Log

/// The journal that a report reads, and the records of the service in it.
///
/// Every read matches `_SYSTEMD_UNIT`, which journald itself sets: anybody can write the other fields.
final class JournalSession {
  /// The time of the report.
  let clock = Clock.ofThisHost
  /// Whether the journal is that of this host.
  let isLocal: Bool
  private let reader: JournalReader
  private let unit: String
  private let source: JournalFacts.Source
  private var progress = Progress()

  /// Opens the journal at `place`; throws the reason if this user may not read it, or it is not there.
  init(_ place: JournalPlace) throws(Refusal) {
    unit = place.unit
    isLocal = place.source == .local
    do {
      reader = try JournalReader(place.source)
    } catch {
      let name =
        switch place.source {
        case .local: "the journal"
        case .directory(let path): path
        case .files(let paths): paths.joined(separator: ", ")
        }
      throw Refusal(text: "\(name) cannot be read: \(ErrorText.of(error.number))")
    }
    guard isLocal else {
      source = .elsewhere
      return
    }
    source = JournalAccess.isVolatile ? .volatile : .persistent
    switch JournalAccess.current {
    case .granted: break
    case .denied:
      throw Refusal(
        text:
          "permission denied: this user may not read the journal; run it as root, or join the group "
          + "systemd-journal: usermod -aG systemd-journal USER, then log in again")
    case .noJournal:
      throw Refusal(
        text:
          "this host has no journal: see systemctl status systemd-journald, or name one by --directory"
      )
    }
  }

  /// What a record must have to be read: of each field, one of the values.
  typealias Matches = [(field: JournalField, values: [String])]

  /// Calls `body` with each record from `start` on that satisfies one of `alternatives`.
  func forEach(
    from start: UInt64, anyOf alternatives: [Matches] = [[]], _ body: (JournalRecord) -> Void
  ) throws {
    try match(anyOf: alternatives)
    try reader.seek(to: start)
    while try reader.next() {
      let record = try self.record(withEvidence: false)
      progress.show(record.time, by: clock)
      body(record)
    }
    progress.clear()
  }

  /// Calls `body` with each record that satisfies `matches`, the last one first, until it returns false.
  func forEachBackwards(
    _ matches: Matches, withEvidence: Bool = false, _ body: (JournalRecord) -> Bool
  ) throws {
    try match(anyOf: [matches])
    try reader.seekTail()
    while try reader.previous() {
      let record = try self.record(withEvidence: withEvidence)
      progress.show(record.time, by: clock)
      if !body(record) { break }
    }
    progress.clear()
  }

  /// The last record that satisfies `matches`, or `nil`.
  func last(_ matches: Matches) throws -> JournalRecord? {
    var last: JournalRecord?
    try forEachBackwards(matches) {
      last = $0
      return false
    }
    return last
  }

  /// The time of the first record that satisfies `matches`, or `nil`.
  func firstTime(_ matches: Matches = []) throws -> UInt64? {
    try match(anyOf: [matches])
    try reader.seekHead()
    return try reader.next() ? reader.time : nil
  }

  /// The sum of a number in a field over the records from `start` on, each number less `less`, without reading the
  /// records: for each value of the field, the journal counts them. `nil` if there are too many values.
  func sum(of field: JournalField, less: UInt64 = 0, from start: UInt64) throws -> UInt64? {
    var values: [UInt64] = []
    var isComplete = true
    try reader.forEachValue(of: field.rawValue) { value in
      let text = String(decoding: Escaping.copy(of: value), as: UTF8.self)
      guard let number = UInt64(text), "\(number)" == text else { return true }
      isComplete = values.count < Self.mostValues
      if isComplete, number > less { values.append(number) }
      return isComplete
    }
    guard isComplete else { return nil }
    var sum: UInt64 = 0
    for value in values {
      try match(anyOf: [[(field, ["\(value)"])]])
      try reader.seek(to: start)
      sum &+= (value - less) &* UInt64(try reader.countRest())
    }
    return sum
  }

  /// The largest number of values of a field that are counted one by one.
  private static let mostValues = 256

  /// What is known of the journal.
  func facts() throws -> JournalFacts { try facts(lastStart()) }

  /// What is known of the journal, whose last record about a start or a reload is `start`.
  func facts(_ start: JournalRecord?) throws -> JournalFacts {
    JournalFacts(
      source: source, keptSince: try firstTime(), logLevel: start?.service.logLevel)
  }

  /// The last record about a start or a reload.
  func lastStart() throws -> JournalRecord? {
    try last([(.messageID, [CatalogID.started.number, CatalogID.reloaded.number])])
  }

  /// Goes behind the last record of the service.
  func goToEnd() throws {
    try match(anyOf: [[]])
    try reader.seekTail()
    // Without a record, the end is the start.
    if try !reader.previous() { try reader.seekHead() }
  }

  /// Returns the next record, or `nil` after waiting for one for a short time.
  func nextRecord(waitingAtMost microseconds: UInt64) throws -> JournalRecord? {
    if try reader.next() { return try record(withEvidence: false) }
    try reader.wait(atMost: microseconds)
    return try reader.next() ? record(withEvidence: false) : nil
  }

  private func match(anyOf alternatives: [Matches]) throws {
    reader.removeMatches()
    for (index, matches) in alternatives.enumerated() {
      if index > 0 { try reader.beginAlternative() }
      try reader.match("_SYSTEMD_UNIT", unit)
      for (field, values) in matches {
        for value in values { try reader.match(field.rawValue, value) }
      }
    }
  }

  private func record(withEvidence: Bool) throws -> JournalRecord {
    var record = JournalRecord(time: try reader.time, withEvidence: withEvidence)
    reader.forEachField { record.add($0) }
    return record
  }
}

/// The line that says how far reading has come, if it takes longer than a second.
private struct Progress {
  private let isShown = StandardStream.error.isTerminal
  private var began: Instant?
  private var shown: Instant?
  private var count = 0

  /// The number of records after which the time is looked at.
  private static let step = 4096
  /// The time between two lines, in milliseconds.
  private static let interval: UInt32 = 1000

  mutating func show(_ time: UInt64, by clock: Clock) {
    count += 1
    guard isShown, count % Self.step == 0 else { return }
    let now = Instant.now
    began = began ?? now
    guard let last = shown ?? began, now >= last + Self.interval else { return }
    shown = now
    StandardStream.error.write("\rreading the journal: \(count) records, at \(clock.text(time)) ")
  }

  /// Removes the line.
  mutating func clear() {
    if shown != nil { StandardStream.error.write("\r\u{1B}[K") }
    shown = nil
  }
}
