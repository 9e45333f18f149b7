import Linux
import TestKit
import Testing

@testable import Server

/// The connections that may have to give way: those with the lowest ranks, in order.
@Suite struct CandidatesTests {
  @Test("A search keeps the lowest ranks found, and returns them in order")
  func lowestFirst() {
    var random = Random(seed: 3)
    for count in [0, 1, 63, 64, 65, 500] {
      var candidates = Candidates()
      candidates.begin(1)
      var ranks: [UInt64] = []
      for _ in 0..<count {
        let rank = UInt64(random.next(below: 1000))
        ranks.append(rank)
        candidates.add(Candidates.Candidate(token: rank + 7, rank: rank))
      }
      candidates.end(at: .now, lookedAt: count)
      var taken: [UInt64] = []
      while let candidate = candidates.take(1) {
        #expect(candidate.token == candidate.rank + 7)
        taken.append(candidate.rank)
      }
      #expect(taken == Array(ranks.sorted().prefix(Candidates.most)))
    }
  }

  @Test(
    "A search is due for another network, or when all are taken; after a long vain one, only later")
  func searches() {
    let now = Instant(milliseconds: 1000)
    var candidates = Candidates()
    func expect(
      _ isDue: Bool, for ticket: AddressShares.Ticket, at now: Instant, _ line: Int = #line
    ) {
      let found = candidates.isSearchDue(for: ticket, at: now)
      #expect(found == isDue, "line \(line)")
    }
    expect(true, for: 1, at: now)
    candidates.begin(1)
    candidates.add(Candidates.Candidate(token: 1, rank: 1))
    candidates.end(at: now, lookedAt: 1)
    expect(false, for: 1, at: now)
    let other = candidates.take(2)
    #expect(other == nil)
    expect(true, for: 2, at: now)
    let own = candidates.take(1)
    #expect(own?.token == 1)
    expect(true, for: 1, at: now)
    candidates.begin(1)
    candidates.end(at: now, lookedAt: 100)
    expect(true, for: 1, at: now)
    candidates.begin(1)
    candidates.end(at: now, lookedAt: 100_000)
    expect(false, for: 1, at: now)
    expect(true, for: 1, at: now + 100)
  }
}
