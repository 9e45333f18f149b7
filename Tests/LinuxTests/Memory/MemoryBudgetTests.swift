import Synchronization
import TestKit
import Testing

@testable import Linux

/// The memory that partial PDUs may take in the whole process.
@Suite struct PartialPDUMemoryTests {
  @Test("Memory is reserved up to the limit, and a refused amount is not counted")
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

  @Test("Two threads never exceed the limit, and in the end everything is released")
  func isShared() throws {
    let memory = MemoryBudget(limit: 10)
    let held = Atomic<Int>(0)
    let most = Atomic<Int>(0)
    let haveEnded = try onTwoThreads { thread in
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
    #expect(haveEnded)
    #expect((1...10).contains(most.load(ordering: .relaxed)))
    #expect(memory.inUse == 0)
    #expect(memory.reserve(10))
  }
}
