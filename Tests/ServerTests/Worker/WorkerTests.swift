import TestKit
import Testing

@testable import Server

/// Workers over real connections. The tests run one after another, since some of them depend on the clock.
@Suite(.serialized) enum WorkerTests {}

extension WorkerTests {
  /// Peers that are served normally, and their answers.
  @Suite struct Serving {
    @Test("A peer associates, echoes and releases")
    func anEcho() throws {
      let crew = try Crew.running()
      let client = try crew.client()
      client.send(Wire.associateRequest())
      #expect(client.receivePDU().first == 0x02)
      client.send(Wire.echoRequest(7))
      #expect(client.receivePDU() == echoResponse(7))
      client.send(Wire.releaseRequest)
      #expect(client.receivePDU() == Wire.releaseReply)
      client.shutDownWriting()
      let rest = client.receiveAll()
      #expect(rest.bytes.isEmpty && rest.end == .closed)
      #expect(crew.associations == 1)
      #expect(crew.echoes == 1)
      #expect(eventually { crew.partialPDUMemoryInUse == 0 })
    }

    @Test("A peer that sends everything at once and shuts its side gets every answer")
    func everythingAtOnce() throws {
      let crew = try Crew.running()
      let client = try crew.client()
      client.send(
        Wire.associateRequest() + (1...500).flatMap { Wire.echoRequest($0) } + Wire.releaseRequest)
      client.shutDownWriting()
      #expect(client.receivePDU().first == 0x02)
      for id in 1...500 { #expect(client.receivePDU() == echoResponse(id)) }
      #expect(client.receivePDU() == Wire.releaseReply)
      #expect(client.receiveAll().end == .closed)
    }

    @Test("A peer that sends everything a byte at a time gets the same answers")
    func byteByByte() throws {
      let crew = try Crew.running()
      let client = try crew.client()
      let bytes = Wire.associateRequest() + Wire.echoRequest(1) + Wire.releaseRequest
      for byte in bytes { client.send([byte]) }
      #expect(client.receivePDU().first == 0x02)
      #expect(client.receivePDU() == echoResponse(1))
      #expect(client.receivePDU() == Wire.releaseReply)
      #expect(eventually { crew.partialPDUMemoryInUse == 0 })
    }

    @Test("Two hundred peers at once are all served, by one or two workers", arguments: [1, 2])
    func twoHundred(workers: Int) throws {
      let crew = try Crew.running(workers: workers)
      let clients = try (0..<200).map { _ in try crew.client() }
      for client in clients { client.send(Wire.associateRequest()) }
      for client in clients { #expect(client.receivePDU().first == 0x02) }
      for round in 1...3 {
        for (number, client) in clients.enumerated() {
          client.send(Wire.echoRequest(number + round))
        }
        for (number, client) in clients.enumerated() {
          #expect(client.receivePDU() == echoResponse(number + round))
        }
      }
      for client in clients { client.send(Wire.releaseRequest) }
      for client in clients { #expect(client.receivePDU() == Wire.releaseReply) }
      #expect(crew.associations == 200)
      #expect(crew.echoes == 600)
    }

    @Test("Connections come and go a thousand times, and slots are reused")
    func comeAndGo() throws {
      let crew = try Crew.running()
      for id in 1...1000 {
        let client = try crew.client()
        client.send(Wire.associateRequest() + Wire.echoRequest(id))
        #expect(client.receivePDU().first == 0x02)
        #expect(client.receivePDU() == echoResponse(id))
      }
      #expect(crew.associations == 1000)
    }

    @Test("The longest possible request is accepted in pieces, and its memory is released")
    func longRequest() throws {
      let crew = try Crew.running()
      let client = try crew.client()
      let request = longRequestPDU()
      #expect(request.count > 150_000)
      var sent = 0
      while sent < request.count {
        let piece = request[sent...].prefix(1000)
        client.send(Array(piece))
        sent += piece.count
      }
      let answer = client.receivePDU()
      #expect(answer.first == 0x02)
      client.send(Wire.echoRequest(9))
      #expect(client.receivePDU() == echoResponse(9))
      #expect(eventually { crew.partialPDUMemoryInUse == 0 })
    }

    @Test("A peer that speaks another protocol gets an A-ABORT at once, and is closed soon")
    func anotherProtocol() throws {
      let crew = try Crew.running()
      let client = try crew.client()
      let stopwatch = Stopwatch()
      client.send(Array("GET / HTTP/1.1\r\n".utf8))
      #expect(client.receivePDU() == Wire.abort(0, 0))
      let rest = client.receiveAll()
      #expect(rest.bytes.isEmpty && rest.end == .closed, "our side is shut at once")
      #expect(stopwatch.passed < slack)
      // The worker ignores further bytes, and closes the connection after a second.
      while stopwatch.passed < 800 {
        client.send(Wire.associateRequest())
        pause(milliseconds: 50)
      }
      #expect(eventually { !client.send([0x20]) })
      #expect(stopwatch.passed < 1100 + slack)
      #expect(crew.associations == 0)
    }

    @Test("Peers that break off at any point do not affect others, and leave no memory in use")
    func breakOff() throws {
      let crew = try Crew.running(workers: 2)
      let witness = try crew.client()
      witness.send(Wire.associateRequest())
      #expect(witness.receivePDU().first == 0x02)
      let whole = Wire.associateRequest() + Wire.echoRequest(1) + Wire.releaseRequest
      for length in stride(from: 0, through: whole.count, by: 5) {
        for isReset in [false, true] {
          let client = try crew.client()
          client.send(Array(whole.prefix(length)))
          if isReset { client.reset() } else { client.hangUp() }
        }
      }
      witness.send(Wire.echoRequest(2))
      #expect(witness.receivePDU() == echoResponse(2))
      #expect(eventually { crew.partialPDUMemoryInUse == 0 })
    }
  }
}

/// The PDU with the C-ECHO-RSP to the C-ECHO-RQ with this Message ID.
func echoResponse(_ messageID: Int) -> [UInt8] {
  Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: messageID)))
}

/// An A-ASSOCIATE-RQ of the maximum size: 128 contexts with 45 transfer syntaxes each.
func longRequestPDU(contexts count: Int = 128) -> [UInt8] {
  let syntaxes =
    [Wire.implicitLittle] + (1...44).map { "1.2.840.10008.1.2.4.\(100 + $0)" }
  let contexts = (0..<count).flatMap { Wire.context(2 * $0 + 1, Wire.verification, syntaxes) }
  return Wire.associateRequest(contexts: contexts)
}
