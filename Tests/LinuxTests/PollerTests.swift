import TestKit
import Testing

@testable import Linux

/// Waiting for descriptors, and waking from that.
@Suite struct PollerTests {
  @Test("A ready descriptor is reported by its token at every wait")
  func tellsTheToken() throws {
    let poller = try Poller()
    let first = try Wakeup()
    let second = try Wakeup()
    try poller.add(first.number, .input, token: .max)
    try poller.add(second.number, .input, token: 7 << 32 | 1)
    #expect(try wait(poller) == [])
    second.signal()
    #expect(try wait(poller) == [7 << 32 | 1])
    #expect(try wait(poller) == [7 << 32 | 1])
    first.signal()
    #expect(try wait(poller).sorted() == [7 << 32 | 1, .max])
    second.clear()
    #expect(try wait(poller) == [.max])
    poller.remove(first.number)
    #expect(try wait(poller) == [])
  }

  @Test("One clear removes any number of signals")
  func wakeups() throws {
    let poller = try Poller()
    let wakeup = try Wakeup()
    try poller.add(wakeup.number, .input, token: 1)
    for _ in 0..<1000 { wakeup.signal() }
    #expect(try wait(poller) == [1])
    wakeup.clear()
    #expect(try wait(poller) == [])
    wakeup.clear()
    wakeup.signal()
    #expect(try wait(poller) == [1])
  }

  @Test("A socket is watched for output or for input, and the other is not reported")
  func interest() throws {
    let pair = try SocketPair()
    let other = Descriptor(owning: pair.takeOther())
    let poller = try Poller()
    try poller.add(other.number, .input, token: 1)
    #expect(try wait(poller) == [])
    try poller.modify(other.number, .output, token: 2)
    #expect(try wait(poller) == [2])
    pair.send([1])
    try poller.modify(other.number, .input, token: 3)
    #expect(try wait(poller) == [3])
  }

  @Test("A wait ends in time, or at once if a descriptor is ready")
  func waitsInTime() throws {
    let poller = try Poller()
    let stopwatch = Stopwatch()
    #expect(try wait(poller, milliseconds: 50) == [])
    #expect((45..<50 + slack).contains(stopwatch.passed))
    let wakeup = try Wakeup()
    try poller.add(wakeup.number, .input, token: 1)
    let thread = try Thread(name: "test") {
      pause(milliseconds: 20)
      wakeup.signal()
    }
    #expect(try wait(poller, milliseconds: -1) == [1])
    #expect(thread.join(milliseconds: 5000))
  }

  @Test("Events beyond what one wait can return come with the next")
  func manyAtOnce() throws {
    let poller = try Poller()
    let wakeups = try (0..<100).map { _ in try Wakeup() }
    for (index, wakeup) in wakeups.enumerated() {
      try poller.add(wakeup.number, .input, token: UInt64(index))
      wakeup.signal()
    }
    var found: Set<UInt64> = []
    for _ in 0..<2 {
      let tokens = try wait(poller)
      #expect(tokens.count <= 64)
      for token in tokens {
        wakeups[Int(token)].clear()
        found.insert(token)
      }
    }
    #expect(found.count == 100)
  }

  @Test("An invalid descriptor cannot be watched")
  func badDescriptor() throws {
    let poller = try Poller()
    #expect(throws: SystemError(call: "epoll_ctl", number: 9)) {
      try poller.add(-1, .input, token: 0)
    }
  }

  @Test("A thread runs and ends, and a join waits no longer than asked")
  func threads() throws {
    let slow = try Thread(name: "slow") { pause(milliseconds: 200) }
    #expect(!slow.join(milliseconds: 10))
    #expect(slow.join(milliseconds: 5000))
  }

  /// The tokens of the ready descriptors.
  private func wait(_ poller: borrowing Poller, milliseconds: Int32 = 0) throws -> [UInt64] {
    var events = Poller.noEvents
    let count = try poller.wait(&events, milliseconds: milliseconds)
    return (0..<count).map { Poller.token(of: events[$0]) }
  }
}
