import Journal
import Testing
import UpperLayer

@testable import EventLoop

/// Warnings that repeat.
@Suite struct FoldingTests {
  private static func warning(
    at time: UInt64, from address: String = "192.0.2.7", calling: String = "CT1",
    _ event: Event = .associationRejected(.callingAETitle, by: AETitle("ECHOSCP")!)
  ) -> Record {
    var subject = Subject(peer: Listener.place(address, port: 104)!)
    subject.callingAETitle = AETitle(calling)
    var record = Record(event, about: subject)
    record.time = time
    record.number = time
    return record
  }

  @Test("The first is told at once, the others once a minute, with their number")
  func counts() {
    var folding = Folding()
    let first = folding.takes(Self.warning(at: 1000))
    #expect(!first && folding.next == 61_000)
    for second: UInt64 in 2...60 {
      let isTaken = folding.takes(Self.warning(at: second * 1000))
      #expect(isTaken)
    }
    let early = folding.takeDue(at: 60_999, isLast: false)
    #expect(early.isEmpty)
    let due = folding.takeDue(at: 61_000, isLast: false)
    #expect(due.map(\.1.repetitions) == [59] && due.map(\.1.seconds) == [60])
    #expect(due.map(\.0.time) == [60_000])
    // It goes on, and then stops.
    let next = folding.takes(Self.warning(at: 62_000))
    #expect(next && folding.next == 121_000)
    let again = folding.takeDue(at: 121_000, isLast: false)
    #expect(again.map(\.1.repetitions) == [1])
    let rest = folding.takeDue(at: 181_000, isLast: false)
    #expect(rest.isEmpty && folding.next == nil)
    let anew = folding.takes(Self.warning(at: 200_000))
    #expect(!anew)
  }

  @Test("At the end of the program everything is told that was counted")
  func end() {
    var folding = Folding()
    for time: UInt64 in [0, 10, 20] { _ = folding.takes(Self.warning(at: time)) }
    for time: UInt64 in [5, 15] { _ = folding.takes(Self.warning(at: time, calling: "CT2")) }
    _ = folding.takes(Self.warning(at: 30, calling: "CT3"))
    let due = folding.takeDue(at: 3000, isLast: true)
    #expect(due.map(\.1.repetitions) == [1, 2])
    #expect(due.map(\.1.seconds) == [3, 3])
  }

  @Test("Another address, title or cause is another kind, and what is no warning is not folded")
  func kinds() {
    var folding = Folding()
    for record in [
      Self.warning(at: 1), Self.warning(at: 2, from: "192.0.2.8"),
      Self.warning(at: 3, calling: "CT2"),
      Self.warning(at: 4, .associationRejected(.calledAETitle, by: AETitle("ECHOSCP")!)),
    ] {
      let isTaken = folding.takes(record)
      #expect(!isTaken)
    }
    for event in [
      Event.associationReleased([], .echoed, by: AETitle("ECHOSCP")!), .peerVanished(.echoed),
      .connectionsEvicted(3, .pending(2)), .outOfDescriptors(isSystems: false), .healthCheck,
    ] {
      for time: UInt64 in 10...12 {
        let isTaken = folding.takes(Self.warning(at: time, event))
        #expect(!isTaken)
      }
    }
  }

  @Test("A flood of kinds takes no more memory than it may, and is told in full")
  func bound() {
    var folding = Folding()
    for number in 0..<Folding.capacity + 10 {
      let isTaken = folding.takes(Self.warning(at: 1, calling: "CT\(number)"))
      #expect(!isTaken)
    }
    let beyond = folding.takes(Self.warning(at: 2, calling: "CT\(Folding.capacity + 5)"))
    let within = folding.takes(Self.warning(at: 2, calling: "CT5"))
    #expect(!beyond && within)
  }

  @Test("A title that comes from another address is told once for each move")
  func acquaintances() {
    var acquaintances = Acquaintances()
    func meet(_ address: String, echoes: UInt32 = 1) -> String? {
      var subject = Subject(peer: Listener.place(address, port: 104)!)
      subject.callingAETitle = AETitle("CT1")
      subject.echoes = echoes
      let event = Event.associationReleased([], .echoed, by: AETitle("ECHOSCP")!)
      return acquaintances.meet(Record(event, about: subject))?.address
    }
    let seen = [
      meet("192.0.2.7"), meet("192.0.2.7"), meet("192.0.2.9", echoes: 0), meet("192.0.2.8"),
      meet("192.0.2.8"), meet("192.0.2.7"),
    ]
    #expect(seen == [nil, nil, nil, "192.0.2.7", nil, "192.0.2.8"])
  }
}
