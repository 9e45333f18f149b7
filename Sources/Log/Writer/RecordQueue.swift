import Synchronization

/// The records of one thread on their way to the writer: a lock-free ring buffer with one producer and one
/// consumer.
///
/// The producer never waits. If the writer cannot keep up, the queue drops steps before the ring is full, so
/// that severe records still have room. It counts all that it drops.
@safe
final class RecordQueue: Sendable {
  /// The number of records with room: as many as a busy worker makes in several of the writer's pauses.
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
  /// The index of each ID's counter for severe records in `dropped`; that for others follows it.
  static let places = Dictionary(
    uniqueKeysWithValues: zip(CatalogID.allCases, stride(from: 0, to: 192, by: 2)))

  /// A queue of records for `rendering`, which determines which of them are steps.
  init(_ rendering: Rendering = .terminal) {
    self.rendering = rendering
    // Safe because a cell is initialized before it is read, and uninitialized again by that.
    unsafe cells = .allocate(capacity: Self.capacity)
  }

  deinit {
    while popFirst() != nil {}
    // Safe because neither thread uses the queue anymore.
    unsafe cells.deallocate()
  }

  /// Whether there is room for a record of `event`. By the time it is put, there may be more room, but not less.
  func hasRoom(for event: Event) -> Bool {
    let used = written.load(ordering: .relaxed) &- taken.load(ordering: .acquiring)
    return used < room(for: event)
  }

  private func room(for event: Event) -> Int {
    event.priority(in: rendering) <= .warning ? Self.capacity : Self.capacityForSteps
  }

  /// Puts a record into the queue; or counts it as dropped and returns `false`.
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
    // Each ID has an index, as a test verifies.
    guard let place = Self.places[event.catalogID] else { return }
    let isGrave = event.priority(in: rendering) <= .warning
    let count = rendering == .journal ? event.occurrences : 1
    dropped[isGrave ? place : place + 1].add(count, ordering: .relaxed)
    hasDropped.store(true, ordering: .releasing)
  }

  /// The position after the latest record.
  var end: Int { written.load(ordering: .acquiring) }

  /// The number of the latest record before the position `end`, or `nil` if it was removed.
  func latestNumber(before end: Int) -> UInt64? {
    guard taken.load(ordering: .relaxed) != end else { return nil }
    // Safe because `written` has passed the cell, and `taken` has not.
    return unsafe cells[(end &- 1) % Self.capacity].number
  }

  /// The number of the oldest record, or `nil` if there is none before the position `end`.
  func oldestNumber(before end: Int) -> UInt64? {
    let index = taken.load(ordering: .relaxed)
    guard index != end else { return nil }
    // Safe because `written` has passed the cell, and `taken` has not.
    return unsafe cells[index % Self.capacity].number
  }

  /// Removes and returns the oldest record, or `nil` if there is none.
  func popFirst() -> Record? {
    let index = taken.load(ordering: .relaxed)
    guard index != written.load(ordering: .acquiring) else { return nil }
    // Safe because `written` has passed the cell.
    let record = unsafe (cells + index % Self.capacity).move()
    taken.store(index &+ 1, ordering: .releasing)
    return record
  }

  /// Whether the queue has no records.
  var isEmpty: Bool { taken.load(ordering: .relaxed) == written.load(ordering: .acquiring) }

  /// Returns the counts of records dropped since the last call.
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

/// The count of records with one ID for which a queue had no room.
struct DroppedRecords: Equatable {
  /// The ID of the records.
  let catalogID: CatalogID
  /// The priority that stands for all of them.
  let priority: Priority
  /// The number of records.
  let count: UInt64
}
