import TestKit
import Testing

@testable import Server

/// Who waits for a turn: first come, first served.
@Suite struct TurnQueueTests {
  @Test("It is what an array would be, whatever comes and goes")
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
