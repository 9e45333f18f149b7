import Linux
import TestKit
import Testing

@testable import Server

/// The list of connections without an association.
@Suite struct PendingListTests {
  @Test("After any insertions and removals, it equals a plain array")
  func isInOrder() throws {
    var random = Random(seed: 7)
    var list = try PendingList()
    for _ in 0..<64 {
      let isAdded = list.addSlot()
      #expect(isAdded)
    }
    var expected: [Int] = []
    var turns: [PendingList.Turn] = Array(repeating: .never, count: 64)
    var turn = PendingList.Turn(value: 0)
    #expect(list.oldest == nil && list.oldestTurn == .never)
    for number in 0..<UInt64(20_000) {
      turn = PendingList.Turn(behind: turn, at: Instant(milliseconds: number / 7))
      let index = random.next(below: 64)
      if let position = expected.firstIndex(of: index) {
        expected.remove(at: position)
        let wasThere = list.remove(index)
        let isThere = list.remove(index)
        #expect(wasThere && !isThere)
      } else {
        expected.append(index)
        turns[index] = turn
        list.append(index, turn: turn)
      }
      let oldestTurn = expected.first.map { turns[$0] } ?? .never
      #expect(list.oldestTurn == oldestTurn)
      #expect(list.oldest == expected.first && list.count == expected.count)
      let newestTurn = expected.last.map { turns[$0] } ?? PendingList.Turn(value: 0)
      #expect(list.newest == expected.last && list.newestTurn == newestTurn)
      #expect(list.contains(index) == expected.contains(index))
      guard random.next(below: 50) == 0 else { continue }
      #expect(Self.all(list) == expected && Self.allBackwards(list) == expected.reversed())
    }
  }

  @Test("Each turn comes after the last one, whatever the clock, and has its age")
  func turns() {
    let first = PendingList.Turn(
      behind: PendingList.Turn(value: 0), at: Instant(milliseconds: 1000))
    let second = PendingList.Turn(behind: first, at: Instant(milliseconds: 1000))
    let third = PendingList.Turn(behind: second, at: Instant(milliseconds: 999))
    let fourth = PendingList.Turn(behind: third, at: Instant(milliseconds: 1001))
    #expect(first < second && second < third && third < fourth && fourth < .never)
    for turn in [first, second, third] {
      #expect(turn.isOlder(than: 1000, at: Instant(milliseconds: 2000)))
      #expect(!turn.isOlder(than: 1000, at: Instant(milliseconds: 1999)))
    }
    #expect(!fourth.isOlder(than: 1000, at: Instant(milliseconds: 2000)))
    #expect(!PendingList.Turn.never.isOlder(than: 0, at: .now))
  }

  private static func all(_ list: borrowing PendingList) -> [Int] {
    var all: [Int] = []
    var next = list.oldest
    while let index = next {
      all.append(index)
      next = list.successor(of: index)
    }
    return all
  }

  private static func allBackwards(_ list: borrowing PendingList) -> [Int] {
    var all: [Int] = []
    var next = list.newest
    while let index = next {
      all.append(index)
      next = list.predecessor(of: index)
    }
    return all
  }
}

/// The queue of connections that wait for a turn: first come, first served.
@Suite struct TurnQueueTests {
  @Test("After any calls, it equals a plain array")
  func firstComeFirstServed() throws {
    var random = Random(seed: 5)
    var queue = try TurnQueue()
    var expected: [UInt64] = []
    for token in 0..<UInt64(20_000) {
      if random.next(below: 100) < 55 {
        let isAdded = queue.append(token)
        #expect(isAdded)
        expected.append(token)
      } else {
        let first = queue.takeFirst()
        #expect(first == expected.first)
        if !expected.isEmpty { expected.removeFirst() }
      }
      #expect(queue.count == expected.count && queue.isEmpty == expected.isEmpty)
    }
  }
}
