import TestKit
import Testing

@testable import Server

extension WorkerTests {
  /// The limit on associations at once.
  @Suite struct Limits {
    @Test(
      "Exactly max-associations are accepted, however many workers there are", arguments: [1, 2])
    func exact(workers: Int) throws {
      let crew = try Crew.running(workers: workers, maxAssociations: 10)
      for round in 1...5 {
        let clients = try (0..<40).map { _ in try crew.client() }
        for client in clients { client.send(Wire.associateRequest()) }
        let answers = clients.map { $0.receivePDU() }
        #expect(answers.count { $0.first == 0x02 } == 10)
        #expect(answers.count { $0 == Wire.reject(2, 3, 2) } == 30)
        for (client, answer) in zip(clients, answers) where answer.first == 0x02 {
          client.send(Wire.echoRequest(round) + Wire.releaseRequest)
          #expect(client.receivePDU() == echoResponse(round))
          #expect(client.receivePDU() == Wire.releaseReply)
        }
      }
      #expect(crew.associations == 50)
    }

    @Test(
      "A peer that knows that an association has ended finds its place free",
      arguments: [true, false])
    func isFreeAtOnce(isReleased: Bool) throws {
      let crew = try Crew.running(workers: 2, maxAssociations: 1)
      var accepted = 0
      for _ in 1...1000 {
        let client = try crew.client()
        client.send(
          Wire.associateRequest() + (isReleased ? Wire.releaseRequest : [9, 0, 0, 0, 0, 0]))
        if client.receivePDU().first == 0x02 { accepted += 1 }
        _ = client.receivePDU()
      }
      #expect(accepted == 1000)
    }

    /// The ways in which an association can end and free its place.
    enum Ending: CaseIterable {
      case release
      case abort
      case close
      case reset
      case fault
      case unknownPDU
    }

    @Test("However an association ends, its place becomes free", arguments: Ending.allCases)
    func isFreed(ending: Ending) throws {
      let crew = try Crew.running(maxAssociations: 1)
      for _ in 1...3 {
        let client = try crew.client()
        client.send(Wire.associateRequest())
        #expect(client.receivePDU().first == 0x02)
        let other = try crew.client()
        other.send(Wire.associateRequest())
        #expect(other.receivePDU() == Wire.reject(2, 3, 2))
        switch ending {
        case .release: client.send(Wire.releaseRequest)
        case .abort: client.send(Wire.abort(0, 0))
        case .close: client.hangUp()
        case .reset: client.reset()
        case .fault: client.send(Wire.echoRequest(1, on: 99))
        case .unknownPDU: client.send(Wire.pdu(9, []))
        }
        // A connection whose association has ended no longer counts, open or not.
        #expect(
          eventually {
            guard let next = try? crew.client() else { return false }
            next.send(Wire.associateRequest() + Wire.releaseRequest)
            return next.receivePDU().first == 0x02
          })
        pause(milliseconds: 20)
      }
    }

    @Test("A peer that was rejected, or has not sent its request yet, takes no place")
    func onlyAssociationsCount() throws {
      let crew = try Crew.running(maxAssociations: 1)
      let silent = try crew.client()
      let half = try crew.client()
      half.send(Array(Wire.associateRequest().prefix(100)))
      let foreign = try crew.client()
      foreign.send(Array("SSH-2.0-".utf8))
      #expect(foreign.receivePDU() == Wire.abort(0, 0))
      let wrong = try crew.client()
      wrong.send(Wire.associateRequest(fixed: Wire.fixedFields(version: 2)))
      #expect(wrong.receivePDU() == Wire.reject(1, 2, 2))
      let client = try crew.client()
      client.send(Wire.associateRequest())
      #expect(client.receivePDU().first == 0x02)
      #expect(silent.isSilent(for: 1) && half.isSilent(for: 1))
    }
  }
}
