import Glibc
import Settings
import Synchronization
import TestKit
import Testing

@testable import Server

/// The state that the workers share.
@Suite struct SharedTests {
  private static func shared(maxAssociations: Int) throws -> Shared {
    var limits = Limits()
    limits.associations = maxAssociations
    return try Shared(Policy(Settings()), limits, connections: 10)
  }

  @Test("Associations are admitted up to the limit, and no more")
  func admits() throws {
    let shared = try Self.shared(maxAssociations: 3)
    #expect((0..<5).map { _ in shared.admitAssociation() } == [true, true, true, false, false])
    shared.endAssociation()
    #expect(shared.admitAssociation())
    #expect(!shared.admitAssociation())
  }

  @Test("The limit is exact with two threads")
  func isExact() throws {
    let shared = try Self.shared(maxAssociations: 1)
    let inside = Atomic<Int>(0)
    let most = Atomic<Int>(0)
    let haveEnded = try onTwoThreads { _ in
      for _ in 0..<100_000 where shared.admitAssociation() {
        let now = inside.add(1, ordering: .sequentiallyConsistent).newValue
        most.max(now, ordering: .relaxed)
        inside.subtract(1, ordering: .sequentiallyConsistent)
        shared.endAssociation()
      }
    }
    #expect(haveEnded)
    #expect(most.load(ordering: .relaxed) == 1)
    #expect(shared.admitAssociation())
    #expect(!shared.admitAssociation())
  }

  @Test("No association is refused while there is room")
  func refusesNobodyWithoutNeed() throws {
    let shared = try Self.shared(maxAssociations: 1)
    let admitted = Atomic<Int>(0)
    let emptyRounds = Atomic<Int>(0)
    let barrier = Barrier()
    #expect(shared.admitAssociation())
    // In each round the only place is taken. One thread frees it and requests it again, the other one only
    // requests it. Whichever is first, one of the two must have it afterwards.
    let haveEnded = try onTwoThreads { thread in
      for _ in 0..<60_000 {
        barrier.meet()
        if thread == 0 { shared.endAssociation() }
        if shared.admitAssociation() { admitted.add(1, ordering: .sequentiallyConsistent) }
        barrier.meet()
        if thread == 0, admitted.exchange(0, ordering: .sequentiallyConsistent) == 0 {
          emptyRounds.add(1, ordering: .relaxed)
          _ = shared.admitAssociation()
        }
      }
    }
    #expect(haveEnded)
    #expect(emptyRounds.load(ordering: .relaxed) == 0)
  }
}

/// A barrier at which two threads wait for each other.
private final class Barrier: Sendable {
  private let arrived = Atomic<Int>(0)

  func meet() {
    let number = arrived.add(1, ordering: .sequentiallyConsistent).newValue
    let all = (number + 1) / 2 * 2
    var spins = 0
    while arrived.load(ordering: .sequentiallyConsistent) < all {
      spins += 1
      if spins > 1000 { sched_yield() }
    }
  }
}
