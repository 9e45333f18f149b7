import Linux
import Settings
import TestKit
import Testing

@testable import Server

extension WorkerTests {
  /// Peers that do not read their answers, or not at once.
  @Suite struct SlowReaders {
    private static let count = 5000

    @Test("A peer that never reads is closed in time, and others are not affected")
    func neverReads() throws {
      let crew = try Crew.running { $0.networkTimeout = 500 }
      let client = try crew.client(isNarrow: true)
      let stopwatch = Stopwatch()
      client.send(Wire.associateRequest())
      flood(client, for: 300)
      #expect(crew.shared.stalled.count > 0)
      let witness = try crew.client()
      witness.send(Wire.associateRequest() + Wire.echoRequest(2))
      #expect(witness.receivePDU().first == 0x02)
      #expect(witness.receivePDU() == echoResponse(2))
      #expect(client.breaks(within: 5000))
      #expect((500..<800 + slack).contains(stopwatch.passed))
      #expect(eventually { crew.shared.stalled.count == 0 })
      #expect(crew.associations == 2)
    }

    @Test("A peer that reads slowly is not mistaken for one that never reads")
    func readsSlowly() throws {
      let crew = try Crew.running { $0.networkTimeout = 1000 }
      let client = try crew.client(isNarrow: true)
      client.send(Wire.associateRequest())
      flood(client, for: 300)
      #expect(crew.shared.stalled.count > 0)
      let stopwatch = Stopwatch()
      while stopwatch.passed < 3000 {
        #expect(!client.receiveSome(1024).isEmpty)
        pause(milliseconds: 10)
      }
    }

    @Test("A peer that reads late gets every answer, in order, whatever the dimse-timeout")
    func readsLate() throws {
      let crew = try Crew.running { $0.dimseTimeout = 50 }
      let client = try crew.client(isNarrow: true)
      let sender = try Thread(name: "peer") {
        client.send(Wire.associateRequest())
        client.send((1...Self.count).flatMap { Wire.echoRequest($0) })
        client.send(Wire.releaseRequest)
      }
      #expect(eventually { crew.shared.stalled.count > 0 })
      pause(milliseconds: 300)
      #expect(client.receivePDU().first == 0x02)
      var right = 0
      for id in 1...Self.count where client.receivePDU() == echoResponse(id) { right += 1 }
      #expect(right == Self.count)
      #expect(client.receivePDU() == Wire.releaseReply)
      #expect(sender.join(milliseconds: 10_000))
      #expect(eventually { crew.shared.stalled.count == 0 })
      #expect(crew.echoes == UInt64(Self.count))
    }

    @Test("Every request is answered, even if no more bytes come once there is room for answers")
    func answersWhatWasKept() throws {
      let crew = try Crew.running()
      for count in stride(from: 1000, through: 3000, by: 200) {
        let client = try crew.client(isNarrow: true)
        client.send(Wire.associateRequest())
        let sender = try Thread(name: "peer") {
          client.send((1...count).flatMap { Wire.echoRequest($0) })
        }
        pause(milliseconds: 50)
        #expect(client.receivePDU().first == 0x02)
        var right = 0
        for id in 1...count where client.receivePDU() == echoResponse(id) { right += 1 }
        #expect(right == count)
        #expect(sender.join(milliseconds: 10_000))
      }
    }

    @Test("When memory runs out, an A-ABORT follows the earlier answers, and interrupts none")
    func abortsInOrder() throws {
      for _ in 1...10 {
        // Not enough for the requests kept behind answers that the peer does not read.
        let crew = try Crew.running(partialPDUMemory: 16 << 10)
        let client = try crew.client(isNarrow: true)
        let sender = try Thread(name: "peer") {
          client.send(Wire.associateRequest())
          client.send((1...Self.count).flatMap { Wire.echoRequest($0) } + Wire.releaseRequest)
        }
        #expect(client.receivePDU().first == 0x02)
        let heard = readSlowly(client)
        // Correct answers, then A-RELEASE-RP, an A-ABORT, or the end in the middle of an answer.
        var right = 0
        var rest = heard[...]
        while rest.starts(with: echoResponse(right + 1)) {
          right += 1
          rest = rest.dropFirst(echoResponse(right).count)
        }
        let isWhole = rest.elementsEqual(Wire.releaseReply)
        let isCutOff = echoResponse(right + 1).starts(with: rest)
        #expect(isWhole || isCutOff || rest.elementsEqual(Wire.abort(0, 0)), "\(rest.prefix(100))")
        client.reset()
        #expect(sender.join(milliseconds: 10_000))
      }
    }

    /// Reads more slowly than a worker answers, until the last PDU or the close.
    private func readSlowly(_ client: Client) -> [UInt8] {
      var heard: [UInt8] = []
      while true {
        let piece = client.receiveSome(1024)
        heard += piece
        let last = Array(heard.suffix(10))
        if piece.isEmpty || last == Wire.releaseReply || last == Wire.abort(0, 0) { return heard }
        pause(milliseconds: 0.3)
      }
    }
  }
}
