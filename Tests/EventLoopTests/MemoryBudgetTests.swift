import Synchronization
import TestKit
import Testing

@testable import EventLoop

/// The memory that partial PDUs may take in the whole process.
@Suite struct PartialPDUMemoryTests {
  @Test("It is lent up to its limit, and what was refused is not counted")
  func hasALimit() {
    let memory = MemoryBudget(limit: 100)
    #expect(memory.inUse == 0)
    #expect(memory.reserve(60))
    #expect(!memory.reserve(41))
    #expect(memory.inUse == 60)
    #expect(memory.reserve(40))
    #expect(!memory.reserve(1))
    #expect(memory.reserve(0))
    memory.release(1)
    #expect(memory.reserve(1))
    memory.release(100)
    #expect(memory.inUse == 0)
  }

  @Test("Two threads never take more than there is, and in the end everything is back")
  func isShared() throws {
    let memory = MemoryBudget(limit: 10)
    let held = Atomic<Int>(0)
    let most = Atomic<Int>(0)
    try onTwoThreads { thread in
      var random = Random(seed: UInt64(thread))
      for _ in 0..<50_000 {
        let size = 1 + random.next(below: 8)
        guard memory.reserve(size) else { continue }
        let now = held.add(size, ordering: .sequentiallyConsistent).newValue
        most.max(now, ordering: .relaxed)
        held.subtract(size, ordering: .sequentiallyConsistent)
        memory.release(size)
      }
    }
    #expect((1...10).contains(most.load(ordering: .relaxed)))
    #expect(memory.inUse == 0)
    #expect(memory.reserve(10))
  }
}

/// Runs `body` on two threads at once, with 0 and with 1, and waits for both.
func onTwoThreads(_ body: @escaping @Sendable (Int) -> Void) throws(SystemError) {
  let first = try EventLoop.Thread(name: "test-0") { body(0) }
  let second = try EventLoop.Thread(name: "test-1") { body(1) }
  for thread in [first, second] where !thread.join(milliseconds: 60_000) {
    Issue.record("a thread does not end")
  }
}
