import Testing

@testable import echobench

/// The data of all clients.
@Suite struct ClientTableTests {
  @Test(
    "Requests outstanding at the same time have separate places", arguments: [1, 2, 3, 16])
  func asked(depth: Int) {
    var table = ClientTable(count: 3, depth: depth)
    for first in [0, 1, 65530, 65535] as [UInt16] {
      for index in 0..<3 {
        for step in 0..<depth {
          let messageID = first &+ UInt16(step)
          table.noteAsked(index, messageID, at: UInt64(index * 1000 + step))
        }
      }
      for index in 0..<3 {
        for step in 0..<depth {
          #expect(table.asked(index, first &+ UInt16(step)) == UInt64(index * 1000 + step))
        }
      }
    }
  }

  @Test func deadlines() {
    var table = ClientTable(count: 100, depth: 1)
    #expect(table.soonest == Clock.never)
    table.setDeadline(99, 70)
    table.setDeadline(3, 50)
    #expect(table.soonest == 50)
    table.setDeadline(3, Clock.never)
    table.findSoonest(notBefore: 60)
    #expect(table.soonest == 70)
    table.findSoonest(notBefore: 80)
    #expect(table.soonest == 80)
    #expect(table.deadlines.count == 100)
  }

  @Test("Each client has its own state, which a close resets")
  func clients() {
    let table = ClientTable(count: 65, depth: 1)
    #expect(table.chunk(of: 63) === table.chunk(of: 0))
    #expect(table.chunk(of: 64) !== table.chunk(of: 0))
    let chunk = table.chunk(of: 64)
    chunk.clients[0].outstanding = 3
    chunk.clients[0].nextID = 2
    #expect(chunk.clients[0].dueID == 65535)
    #expect(chunk.clients[1].outstanding == 0)
    chunk.clients[0].kept = [1]
    chunk.clients[0].close()
    #expect(chunk.clients[0].outstanding == 0)
    #expect(chunk.clients[0].kept.isEmpty)
    #expect(chunk.clients[0].number == nil)
  }
}
