import Linux
import Settings
import TestKit
import Testing

@testable import Server

extension WorkerTests {
  /// The limits on serving one peer before the others have their turn.
  @Suite struct Turns {
    @Test(
      "However little is served per turn, everything is answered, in order",
      arguments: [(1, 65_536), (2, 4096), (1000, 4096), (7, 65_536)])
    func everythingIsAnswered(pdus: Int, bytes: Int) throws {
      let crew = try Crew.running {
        $0.maxPdusPerWakeup = pdus
        $0.maxBytesPerWakeup = bytes
      }
      let client = try crew.client()
      let count = 2000
      client.send(
        Wire.associateRequest() + (1...count).flatMap { Wire.echoRequest($0) }
          + Wire.releaseRequest)
      #expect(client.receivePDU().first == 0x02)
      for number in 1...count { #expect(client.receivePDU() == echoResponse(number)) }
      #expect(client.receivePDU() == Wire.releaseReply)
      client.shutDownWriting()
      #expect(client.receiveAll().end == .closed)
      #expect(crew.partialPDUMemoryInUse == 0)
    }

    @Test("A peer that sends as fast as it can does not keep another one waiting")
    func isFair() throws {
      let crew = try Crew.running {
        $0.maxPdusPerWakeup = 4
        $0.maxBytesPerWakeup = 4096
      }
      let busy = try crew.client()
      busy.send(Wire.associateRequest())
      #expect(busy.receivePDU().first == 0x02)
      let burst = (1...5000).flatMap { Wire.echoRequest($0 & 0xFFFF) }
      let sender = try Thread(name: "busy") { busy.send(burst) }
      let reader = try Thread(name: "reader") { _ = busy.receive(5000 * echoResponse(1).count) }
      let other = try crew.client()
      other.send(Wire.associateRequest())
      #expect(other.receivePDU().first == 0x02)
      let before = crew.echoes
      other.send(Wire.echoRequest(1))
      #expect(other.receivePDU() == echoResponse(1))
      #expect(crew.echoes - before < 2000)
      _ = sender.join(milliseconds: 10_000)
      _ = reader.join(milliseconds: 10_000)
    }

    @Test("A peer that shuts its side gets all its answers, however many turns it takes")
    func endWaits() throws {
      let crew = try Crew.running { $0.maxPdusPerWakeup = 1 }
      let client = try crew.client()
      client.send(Wire.associateRequest() + (1...300).flatMap { Wire.echoRequest($0) })
      client.shutDownWriting()
      let (bytes, end) = client.receiveAll()
      #expect(end == .closed)
      #expect(bytes.suffix(echoResponse(300).count) == echoResponse(300)[...])
      #expect(eventually { crew.echoes == 300 })
    }
  }
}
