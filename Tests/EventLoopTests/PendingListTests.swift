import TestKit
import Testing

@testable import EventLoop

/// The connections without an association, in their order.
@Suite struct PendingListTests {
  @Test("It is what an array would be, whatever is put in and taken out")
  func isInOrder() {
    var random = Random(seed: 7)
    var list = PendingList()
    for _ in 0..<64 { list.addSlot() }
    var expected: [Int] = []
    var turns: [UInt64] = Array(repeating: .max, count: 64)
    #expect(list.oldest == nil && list.oldestTurn == .max)
    for turn in 0..<UInt64(20_000) {
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
      let oldestTurn = expected.first.map { turns[$0] } ?? .max
      #expect(list.oldestTurn == oldestTurn)
      #expect(list.oldest == expected.first && list.count == expected.count)
      #expect(list.contains(index) == expected.contains(index))
      if random.next(below: 50) == 0 { #expect(Self.all(list) == expected) }
    }
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
}
