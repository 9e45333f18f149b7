import Linux
import Testing
import UpperLayer

@testable import Server

/// The cost of one connection in normal operation.
@Suite struct SlotTests {
  @Test("A connection takes at most 512 bytes, including everything in the table")
  func size() {
    let slot = MemoryLayout<Slot>.stride
    let requestor = MemoryLayout<Peer>.stride
    let deadline = MemoryLayout<Instant>.stride
    let link = MemoryLayout<PendingList.Link>.stride
    // Its generation, and the ticket of its network.
    let numbers = 2 * MemoryLayout<UInt32>.stride
    let total = slot + requestor + deadline + link + numbers
    print(
      "a connection takes \(slot) + \(requestor) + \(deadline) + \(link) + \(numbers) = \(total) bytes"
    )
    #expect(total <= 512)
  }

  @Test("A new connection waits for its request, and owns no further memory")
  func isNew() {
    let now = Instant(milliseconds: 1000)
    let slot = emptySlot(at: now)
    #expect(slot.waiting == .request)
    #expect(slot.connection.state == .awaitingRequest)
    #expect(slot.heard == now)
    #expect(slot.artim == Instant(milliseconds: 1030))
    #expect(slot.messageBegan == .never)
    #expect(slot.stalled == .never)
    #expect(slot.keptCount == 0)
    #expect(slot.overflow.capacity == 0)
    #expect(slot.unsent.capacity == 0)
  }

  @Test("ARTIM does not run if acse-timeout is 0")
  func waitsForEver() {
    let timeouts = Timeouts(acse: 0, dimse: 1, network: 1)
    let slot = Slot(
      socket: TCPSocket(owning: -1), timeouts: timeouts, now: Instant(milliseconds: 1000))
    #expect(slot.artim == .never)
  }

  @Test("Channel, turn, output and header of a connection do not touch one another")
  func path() {
    for channel in [Channel.plain, .opening, .secure] {
      for isRelayed in [false, true] {
        var slot = Slot(
          socket: TCPSocket(owning: -1), channel: channel, isRelayed: isRelayed,
          timeouts: Timeouts(acse: 30, dimse: 30, network: 30), now: .now)
        #expect(slot.isRelayed == isRelayed && slot.awaitsHeader == isRelayed)
        #expect(slot.isDirect == (channel == .plain && !isRelayed))
        for turn in [Turn.paused, .lengthy, .closing, .opening, .none] {
          slot.turn = turn
          for flag in [true, false] {
            slot.watchesOutput = flag
            slot.awaitsHeader = flag
            #expect(slot.channel == channel && slot.turn == turn && slot.isRelayed == isRelayed)
            #expect(slot.watchesOutput == flag && slot.awaitsHeader == flag)
          }
        }
      }
    }
  }

  @Test("A C-ECHO-RQ without its last byte fits into the slot")
  func keptCapacity() {
    #expect(Slot.keptCapacity >= 6 + 6 + 68 - 1)
    let slot = emptySlot(at: .now)
    #expect(slot.kept.count == Slot.keptCapacity)
  }
}

/// A slot without a socket.
func emptySlot(at now: Instant) -> Slot {
  Slot(
    socket: TCPSocket(owning: -1), timeouts: Timeouts(acse: 30, dimse: 30, network: 30), now: now)
}
