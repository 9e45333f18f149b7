import Linux
import Log
import TestKit
import Testing
import Verification

@testable import Server

/// The connections of a worker: they never move, and the token of one that is gone finds none.
@Suite struct SlotTableTests {
  @Test("A new table is empty, has room, and has no deadlines")
  func isEmpty() throws {
    let table = try SlotTable.withRoom()
    #expect(table.count == 0)
    #expect(table.capacity > 0)
    #expect(table.deadlines.count == table.capacity)
    for index in 0..<table.capacity {
      #expect(table.isInUse(index) == false)
      #expect(table.deadlines[index] == .never)
    }
  }

  @Test("A connection is found by its index and by its token")
  func insertAndFind() throws {
    var table = try SlotTable.withRoom()
    let first = try table.insert(peer(1))
    let second = try table.insert(peer(2))
    #expect(first != second)
    #expect(table.count == 2)
    #expect(table.isInUse(first) && table.isInUse(second))
    #expect(table.index(of: table.token(first)) == first)
    #expect(table.index(of: table.token(second)) == second)
    #expect(table.entry(first).peer.subject.peer == peer(1))
    #expect(table.entry(second).peer.subject.peer == peer(2))
  }

  @Test("A token is stale once its connection is gone, and stays so when the slot is reused")
  func tokensGoStale() throws {
    var table = try SlotTable.withRoom()
    var stale: [UInt64] = []
    let index = try table.insert(peer(1))
    for round in 1...1000 {
      let token = table.token(index)
      #expect(table.index(of: token) == index)
      table.remove(index)
      #expect(table.isInUse(index) == false)
      #expect(table.index(of: token) == nil)
      stale.append(token)
      #expect(table.insert(emptySlot(at: .now), from: peer(UInt16(round))) == index)
    }
    #expect(stale.allSatisfy { table.index(of: $0) == nil })
    #expect(Set(stale).count == stale.count)
  }

  @Test("A number that never was a token finds nothing")
  func strangeTokens() throws {
    var table = try SlotTable.withRoom()
    let index = try table.insert(peer(1))
    let token = table.token(index)
    let strangers: [UInt64] = [
      token + 1, token &+ 1 << 32, token &- 1 << 32, token | 1 << 63, UInt64.max,
      Worker.Token.wakeup, Worker.Token.firstListener, Worker.Token.lastListener,
      UInt64(table.capacity) | 1 << 32, 0xFFFF_FFFF | 1 << 32,
    ]
    for strange in strangers {
      #expect(table.index(of: strange) == nil, "\(strange)")
    }
    #expect(table.index(of: token) == index)
  }

  @Test("A reused slot starts over: no deadline, nothing left of the previous peer")
  func reusedSlotsAreNew() throws {
    var table = try SlotTable.withRoom()
    let index = try table.insert(peer(1))
    table.setDeadline(index, Instant(milliseconds: 1))
    let entry = table.entry(index)
    entry.peer.hasSpoken = true
    entry.peer.isAdmitted = true
    entry.slot.keptCount = 100
    table.remove(index)
    #expect(table.deadlines[index] == .never)
    #expect(table.insert(emptySlot(at: .now), from: peer(2)) == index)
    #expect(table.deadlines[index] == .never)
    #expect(table.entry(index).peer.subject.peer == peer(2))
    #expect(!table.entry(index).peer.hasSpoken)
    #expect(!table.entry(index).peer.isAdmitted)
    #expect(table.entry(index).slot.keptCount == 0)
  }

  @Test("No connection moves while ten thousand come: the first entries stay valid")
  func entriesStayWhereTheyAre() throws {
    var table = try SlotTable.withRoom()
    var entries: [SlotReference] = []
    for number in 0..<10_000 {
      let index = try table.insert(peer(UInt16(number)))
      entries.append(table.entry(index))
      #expect(index == number)
    }
    #expect(table.count == 10_000)
    #expect(table.capacity >= 10_000)
    // Values written through an old entry can be read through a new one.
    for number in entries.indices {
      entries[number].slot.heard = Instant(milliseconds: UInt64(number))
      entries[number].peer.isAdmitted = number % 3 == 0
    }
    for number in entries.indices {
      let entry = table.entry(number)
      #expect(entry.slot.heard == Instant(milliseconds: UInt64(number)))
      #expect(entry.peer.isAdmitted == (number % 3 == 0))
      #expect(entry.peer.subject.peer == peer(UInt16(number)))
    }
    // Removing every other one does not affect the rest.
    for index in stride(from: 0, to: 10_000, by: 2) { table.remove(index) }
    #expect(table.count == 5_000)
    for number in stride(from: 1, to: 10_000, by: 2) {
      #expect(table.entry(number).slot.heard == Instant(milliseconds: UInt64(number)))
    }
    let capacity = table.capacity
    for _ in 0..<5_000 { _ = table.insert(emptySlot(at: .now), from: peer(0)) }
    #expect(table.capacity == capacity, "freed slots are used again before new ones are made")
  }

  @Test("After any sequence of changes, the table agrees with a plain dictionary")
  func randomSequence() throws {
    var random = Random(seed: 20)
    var table = try SlotTable.withRoom()
    var model: [Int: (port: UInt16, token: UInt64)] = [:]
    var gone: Set<UInt64> = []
    for step in 0..<20_000 {
      if model.isEmpty || random.next(below: 100) < 52 {
        let port = UInt16(truncatingIfNeeded: step)
        let index = try table.insert(peer(port))
        #expect(model[index] == nil)
        let token = table.token(index)
        #expect(!gone.contains(token))
        model[index] = (port, token)
      } else if let (index, kept) = model.randomElement(using: &random) {
        table.remove(index)
        gone.insert(kept.token)
        model[index] = nil
        #expect(table.index(of: kept.token) == nil)
      }
    }
    #expect(table.count == model.count)
    for (index, kept) in model {
      #expect(table.index(of: kept.token) == index)
      #expect(table.entry(index).peer.subject.peer == peer(kept.port))
    }
    for index in 0..<table.capacity { #expect(table.isInUse(index) == (model[index] != nil)) }
    for token in gone { #expect(table.index(of: token) == nil) }
  }

  @Test("Removing a connection closes its socket, and so does destroying the table")
  func socketsAreClosed() throws {
    let first = try SocketPair()
    let second = try SocketPair()
    do {
      var table = try SlotTable.withRoom()
      let timeouts = Timeouts(acse: 0, dimse: 0, network: 0)
      let inserted = table.insert(
        Slot(socket: TCPSocket(owning: first.takeOther()), timeouts: timeouts, now: .now),
        from: peer(1))
      let index = inserted ?? -1
      _ = table.insert(
        Slot(socket: TCPSocket(owning: second.takeOther()), timeouts: timeouts, now: .now),
        from: peer(2))
      #expect(!first.isAlone && !second.isAlone)
      table.remove(index)
      #expect(first.isAlone && !second.isAlone)
    }
    #expect(second.isAlone)
  }

  private func peer(_ port: UInt16) -> NetworkAddress {
    NetworkAddress(bytes: .init(repeating: 0), port: port)
  }
}

extension SlotTable {
  /// Inserts a connection without a socket.
  fileprivate mutating func insert(_ peer: NetworkAddress) throws(SystemError) -> Int {
    guard let index = insert(emptySlot(at: .now), from: peer) else { throw .outOfMemory }
    return index
  }
}
