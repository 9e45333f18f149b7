import COpenSSL
import TestKit
import Testing

@testable import TLS

/// Sessions with each other and with plain OpenSSL, in memory.
@Suite struct SessionTests {
  // MARK: the handshake

  @Test(arguments: [false, true]) func bothSidesComplete(_ isOld: Bool) throws {
    let pair = try SessionPair(isOld: isOld)
    #expect(pair.client.completions == 1 && pair.server.completions == 1)
    #expect(pair.client.fault == nil && pair.server.fault == nil)
    for facts in [pair.client.facts, pair.server.facts] {
      #expect(facts.isComplete && facts.version == (isOld ? "TLSv1.2" : "TLSv1.3"))
      let suites =
        isOld
        ? ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"]
        : ["TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"]
      #expect(suites.contains(facts.cipherSuite ?? ""))
      #expect(facts.group == "x25519" && facts.applicationProtocol == "dicom")
      #expect(facts.faults == [] && facts.expected == 0)
    }
    #expect(pair.server.facts.chain.first == Identity.ct1.facts)
    #expect(pair.client.facts.chain == [Identity.server.facts, Identity.issuing.facts])
    #expect(pair.server.facts.received == UInt32(pair.flights.ofClient.count))
    #expect(pair.client.facts.received == UInt32(pair.flights.ofServer.count))
  }

  @Test func aServerNamesItsCAs() throws {
    let pair = try SessionPair()
    #expect(pair.client.facts.acceptedCAs == ["CN=Hospital CA,O=Hospital"])
    #expect(pair.client.facts.asksForCertificate)
    #expect(pair.server.facts.acceptedCAs == [])
    #expect(!pair.server.facts.asksForCertificate)
  }

  @Test(arguments: [ContextFiles.ClientCertificate.require, .request, .no])
  func aClientWithoutACertificate(_ mode: ContextFiles.ClientCertificate) throws {
    let context = try Party.archive.with { $0.mode = mode }.server()
    let client = SessionEndpoint(clientOf: try Party(nil).client())
    let server = SessionEndpoint(serverOf: context)
    converse(client, server)
    #expect(server.facts.chain == [])
    #expect(client.facts.asksForCertificate == (mode != .no))
    switch mode {
    case .require:
      #expect(server.fault == .certificate(.missing, code: 0))
      // In TLS 1.3, a client hears of it after its own end of the handshake.
      #expect(client.isComplete && client.fault == .alert(116))
      #expect(!server.isComplete)
    case .request: #expect(server.facts.faults == .missing)
    case .no: #expect(server.isComplete && server.facts.faults == [])
    }
  }

  @Test func theServerNameIsSentAndChecked() throws {
    for (name, fault) in [
      ("localhost", nil), ("archive.hospital.example", nil), ("127.0.0.1", nil),
      ("elsewhere.example", CertificateFaults.name), ("127.0.0.2", .name),
    ] {
      let context = try Contexts.client.get()
      let client = try #require(SessionEndpoint(clientOf: context, server: name))
      let server = SessionEndpoint(serverOf: try Contexts.server.get())
      converse(client, server)
      let isAddress = name.first == "1"
      #expect(server.facts.hello?.serverName == (isAddress ? nil : Array(name.utf8)))
      if let fault {
        guard case .certificate(fault, code: _) = client.fault else {
          Issue.record("\(name): \(String(describing: client.fault))")
          continue
        }
        // bad_certificate, or what OpenSSL has for the name.
        #expect(server.fault?.refusesOurCertificate == true)
      } else {
        #expect(client.isComplete && client.facts.faults == [])
      }
    }
  }

  @Test func aNameThatCannotBeSentMakesNoSession() throws {
    let context = try Contexts.client.get()
    let long = String(repeating: "x", count: 300)
    #expect(SessionEndpoint(clientOf: context, server: long) == nil)
    #expect(SessionEndpoint(clientOf: context, server: "") == nil)
  }

  @Test func theServerIsTheOneExpected() throws {
    let folder = try Folder()
    var files = ContextFiles()
    for (expected, fault) in [
      (Identity.server, nil), (Identity.serverRSA, CertificateFaults.untrusted),
    ] {
      files.expectedCertificate = try folder.write("expected.pem", expected.pem)
      let client = SessionEndpoint(clientOf: try Context.client(files))
      let server = SessionEndpoint(serverOf: try Contexts.server.get())
      converse(client, server)
      #expect(client.facts.faults == fault ?? [])
      #expect(client.isComplete == (fault == nil))
    }
  }

  // MARK: data

  @Test(arguments: [false, true], [0, 1, 68, 16_384, 16_385, 40_000, 65_536])
  func dataArrives(_ isOld: Bool, _ size: Int) throws {
    let pair = try SessionPair(isOld: isOld)
    let data = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let sent = try #require(pair.client.send(data))
    #expect(sent.count >= size && sent.count <= Session.leastOutput)
    #expect(size > 0 || sent.isEmpty)
    #expect(pair.server.receive(sent) == [])
    #expect(pair.server.plain == data)
    let answer = try #require(pair.server.send(data))
    for start in stride(from: 0, to: answer.count, by: 13) {
      #expect(pair.client.receive(Array(answer[start...].prefix(13))) == [])
    }
    #expect(pair.client.plain == data)
    #expect(pair.server.largestPlain <= Session.leastPlain)
  }

  @Test func dataBehindTheHandshakeIsDecryptedAtOnce() throws {
    for isOld in [false, true] {
      let client = SessionEndpoint(
        clientOf: try (isOld ? Contexts.oldClient : Contexts.client).get())
      let server = SessionEndpoint(serverOf: try Contexts.server.get())
      var turn = client.receive([])
      while !client.isComplete { turn = client.receive(server.receive(turn)) }
      if isOld { _ = server.receive(turn) }
      let data = try #require(client.send([1, 2, 3]))
      _ = server.receive(isOld ? data : turn + data)
      #expect(server.isComplete && server.plain == [1, 2, 3])
    }
  }

  /// The largest input: the rest of a record, many small ones, and the beginning of another.
  @Test func theRoomThatIsPromisedSuffices() throws {
    let pair = try SessionPair()
    let long = try #require(pair.client.send([UInt8](repeating: 1, count: 16_384)))
    var stream = long
    for _ in 0..<2000 { stream += try #require(pair.client.send([2])) }
    stream += try #require(pair.client.send([UInt8](repeating: 3, count: 65_536)))
    // All but the last byte of a record first.
    _ = pair.server.receive(Array(stream[..<(long.count - 1)]))
    #expect(pair.server.plain == [])
    for start in stride(from: long.count - 1, to: stream.count, by: Session.mostInput) {
      #expect(pair.server.receive(Array(stream[start...].prefix(Session.mostInput))) == [])
    }
    #expect(pair.server.plain.count == 16_384 + 2000 + 65_536)
    #expect(pair.server.largestPlain < Session.leastPlain)
  }

  /// With less room than promised, a call takes as much as fits, and the next one goes on.
  @Test(arguments: [1, 7, 100, 16_384]) func aFullBufferLosesNothing(_ room: Int) throws {
    let pair = try SessionPair(room: room)
    let data = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    let stream = try #require(pair.client.send(data)) + #require(pair.client.send(data))
    _ = pair.server.receive(stream)
    for _ in 0..<2000 where pair.server.plain.count < 2000 { _ = pair.server.receive([]) }
    #expect(pair.server.plain == data + data && pair.server.fault == nil)
    #expect(pair.server.largestPlain <= room)
  }

  // MARK: empty input

  @Test func noBytesDoNothing() throws {
    let pair = try SessionPair()
    #expect(pair.server.receive([]) == [] && pair.client.receive([]) == [])
    #expect(pair.server.send([]) == [])
    guard var session = Session(serverOf: try Contexts.server.get()) else {
      Issue.record("no memory")
      return
    }
    var room = [UInt8](repeating: 0, count: Session.leastPlain)
    var output = [UInt8](repeating: 0, count: Session.leastOutput)
    var into = room.mutableSpan
    var out = output.mutableSpan
    // An empty span may have no address.
    let progress = session.receive(Span<UInt8>(), into: &into, output: &out)
    let fault = session.fault
    let sent = session.send(Span<UInt8>(), output: &out)
    #expect(progress.taken == 0 && progress.output == 0 && fault == nil && sent == nil)
  }

  // MARK: the end

  @Test(arguments: [false, true]) func eachSideCloses(_ isOld: Bool) throws {
    let pair = try SessionPair(isOld: isOld)
    _ = pair.server.receive(try #require(pair.client.send([1])))
    let closing = pair.client.close()
    #expect(!closing.isEmpty && !pair.server.isClosed)
    #expect(pair.server.receive(closing) == [])
    #expect(pair.server.isClosed && pair.server.fault == nil && pair.server.plain == [1])
    // The other direction stays open until the server closes it, too (RFC 8446 §6.1).
    let last = try #require(pair.server.send([2]))
    #expect(pair.client.receive(last + pair.server.close()) == [])
    #expect(pair.client.plain == [2] && pair.client.isClosed && pair.client.fault == nil)
    #expect(pair.server.close() == [])
    #expect(pair.server.receive([]) == [] && pair.server.isClosed)
  }

  @Test func aSessionThatHasNotBegunHasNothingToClose() throws {
    let server = SessionEndpoint(serverOf: try Contexts.server.get())
    #expect(server.close() == [] && server.send([1]) == nil && server.fault == nil)
  }

  @Test func aClientThatClosesInTheHandshakeIsClosed() throws {
    let server = SessionEndpoint(serverOf: try Contexts.server.get())
    _ = server.receive(HelloMessage.tls12.bytes)
    _ = server.receive(HelloMessage.records(21, [1, 0]))
    #expect(server.isClosed && server.fault == nil && !server.isComplete)
  }

  // MARK: alerts

  @Test(arguments: [UInt8(40), 42, 45, 46, 48, 49, 70, 71, 80, 120])
  func aFatalAlertInTheHandshakeIsReported(_ number: UInt8) throws {
    for hello in [HelloMessage.tls12, .tls13] {
      let server = SessionEndpoint(serverOf: try Contexts.server.get())
      _ = server.receive(hello.bytes)
      #expect(server.receive(HelloMessage.records(21, [2, number])) == [])
      #expect(server.fault == .alert(number) && !server.isClosed)
      #expect(server.facts.hello != nil)
    }
  }

  @Test func aWarningIsNotTheEnd() throws {
    let server = SessionEndpoint(serverOf: try Contexts.server.get())
    _ = server.receive(HelloMessage.tls12.bytes)
    // unrecognized_name, as a warning.
    _ = server.receive(HelloMessage.records(21, [1, 112]))
    #expect(server.fault == nil)
  }

  /// The client refuses the server's certificate, and the server the client's: each tells the other why.
  @Test(arguments: [0x0303...0x0303, 0x0304...0x0304])
  func eachSideTellsWhy(_ versions: ClosedRange<Int>) throws {
    let distrustful = OpenSSLPeer(
      OpenSSLPeer.Options().with {
        $0.versions = versions
        $0.authorities = [.otherCA]
      })
    let server = SessionEndpoint(serverOf: try Contexts.server.get())
    converse(distrustful, server)
    #expect(server.fault == .alert(48) && server.fault?.refusesOurCertificate == true)

    let expired = OpenSSLPeer(OpenSSLPeer.Options(.expired).with { $0.versions = versions })
    let strict = SessionEndpoint(serverOf: try Party.archive.with { $0.mode = .require }.server())
    converse(expired, strict)
    #expect(expired.failure?.contains("certificate expired") == true, "\(expired.failure ?? "")")
  }

  @Test func aDamagedRecordEndsTheSession() throws {
    for isOld in [false, true] {
      let pair = try SessionPair(isOld: isOld)
      var sent = try #require(pair.client.send([1, 2, 3]))
      sent[sent.count - 1] ^= 1
      let answer = pair.server.receive(sent)
      guard case .other(let error) = pair.server.fault else {
        Issue.record("\(String(describing: pair.server.fault))")
        continue
      }
      #expect(error.text.contains("bad record mac"), "\(error.text)")
      #expect(pair.server.plain == [] && pair.server.send([1]) == nil)
      #expect(pair.client.receive(answer) == [])
      #expect(pair.client.fault == .alert(20))
    }
  }

  @Test func whatComesAfterAFaultIsIgnored() throws {
    let pair = try SessionPair()
    let good = try #require(pair.client.send([1]))
    _ = pair.server.receive(HelloMessage.records(23, [0, 0, 0]))
    let fault = pair.server.fault
    #expect(fault != nil)
    #expect(pair.server.receive(good) == [] && pair.server.plain == [])
    #expect(pair.server.fault == fault && pair.server.close() == [])
  }

  // MARK: clients

  @Test(
    arguments: [
      ("DICOM", [7, 0, 0, 0, 0, 4, 0, 0, 2, 2]),
      ("HTTP", Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)),
      ("SSH", Array("SSH-2.0-OpenSSH_9.2p1\r\n".utf8)),
      ("SMTP", Array("220 mail.example ESMTP\r\n".utf8)),
    ] as [(String, [UInt8])])
  func aServerWithoutTLSIsFound(_ name: String, _ answer: [UInt8]) throws {
    let client = SessionEndpoint(clientOf: try Contexts.client.get())
    #expect(client.receive([]).count > 100)
    _ = client.receive(answer)
    #expect(client.fault == .notTLS, "\(name)")
  }

  @Test func aServerOfOldVersionsOnlyIsFound() throws {
    let client = SessionEndpoint(clientOf: try Contexts.client.get())
    _ = client.receive([])
    _ = client.receive(HelloMessage.records(21, [2, 70], version: 0x0301))
    #expect(client.fault == .alert(70))
    let other = SessionEndpoint(clientOf: try Contexts.client.get())
    _ = other.receive([])
    // A ServerHello of TLS 1.0.
    let body = [3, 1] + [UInt8](repeating: 9, count: 32) + [0, 0xC0, 0x13, 0]
    let message = [2] + HelloMessage.vector(body, 3)
    _ = other.receive(HelloMessage.records(22, message, version: 0x0301))
    #expect(other.fault == .versionTooOld)
  }

  // MARK: after the handshake

  @Test func aClientMayAskForNewKeys() throws {
    let client = OpenSSLPeer(OpenSSLPeer.Options(.ct1))
    let server = SessionEndpoint(serverOf: try Contexts.server.get())
    converse(client, server)
    for round in 1...5 {
      client.updateKeys()
      let answer = server.receive(client.send([UInt8(round)]))
      _ = client.receive(answer + (try #require(server.send([UInt8(round)]))))
    }
    #expect(server.plain == [1, 2, 3, 4, 5] && client.plain == [1, 2, 3, 4, 5])
    #expect(server.fault == nil && client.failure == nil)
  }

  @Test func renegotiationIsRefused() throws {
    let client = OpenSSLPeer(OpenSSLPeer.Options(.ct1).with { $0.versions = 0x0303...0x0303 })
    let server = SessionEndpoint(serverOf: try Contexts.server.get())
    converse(client, server)
    let hello = client.renegotiate()
    try #require(!hello.isEmpty)
    _ = client.receive(server.receive(hello))
    #expect(client.failure?.contains("renegotiation") == true, "\(client.failure ?? "none")")
    #expect(server.completions == 1)
  }

  @Test(arguments: [false, true]) func freedBuffersComeBack(_ isOld: Bool) throws {
    let pair = try SessionPair(isOld: isOld)
    let data = [UInt8](repeating: 5, count: 20_000)
    for _ in 0..<3 {
      pair.server.freeBuffers()
      pair.client.freeBuffers()
      _ = pair.server.receive(try #require(pair.client.send(data)))
      pair.server.freeBuffers()
      _ = pair.client.receive(try #require(pair.server.send(data)))
    }
    // Half a record stays, since its buffer is in use.
    let sent = try #require(pair.client.send(data))
    _ = pair.server.receive(Array(sent[..<10_000]))
    pair.server.freeBuffers()
    _ = pair.server.receive(Array(sent[10_000...]))
    #expect(pair.server.plain.count == 80_000 && pair.client.plain.count == 60_000)
    #expect(pair.server.fault == nil && pair.client.fault == nil)
  }

  @Test func freeingTheBuffersOfANewSessionIsHarmless() throws {
    let server = SessionEndpoint(serverOf: try Contexts.server.get())
    server.freeBuffers()
    _ = server.receive(Array(HelloMessage.tls13.bytes[..<100]))
    server.freeBuffers()
    #expect(server.receive(Array(HelloMessage.tls13.bytes[100...])).count > 500)
  }

  @Test func aSessionKeepsItsContext() throws {
    var context: Context? = try Party.archive.server()
    let server = SessionEndpoint(serverOf: try #require(context))
    context = nil
    let client = SessionEndpoint(clientOf: try Contexts.client.get())
    converse(client, server)
    #expect(server.isComplete)
  }

  // MARK: what is known of an incomplete handshake

  @Test func theFirstRecordIsExpectedInFull() throws {
    let bytes = HelloMessage.tls13.bytes
    let server = SessionEndpoint(serverOf: try Contexts.server.get())
    #expect(server.facts.received == 0 && server.facts.expected == 0)
    for count in 1..<bytes.count {
      _ = server.receive([bytes[count - 1]])
      let facts = server.facts
      #expect(facts.received == count && facts.hello == nil && !facts.isComplete)
      #expect(facts.expected == (count < 5 ? 0 : UInt32(bytes.count)))
    }
    _ = server.receive([bytes[bytes.count - 1]])
    #expect(server.facts.expected == 0 && server.facts.hello?.versions == [0x0304, 0x0303])
  }
}
