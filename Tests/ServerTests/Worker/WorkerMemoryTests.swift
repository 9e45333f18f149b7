import Linux
import Settings
import TestKit
import Testing

@testable import Server

extension WorkerTests {
  /// The memory for partial PDUs, and the peers for which it does not suffice.
  @Suite struct Memory {
    /// A request that does not fit into a slot, but into the memory guaranteed to each connection.
    private static let request = Wire.associateRequest(
      contexts: (0..<20).flatMap {
        Wire.context(2 * $0 + 1, Wire.verification, [Wire.implicitLittle])
      })
    /// A request that needs 8 KiB of the memory beyond that.
    private static let longer = Array(longRequestPDU(contexts: 12))
    private static let half = Array(longer.prefix(9000))
    private static let rest = Array(longer.dropFirst(9000))
    /// Half a message that does not fit into a slot.
    private static let halfMessage =
      [4, 0, 0, 0, 4, 0] + Array(Wire.pdv(1, 1, .init(repeating: 0, count: 300), length: 1020))

    @Test("Half a request without memory for it is rejected: temporary congestion")
    func rejectsWithoutMemory() throws {
      let crew = try Crew.running(partialPDUMemory: 4095) { $0.acseTimeout = 300 }
      let client = try crew.client()
      client.send(Self.half)
      #expect(client.receivePDU() == Wire.reject(2, 3, 1))
      #expect(eventually { crew.partialPDUMemoryInUse == 0 })
      // The worker ignores the rest.
      client.send(Self.rest)
      let end = client.receiveAll()
      #expect(end.bytes.isEmpty && end.end == .closed)
      #expect(crew.associations == 0)
    }

    @Test("Half a message without memory for it is answered by an A-ABORT of the service user")
    func abortsWithoutMemory() throws {
      let crew = try Crew.running(partialPDUMemory: 4095) { $0.acseTimeout = 300 }
      let client = try crew.client()
      client.send(Self.request)
      #expect(client.receivePDU().first == 0x02)
      client.send(Self.halfMessage)
      #expect(client.receivePDU() == Wire.abort(0, 0))
      let end = client.receiveAll()
      #expect(end.bytes.isEmpty && end.end == .closed)
      #expect(eventually { crew.partialPDUMemoryInUse == 0 })
    }

    @Test("A request that outgrows the memory releases its part before it is closed")
    func rejectsWhatGrows() throws {
      let crew = try Crew.running(partialPDUMemory: 8 << 10)
      let client = try crew.client()
      for piece in 0..<10 {
        client.send(Array(longRequestPDU()[(piece * 2000)...].prefix(2000)))
        pause(milliseconds: 2)
      }
      #expect(client.receivePDU() == Wire.reject(2, 3, 1))
      #expect(eventually { crew.partialPDUMemoryInUse == 0 })
      #expect(client.isSilent(for: 1))
    }

    @Test("A stalled message releases its memory when aborted, before it is closed")
    func abortedGivesBack() throws {
      let crew = try Crew.running { $0.dimseTimeout = 100 }
      let client = try crew.client()
      client.send(Self.request + Self.halfMessage)
      #expect(client.receivePDU().first == 0x02)
      #expect(eventually { crew.partialPDUMemoryInUse > 0 })
      #expect(client.receivePDU() == Wire.abort(0, 0))
      #expect(eventually { crew.partialPDUMemoryInUse == 0 })
      #expect(client.isSilent(for: 1))
    }

    @Test("A peer whose PDUs come whole or in small pieces needs no memory")
    func needsNone() throws {
      let crew = try Crew.running(partialPDUMemory: 0)
      let client = try crew.client()
      client.send(Self.request)
      #expect(client.receivePDU().first == 0x02)
      for id in 1...20 {
        let echo = Wire.echoRequest(id)
        client.send(Array(echo.prefix(4 * id)))
        pause(milliseconds: 2)
        client.send(Array(echo.dropFirst(4 * id)))
        #expect(client.receivePDU() == echoResponse(id))
      }
    }

    @Test("Memory that one peer releases is available to the next")
    func isLentAgain() throws {
      let crew = try Crew.running(partialPDUMemory: 16 << 10)
      let memory = crew.threads[0].partialPDUMemory
      let clients = try (0..<3).map { _ in try crew.client() }
      for client in clients.prefix(2) { client.send(Self.half) }
      #expect(eventually { memory.inUse == 16 << 10 })
      clients[2].send(Self.half)
      #expect(clients[2].receivePDU() == Wire.reject(2, 3, 1))
      for client in clients.prefix(2) {
        client.send(Self.rest)
        #expect(client.receivePDU().first == 0x02)
      }
      #expect(eventually { memory.inUse == 0 })
      let next = try crew.client()
      next.send(Self.half)
      #expect(eventually { memory.inUse == 8 << 10 })
      next.hangUp()
      #expect(eventually { memory.inUse == 0 })
    }

    @Test("Memory use grows with the bytes received, not with the announced length")
    func growsWithWhatHasCome() throws {
      let crew = try Crew.running()
      let memory = crew.threads[0].partialPDUMemory
      let client = try crew.client()
      var sent = Wire.pdu(1, [0, 1, 0, 0], length: 256 << 10)
      client.send(sent)
      pause(milliseconds: 20)
      #expect(memory.inUse == 0)
      while sent.count < 100_000 {
        let piece = [UInt8](repeating: 0x20, count: 3000)
        client.send(piece)
        sent += piece
        pause(milliseconds: 2)
        #expect(memory.inUse <= 2 * sent.count + (8 << 10))
      }
      #expect(eventually { memory.inUse >= sent.count })
      client.hangUp()
      #expect(eventually { memory.inUse == 0 })
    }

    @Test("A request that announces an excessive length is aborted at once")
    func tooLong() throws {
      let crew = try Crew.running()
      let client = try crew.client()
      client.send(Wire.pdu(1, [], length: 256 << 10 + 1))
      #expect(client.receivePDU() == Wire.abort(0, 0))
    }

    @Test("A flood does not exceed the memory limit, and others are served meanwhile")
    func flood() throws {
      let limit = 64 << 10
      let crew = try Crew.running(partialPDUMemory: limit)
      let memory = crew.threads[0].partialPDUMemory
      let witness = try crew.client()
      witness.send(Wire.associateRequest())
      #expect(witness.receivePDU().first == 0x02)
      let clients = try (0..<60).map { _ in try crew.client() }
      let request = longRequestPDU()
      for (round, client) in clients.enumerated() {
        client.send(Array(request.prefix(9000)))
        #expect(memory.inUse <= limit)
        witness.send(Wire.echoRequest(round))
        #expect(witness.receivePDU() == echoResponse(round))
      }
      #expect(eventually { clients.count { !$0.isSilent(for: 0) } == 60 - limit / 8192 })
      for client in clients where !client.isSilent(for: 0) {
        #expect(client.receivePDU() == Wire.reject(2, 3, 1))
      }
      #expect(memory.inUse == limit)
      for client in clients { client.hangUp() }
      #expect(eventually { memory.inUse == 0 })
    }

    @Test("The largest partial PDU gives way to one that needs less, in either state")
    func largestGivesWay() throws {
      let crew = try Crew.running(partialPDUMemory: 136 << 10)
      let request = longRequestPDU()
      let large = try crew.client()
      large.send(Array(request.prefix(100_000)))
      #expect(eventually { crew.partialPDUMemoryInUse == 120 << 10 })
      let small = try (0..<2).map { _ in try crew.client() }
      for client in small { client.send(Self.half) }
      #expect(eventually { crew.partialPDUMemoryInUse == 136 << 10 })
      #expect(large.isSilent(for: 20))
      let last = try crew.client()
      last.send(Self.half)
      #expect(large.receivePDU() == Wire.reject(2, 3, 1))
      #expect(eventually { crew.partialPDUMemoryInUse == 24 << 10 })
      for client in small + [last] {
        client.send(Self.rest)
        #expect(client.receivePDU().first == 0x02)
      }
      let associated = try crew.client()
      associated.send(Self.request + Self.halfMessage)
      #expect(associated.receivePDU().first == 0x02)
      #expect(eventually { crew.partialPDUMemoryInUse == 4 << 10 })
    }

    @Test("A request of at most 8 KiB in pieces is never refused for want of memory")
    func ownMemory() throws {
      let crew = try Crew.running(partialPDUMemory: 0)
      let request = Array(longRequestPDU(contexts: 6))
      #expect((4 << 10..<8 << 10).contains(request.count))
      let clients = try (0..<50).map { _ in try crew.client() }
      for client in clients { client.send(Array(request.dropLast())) }
      for client in clients {
        client.send(Array(request.suffix(1)))
        #expect(client.receivePDU().first == 0x02)
      }
      #expect(crew.partialPDUMemoryInUse == 0)
    }
  }
}
