import Log
import Testing

@testable import Log

/// Records that exceed the budget.
@Suite struct ExcessTests {
  @Test("They are reported once a minute, with the number of addresses and the top three")
  func sums() {
    var excess = Excess()
    for (address, count) in [("10.0.0.1", 5), ("10.0.0.2", 70), ("10.0.0.3", 9), ("10.0.0.4", 6)] {
      for _ in 0..<count { excess.add(Occurrence.record(at: 1, from: address, echoes: 2), at: 500) }
    }
    var remark = Remark()
    remark.repetitions = 10
    excess.add(Occurrence.record(.peerVanished(.echoed), at: 1), remark, at: 700)
    excess.add(Occurrence.record(.peerVanished(.established), at: 1), at: 700)
    #expect(excess.next == 60_500)
    let early = excess.removeDue(at: 60_499, isLast: false)
    let due = excess.removeDue(at: 60_500, isLast: false)
    #expect(early.isEmpty && due.count == 1)
    #expect(due.first?.0.event.catalogID == .callingAETitle)
    #expect(due.first?.0.event.priority(in: .journal) == .warning)
    let first = due.first?.1
    #expect(first?.repetitions == 90 && first?.addresses == 4 && first?.seconds == 60)
    #expect(first?.echoes == 180 && first?.hasMoreAddresses == false)
    let largest = [("10.0.0.2", 70), ("10.0.0.3", 9), ("10.0.0.4", 6)]
    #expect(first?.largest == largest.map { Remark.Share(address: $0.0, count: UInt64($0.1)) })
    let rest = excess.removeDue(at: 60_500, isLast: true)
    #expect(rest.map(\.1.repetitions) == [11])
    #expect(rest.first?.0.event.priority(in: .journal) == .warning)
    #expect(excess.next == nil)
  }

  @Test("Among very many addresses the top ones are found, and the sum is exact")
  func manyAddresses() {
    var excess = Excess()
    let count = 5000
    for number in 0..<count {
      excess.add(
        Occurrence.record(at: 1, from: "10.0.\(number / 256).\(number % 256)"), at: 0)
      excess.add(Occurrence.record(at: 1, from: "192.0.2.1"), at: 0)
    }
    excess.add(7, of: .callingAETitle, .warning, at: 0)
    let due = excess.removeDue(at: 60_000, isLast: false)
    #expect(due.map(\.1.repetitions) == [UInt64(2 * count + 7)])
    #expect(due.first?.1.largest.first?.address == "192.0.2.1")
    #expect(due.first?.1.addresses == Excess.addresses)
    #expect(due.first?.1.hasMoreAddresses == true)
  }
}
