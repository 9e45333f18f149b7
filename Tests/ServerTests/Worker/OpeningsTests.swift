import Linux
import Log
import Testing

@testable import Server

/// The places of TLS connections without an association.
@Suite struct OpeningsTests {
  private static let start = Instant(milliseconds: 10_000)

  /// Connections of a table, each with its index, that take places.
  private final class Room {
    var table: SlotTable
    var openings: Openings

    init(workers: Int) throws(SystemError) {
      table = try SlotTable.withRoom()
      openings = try Openings(workers: workers)
    }

    /// A connection of the host `host` that has sent its last byte at `heard`, and has entered at `began`; `nil` if
    /// there is no place.
    func enter(host: UInt8, began: Instant = start, heard: Instant? = nil) -> Int? {
      let peer = NetworkAddress(
        bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, host], port: 104)
      guard let index = table.insert(emptySlot(at: heard ?? began), from: peer) else { return nil }
      return openings.enter(table.token(index), of: peer, at: began) ? index : nil
    }

    var limit: Int { openings.limit }
    var isFull: Bool { openings.isFull }
    var hasWaiting: Bool { openings.hasWaiting }

    func leave(_ token: UInt64) { openings.leave(token) }

    func takeWaiting() -> UInt64? { openings.takeWaiting() }

    func victim(_ milliseconds: UInt32) -> Int? {
      openings.victim(at: OpeningsTests.start + milliseconds, in: table)
    }

    /// Whether the connection with this token and peer has a place.
    func enter(_ index: Int) -> Bool {
      let peer = table.entry(index).peer.subject.peer
      return openings.enter(table.token(index), of: peer, at: OpeningsTests.start)
    }

    func token(_ index: Int) -> UInt64 { table.token(index) }

    func awaitTurn(_ index: Int) { table.entry(index).slot.turn = .lengthy }

    /// Whether the connection with this token waits now.
    func wait(_ token: UInt64) -> Bool { openings.wait(token, in: table) }
  }

  @Test(
    "The workers share the places equally, and each has at least one",
    arguments: [
      (1, 64), (2, 32), (4, 16), (63, 1), (64, 1),
    ])
  func limit(workers: Int, places: Int) throws {
    let room = try Room(workers: workers)
    #expect(room.limit == places)
    for number in 0..<places { #expect(room.enter(host: UInt8(number)) != nil) }
    #expect(room.isFull)
    #expect(room.enter(host: 200) == nil)
  }

  @Test("A place that was left is free again; leaving twice does nothing")
  func leave() throws {
    let room = try Room(workers: 64)
    let index = try #require(room.enter(host: 1))
    let token = room.token(index)
    room.leave(token)
    room.leave(token)
    #expect(!room.isFull)
    #expect(room.enter(host: 2) != nil)
  }

  @Test("Of those that wait, the one that came last gets the next place")
  func waiting() throws {
    let room = try Room(workers: 64)
    let index = try #require(room.enter(host: 1))
    #expect(!room.hasWaiting)
    #expect(room.wait(7) && room.wait(8))
    #expect(room.hasWaiting)
    #expect(room.takeWaiting() == nil)
    room.leave(room.token(index))
    #expect(room.takeWaiting() == 8)
    #expect(room.takeWaiting() == 7)
    #expect(room.takeWaiting() == nil)
    #expect(!room.hasWaiting)
  }

  @Test("Those that are gone do not gather among those that wait")
  func stale() throws {
    let room = try Room(workers: 64)
    let index = try #require(room.enter(host: 1))
    let token = room.token(index)
    for stranger in 0..<1000 { #expect(room.wait(UInt64(stranger) << 32 | 0xFFFF)) }
    #expect(room.wait(token))
    room.leave(token)
    var left = 0
    while let next = room.takeWaiting() {
      left += 1
      if left == 1 { #expect(next == token) }
    }
    #expect(left <= 4)
  }

  @Test(
    "While every address has its share, only one that has had a second for its handshake gives way")
  func noCrowd() throws {
    let room = try Room(workers: 4)
    let first = try #require(room.enter(host: 1))
    for host in 2...16 { _ = room.enter(host: UInt8(host), began: Self.start + 1) }
    #expect(room.isFull)
    #expect(room.victim(999) == nil)
    #expect(room.victim(1000) == first)
  }

  @Test("Of an address with more than its share, one that has been silent for a moment gives way")
  func crowd() throws {
    let room = try Room(workers: 4)
    _ = room.enter(host: 1)
    // It has sent something since, the next one has not.
    _ = room.enter(host: 9, heard: Self.start + 40)
    let silent = try #require(room.enter(host: 9))
    for _ in 0..<13 { _ = room.enter(host: 9, heard: Self.start + 40) }
    #expect(room.isFull)
    #expect(room.victim(49) == nil)
    #expect(room.victim(50) == silent)
  }

  @Test("Of several that are silent, the one that has been silent longest gives way")
  func longestSilent() throws {
    let room = try Room(workers: 16)
    _ = room.enter(host: 9, heard: Self.start + 30)
    let longest = try #require(room.enter(host: 9, heard: Self.start + 10))
    _ = room.enter(host: 9, heard: Self.start + 20)
    #expect(room.victim(100) == longest)
  }

  @Test("One whose bytes wait for their turn is not silent")
  func awaitsTurn() throws {
    let room = try Room(workers: 32)
    let first = try #require(room.enter(host: 9))
    let second = try #require(room.enter(host: 9))
    room.awaitTurn(first)
    #expect(room.victim(500) == second)
  }

  @Test("A connection has one place, however often it asks")
  func once() throws {
    let room = try Room(workers: 32)
    let index = try #require(room.enter(host: 1))
    #expect(room.enter(index))
    #expect(!room.isFull)
    _ = room.enter(host: 2)
    #expect(room.isFull)
    #expect(room.enter(index))
  }

  @Test("One that sends a byte now and then gives way after a second")
  func slow() throws {
    let room = try Room(workers: 32)
    let first = try #require(room.enter(host: 9, heard: Self.start + 990))
    _ = room.enter(host: 9, began: Self.start + 500, heard: Self.start + 990)
    #expect(room.isFull)
    #expect(room.victim(999) == nil)
    #expect(room.victim(1000) == first)
  }
}
