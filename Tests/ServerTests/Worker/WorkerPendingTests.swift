import Linux
import Log
import Settings
import Synchronization
import TestKit
import Testing

@testable import Server

extension WorkerTests {
  /// Connections without an association: their limit, and which one is closed beyond it.
  @Suite struct Pending {
    @Test("The oldest connection of a worker makes room, however many come", arguments: [1, 2])
    func oldestGoes(workers: Int) throws {
      let crew = try Crew.running(workers: workers) { $0.maxPending = 5 }
      var silent: [Client] = []
      for number in 1...20 {
        silent.append(try crew.client())
        let expected = min(number, 5)
        #expect(eventually { crew.shared.pending.load(ordering: .relaxed) == expected })
      }
      // A worker that accepts no more connections keeps its own; few of these are old.
      func left(_ clients: ArraySlice<Client>) -> Int { clients.count { $0.isSilent(for: 0) } }
      #expect(eventually { left(silent[...]) == 5 })
      #expect(left(silent.prefix(10)) <= (workers == 1 ? 0 : 4))
      #expect(left(silent.suffix(1)) == 1)
      let good = try crew.client()
      good.send(Wire.associateRequest() + Wire.echoRequest(1))
      #expect(good.receivePDU().first == 0x02)
      #expect(good.receivePDU() == echoResponse(1))
    }

    @Test("An association does not count, and is never closed to make room")
    func associationsStay() throws {
      let crew = try Crew.running { $0.maxPending = 2 }
      let clients = try (1...10).map { _ in try crew.client() }
      for client in clients.suffix(1) {
        client.send(Wire.associateRequest())
        #expect(client.receivePDU().first == 0x02)
      }
      for _ in 1...5 {
        let flood = try (1...5).map { _ in try crew.client() }
        #expect(flood[0].receiveAll().end != .silent)
      }
      clients[9].send(Wire.echoRequest(1))
      #expect(clients[9].receivePDU() == echoResponse(1))
    }

    @Test("A connection waiting for its close counts, until it is closed")
    func endsCount() throws {
      let crew = try Crew.running { $0.maxPending = 3 }
      let released = try crew.client()
      released.send(Wire.associateRequest() + Wire.releaseRequest)
      #expect(released.receivePDU().first == 0x02)
      #expect(released.receivePDU() == Wire.releaseReply)
      let rejected = try crew.client()
      rejected.send(Wire.associateRequest(fixed: Wire.fixedFields(version: 2)))
      #expect(rejected.receivePDU() == Wire.reject(1, 2, 2))
      let silent = try crew.client()
      #expect(eventually { crew.shared.pending.load(ordering: .relaxed) == 3 })
      released.hangUp()
      rejected.reset()
      silent.send(Wire.associateRequest())
      #expect(silent.receivePDU().first == 0x02)
      #expect(eventually { crew.shared.pending.load(ordering: .relaxed) == 0 })
    }

    /// The ways in which an association can end that leave the close to the peer.
    enum Ending: CaseIterable {
      case release
      case abort
      case timeout
    }

    @Test(
      "If the end of an association makes one too many, the oldest makes room",
      arguments: Ending.allCases)
    func endMakesOneTooMany(ending: Ending) throws {
      let crew = try Crew.running {
        $0.maxPending = 2
        if ending == .timeout { $0.networkTimeout = 300 }
      }
      let ended = try crew.client()
      ended.send(Wire.associateRequest())
      #expect(ended.receivePDU().first == 0x02)
      let silent = try (1...2).map { _ in try crew.client() }
      #expect(eventually { crew.shared.pending.load(ordering: .relaxed) == 2 })
      switch ending {
      case .release:
        ended.send(Wire.releaseRequest)
        #expect(ended.receivePDU() == Wire.releaseReply)
      case .abort:
        ended.send(Wire.associateRequest())
        #expect(ended.receivePDU().first == 0x07)
      case .timeout: #expect(ended.receivePDU().first == 0x07)
      }
      #expect(silent[0].receiveAll().end != .silent)
      #expect(crew.shared.pending.load(ordering: .relaxed) == 2)
      #expect(silent[1].isSilent(for: 50) && ended.isSilent(for: 0))
    }

    @Test("A lower limit takes effect at once")
    func isLowered() throws {
      let crew = try Crew.running()
      let clients = try (1...8).map { _ in try crew.client() }
      #expect(eventually { crew.shared.pending.load(ordering: .relaxed) == 8 })
      var limits = Server.Limits()
      limits.pending = 3
      crew.put(crew.shared.policy.0, limits)
      #expect(eventually { crew.shared.pending.load(ordering: .relaxed) == 3 })
      for client in clients.prefix(5) { #expect(client.receiveAll().end != .silent) }
      #expect(clients[7].isSilent(for: 1))
    }

    @Test("If one address has too many, its oldest goes")
    func perAddress() throws {
      let crew = try Crew.running { $0.maxPendingPerAddress = 3 }
      let clients = try (1...5).map { _ in try crew.client() }
      for client in clients.prefix(2) { #expect(client.receiveAll().end != .silent) }
      #expect(clients[2].isSilent(for: 1))
      clients[2].send(Wire.associateRequest())
      #expect(clients[2].receivePDU().first == 0x02)
    }

    @Test("The newest connection of an address stays, whichever worker has accepted the others")
    func perAddressAnywhere() throws {
      let crew = try Crew.running(workers: 3) { $0.maxPendingPerAddress = 4 }
      var held: [Client] = []
      func lastTurn() -> UInt64 { crew.shared.lastTurn.load(ordering: .relaxed) }
      for _ in 1...100 {
        let before = lastTurn()
        held.append(try crew.client())
        // If a worker accepted it late, it would become the newer one.
        #expect(eventually { lastTurn() != before })
        let good = try crew.client()
        good.send(Wire.associateRequest())
        #expect(good.receivePDU().first == 0x02)
      }
      #expect(eventually { crew.shared.pending.load(ordering: .relaxed) <= 4 })
    }

    @Test("An address at its limit of associations has its next one rejected", arguments: [1, 2])
    func associationsPerAddress(workers: Int) throws {
      let crew = try Crew.running(workers: workers) { $0.maxAssociationsPerAddress = 2 }
      for _ in 1...50 {
        let clients = try (1...3).map { _ in try crew.client() }
        for client in clients.prefix(2) {
          client.send(Wire.associateRequest())
          #expect(client.receivePDU().first == 0x02)
        }
        clients[2].send(Wire.associateRequest())
        #expect(clients[2].receivePDU() == Wire.reject(2, 3, 2))
        clients[0].send(Wire.releaseRequest)
        #expect(clients[0].receivePDU() == Wire.releaseReply)
        clients[1].send(Wire.abort(0, 0))
        #expect(clients[1].receiveAll().end == .closed)
      }
      #expect(crew.shared.openAssociations == 0)
    }

    @Test("An association over the total limit takes no place at its address either")
    func refusedLeavesAddress() throws {
      let crew = try Crew.running(maxAssociations: 1) { $0.maxAssociationsPerAddress = 2 }
      let first = try crew.client()
      first.send(Wire.associateRequest())
      #expect(first.receivePDU().first == 0x02)
      for _ in 1...5 {
        let other = try crew.client()
        other.send(Wire.associateRequest())
        #expect(other.receivePDU() == Wire.reject(2, 3, 2))
      }
      first.send(Wire.releaseRequest)
      #expect(first.receivePDU() == Wire.releaseReply)
      let next = try crew.client()
      next.send(Wire.associateRequest())
      #expect(next.receivePDU().first == 0x02)
    }

    @Test("An address may make only so many connections in a second; the others are closed unread")
    func connectionRate() throws {
      let crew = try Crew.running { $0.maxConnectionRate = 3 }
      let clients = try (1...10).map { _ in try crew.client() }
      for client in clients { client.send(Wire.associateRequest()) }
      let answers = clients.map { $0.receivePDU() }
      #expect(answers.prefix(3).allSatisfy { $0.first == 0x02 })
      #expect(answers.dropFirst(3).allSatisfy { $0.isEmpty })
      // Each of them counts for at most 1.2 seconds.
      Thread.sleep(milliseconds: 1250)
      let later = try crew.client()
      later.send(Wire.associateRequest())
      #expect(later.receivePDU().first == 0x02)
    }
  }
}
