import Log
import Synchronization
import TestKit
import Testing

@testable import Log

/// The records of one thread on their way to the writer: in order, without a lock, and counted if there is no
/// room.
@Suite struct RecordQueueTests {
  /// The number of records from which steps are dropped: seven eighths of the capacity.
  private let roomForSteps = RecordQueue.capacity * 7 / 8

  @Test("An empty queue has no record, however often it is asked")
  func isEmpty() {
    let queue = RecordQueue()
    #expect(queue.isEmpty)
    #expect(queue.popFirst() == nil)
    #expect(queue.popFirst() == nil)
    #expect(lost(queue) == 0)
  }

  @Test("Records come out in the order in which they went in, many times around the ring")
  func keepsOrder() {
    let queue = RecordQueue()
    var random = Random(seed: 1)
    var put: UInt64 = 0
    var taken: UInt64 = 0
    while taken < 20_000 {
      for _ in 0..<random.next(below: roomForSteps - Int(put - taken) + 1) {
        queue.put(step(put))
        put += 1
      }
      for _ in 0..<random.next(below: Int(put - taken) + 1) {
        #expect(queue.popFirst().map(number) == taken)
        taken += 1
      }
      #expect(queue.isEmpty == (put == taken))
    }
    #expect(lost(queue) == 0)
  }

  @Test("Steps are dropped at seven eighths, warnings only if there is no room at all")
  func dropsStepsFirst() {
    let queue = RecordQueue()
    for index in 0..<RecordQueue.capacity { queue.put(step(UInt64(index))) }
    #expect(lost(queue) == UInt64(RecordQueue.capacity - roomForSteps))
    #expect(lost(queue) == 0)
    for index in roomForSteps..<RecordQueue.capacity + 10 { queue.put(warning(UInt64(index))) }
    #expect(lost(queue) == 10)
    let all = drain(queue)
    #expect(all.map(number) == (0..<UInt64(RecordQueue.capacity)).map { $0 })
    #expect(all.prefix(roomForSteps).allSatisfy { $0.event.priority(in: .terminal) == .info })
    #expect(all.dropFirst(roomForSteps).allSatisfy { $0.event.priority(in: .terminal) == .warning })
    #expect(queue.isEmpty)
  }

  @Test("Errors have the room of warnings, and debug records that of steps")
  func roomByPriority() {
    for (event, room) in [
      (Event.outOfDescriptors(isSystems: false), RecordQueue.capacity),
      (.receiverStalled(.silent), RecordQueue.capacity),
      (.connected, roomForSteps), (.acceptingAgain, roomForSteps),
    ] {
      let queue = RecordQueue()
      for _ in 0..<RecordQueue.capacity + 1 { queue.put(Record(event, about: nil)) }
      #expect(lost(queue) == UInt64(RecordQueue.capacity + 1 - room), "\(event)")
      #expect(drain(queue).count == room, "\(event)")
    }
  }

  @Test("A step has room again as soon as one excess record was removed")
  func recovers() {
    let queue = RecordQueue()
    for index in 0..<RecordQueue.capacity { queue.put(warning(UInt64(index))) }
    for _ in roomForSteps..<RecordQueue.capacity { _ = queue.popFirst() }
    queue.put(step(1))
    #expect(lost(queue) == 1)
    _ = queue.popFirst()
    queue.put(step(2))
    queue.put(step(3))
    #expect(lost(queue) == 1)
    #expect(drain(queue).last.map(number) == 2)
  }

  @Test("Between two threads, every loss is counted, and the order is kept")
  func twoThreads() throws {
    let count: UInt64 = 200_000
    let queue = RecordQueue()
    let isDone = Atomic<Bool>(false)
    let taken = Mutex<[UInt64]>([])
    let dropped = Atomic<UInt64>(0)
    let haveEnded = try onTwoThreads { thread in
      if thread == 0 {
        for index in 0..<count { queue.put(index % 16 == 0 ? warning(index) : step(index)) }
        isDone.store(true, ordering: .releasing)
      } else {
        var numbers: [UInt64] = []
        while true {
          let isLast = isDone.load(ordering: .acquiring)
          while let record = queue.popFirst() { numbers.append(number(record)) }
          dropped.add(lost(queue), ordering: .relaxed)
          if isLast { break }
          // The consumer is too slow now and then, so that records are dropped.
          if numbers.count % 7 == 0 { pause(milliseconds: 1) }
        }
        taken.withLock { $0 = numbers }
      }
    }
    #expect(haveEnded)
    let numbers = taken.withLock { $0 }
    let missing = dropped.load(ordering: .relaxed)
    #expect(UInt64(numbers.count) + missing == count)
    #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
    #expect(queue.isEmpty)
  }

  @Test("Dropped records are counted by ID, severe ones and others separately")
  func countsByNumber() {
    let queue = RecordQueue(.journal)
    for _ in 0..<RecordQueue.capacity { queue.put(warning(1)) }
    let events: [Event] = [
      .peerVanished(.echoed), .peerVanished(.established), .peerVanished(.established),
      .connectionsEvicted(7, .pending(2)),
    ]
    for event in events { queue.put(Record(event, about: nil)) }
    let dropped = queue.drainDropped()
    #expect(dropped.count == 3)
    for one in [
      DroppedRecords(catalogID: .peerVanished, priority: .info, count: 1),
      DroppedRecords(catalogID: .peerVanished, priority: .warning, count: 2),
      DroppedRecords(catalogID: .tooManyPending, priority: .warning, count: 7),
    ] { #expect(dropped.contains(one)) }
  }

  @Test("Every ID has a counter for dropped records")
  func everyNumberHasAPlace() {
    #expect(CatalogID.allCases.allSatisfy { RecordQueue.places[$0] != nil })
  }

  private func lost(_ queue: RecordQueue) -> UInt64 {
    queue.drainDropped().reduce(0) { $0 + $1.count }
  }

  private func drain(_ queue: RecordQueue) -> [Record] {
    var records: [Record] = []
    while let record = queue.popFirst() { records.append(record) }
    return records
  }
}

/// A step of an association that is distinguishable by a number.
private func step(_ number: UInt64) -> Record {
  Record(
    .echoReceived(messageID: UInt16(truncatingIfNeeded: number), contextID: 1), about: nil, number)
}

/// A warning that is distinguishable by a number.
private func warning(_ number: UInt64) -> Record {
  Record(.recordsDropped(number, .logSlow), about: nil, number)
}

/// The number that distinguishes the event.
private func number(_ record: Record) -> UInt64 { record.number }

extension Record {
  fileprivate init(_ event: Event, about subject: Subject?, _ number: UInt64) {
    self.init(event, about: subject)
    self.number = number
  }
}
