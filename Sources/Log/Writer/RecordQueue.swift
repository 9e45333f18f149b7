import Synchronization

/// The records of one thread on their way to the writer: a ring with one producer and one consumer,
/// without a lock.
///
/// The producer never waits. When the writer cannot keep up, steps are dropped before the ring is
/// full, so that what is grave still has room; everything dropped is counted.
@safe
final class RecordQueue: Sendable {
  /// How many records have room: what a busy worker tells in several of the writer's pauses.
  static let capacity = 1280
  private static let capacityForSteps = capacity / 8 * 7

  // Safe because a cell is touched by the producer only before `written` passes it, and by the
  // consumer only between that and `taken` passing it.
  private nonisolated(unsafe) let cells: UnsafeMutablePointer<Record>
  private let rendering: Rendering
  private let written = Atomic<Int>(0)
  private let taken = Atomic<Int>(0)
  private let dropped = InlineArray<192, Atomic<UInt64>> { _ in Atomic(0) }
  private let hasDropped = Atomic<Bool>(false)
  /// Where those of each number are counted, grave ones and others apart.
  static let places = Dictionary(
    uniqueKeysWithValues: zip(CatalogID.allCases, stride(from: 0, to: 192, by: 2)))

  /// A queue of records that are shown like this, which says which of them are steps.
  init(_ rendering: Rendering = .terminal) {
    self.rendering = rendering
    // Safe because a cell is initialized before it is read, and uninitialized again by that.
    unsafe cells = .allocate(capacity: Self.capacity)
  }

  deinit {
    while popFirst() != nil {}
    // Safe because neither thread has the queue any more.
    unsafe cells.deallocate()
  }

  /// Whether a record of `event` has room; more of them have by the time that it is put in.
  func hasRoom(for event: Event) -> Bool {
    let used = written.load(ordering: .relaxed) &- taken.load(ordering: .acquiring)
    return used < room(for: event)
  }

  private func room(for event: Event) -> Int {
    event.priority(in: rendering) <= .warning ? Self.capacity : Self.capacityForSteps
  }

  /// Puts a record in; or counts it as dropped, and returns false.
  @discardableResult
  func put(_ record: consuming Record) -> Bool {
    let index = written.load(ordering: .relaxed)
    guard hasRoom(for: record.event) else {
      countDropped(record.event)
      return false
    }
    // Safe because the cell is free: fewer than `capacity` are in use.
    unsafe (cells + index % Self.capacity).initialize(to: record)
    written.store(index &+ 1, ordering: .releasing)
    return true
  }

  private func countDropped(_ event: Event) {
    // Each number has a place: a test holds them against each other.
    guard let place = Self.places[event.catalogID] else { return }
    let isGrave = event.priority(in: rendering) <= .warning
    let count = rendering == .journal ? event.occurrences : 1
    dropped[isGrave ? place : place + 1].add(count, ordering: .relaxed)
    hasDropped.store(true, ordering: .releasing)
  }

  /// The place behind the latest record.
  var end: Int { written.load(ordering: .acquiring) }

  /// The number of the latest record before the place `end`, `nil` when it was removed.
  func latestNumber(before end: Int) -> UInt64? {
    guard taken.load(ordering: .relaxed) != end else { return nil }
    // Safe because `written` has passed the cell, and `taken` has not.
    return unsafe cells[(end &- 1) % Self.capacity].number
  }

  /// The number of the oldest record, `nil` when there is none before the place `end`.
  func oldestNumber(before end: Int) -> UInt64? {
    let index = taken.load(ordering: .relaxed)
    guard index != end else { return nil }
    // Safe because `written` has passed the cell, and `taken` has not.
    return unsafe cells[index % Self.capacity].number
  }

  /// Removes the oldest record; `nil` when there is none.
  func popFirst() -> Record? {
    let index = taken.load(ordering: .relaxed)
    guard index != written.load(ordering: .acquiring) else { return nil }
    // Safe because `written` has passed the cell.
    let record = unsafe (cells + index % Self.capacity).move()
    taken.store(index &+ 1, ordering: .releasing)
    return record
  }

  /// Whether it has no record.
  var isEmpty: Bool { taken.load(ordering: .relaxed) == written.load(ordering: .acquiring) }

  /// What was dropped since the last time this was asked.
  func drainDropped() -> [DroppedRecords] {
    guard hasDropped.exchange(false, ordering: .acquiring) else { return [] }
    var found: [DroppedRecords] = []
    for (catalogID, place) in Self.places {
      for (place, priority) in [(place, Priority.warning), (place + 1, .info)] {
        let count = dropped[place].exchange(0, ordering: .relaxed)
        guard count > 0 else { continue }
        found.append(DroppedRecords(catalogID: catalogID, priority: priority, count: count))
      }
    }
    return found
  }
}

/// What is known of records for which a queue had no room.
struct DroppedRecords: Equatable {
  /// What they would have been filed under.
  let catalogID: CatalogID
  /// The least grave that they were.
  let priority: Priority
  /// How many they were.
  let count: UInt64
}
