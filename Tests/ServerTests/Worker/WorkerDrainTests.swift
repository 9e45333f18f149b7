import Linux
import Settings
import Synchronization
import TestKit
import Testing

@testable import Server

extension WorkerTests {
  /// The end of the service: accepted connections are served, and end soon.
  @Suite struct Draining {
    static let drain: UInt64 = 1500
    static let quiet: UInt64 = 1000
    private static let request = Wire.associateRequest()

    /// A peer that is connected when the service is told to stop.
    struct Story: Sendable {
      let name: String
      /// The bytes that it sent before the stop, and the number of PDUs in answer.
      let before: [UInt8]
      let answers: Int
      /// Whether it sends an echo every 100 ms.
      var isBusy = false
      /// The last bytes that it receives, and when, in milliseconds since the stop.
      let hears: [UInt8]
      let after: UInt64
    }

    static let stories = [
      Story(name: "says nothing", before: [], answers: 0, hears: Wire.abort(0, 0), after: quiet),
      Story(
        name: "is idle", before: request, answers: 1, hears: Wire.abort(0, 0), after: quiet),
      Story(
        name: "is busy", before: request, answers: 1, isBusy: true, hears: Wire.abort(0, 0),
        after: drain),
      Story(
        name: "is inside its request", before: Array(request.prefix(100)), answers: 0,
        hears: Wire.abort(0, 0), after: drain),
      Story(
        name: "is inside a message", before: request + Wire.echoRequest(1).prefix(50), answers: 1,
        hears: Wire.abort(0, 0), after: drain),
      Story(
        name: "has been released and does not close", before: request + Wire.releaseRequest,
        answers: 2, hears: [], after: quiet),
    ]

    @Test("Quiet peers are aborted after a second, busy ones at the drain-timeout")
    func everybodyIsEnded() throws {
      let crew = try Crew.running(workers: 2) { $0.drainTimeout = UInt32(Self.drain) }
      let peer = crew.listener.address
      let ready = Atomic<Int>(0)
      let isStopping = Atomic<Bool>(false)
      let outcomes = Self.stories.map { _ in Outcome() }
      let threads = try zip(Self.stories, outcomes).map { story, outcome in
        try Thread(name: "peer") {
          guard let client = try? Client(to: peer) else { return }
          client.send(story.before)
          for _ in 0..<story.answers { _ = client.receivePDU() }
          ready.add(1, ordering: .sequentiallyConsistent)
          while !isStopping.load(ordering: .sequentiallyConsistent) { pause(milliseconds: 1) }
          outcome.set(Self.live(story, client))
        }
      }
      #expect(eventually { ready.load(ordering: .sequentiallyConsistent) == Self.stories.count })
      pause(milliseconds: 50)
      isStopping.store(true, ordering: .sequentiallyConsistent)
      let passed = crew.stop(.draining)
      for thread in threads { #expect(thread.join(milliseconds: 20_000)) }
      for (story, outcome) in zip(Self.stories, outcomes) {
        let outcome = try #require(outcome.value, "\(story.name)")
        #expect(outcome.heard == story.hears, "\(story.name)")
        #expect(outcome.passed + 100 >= story.after, "\(story.name)")
        #expect(outcome.passed < story.after + UInt64(Worker.tick) + slack, "\(story.name)")
      }
      #expect(crew.hasEnded && passed < Self.drain + UInt64(Worker.tick) + slack)
      #expect(eventually { crew.partialPDUMemoryInUse == 0 })
    }

    /// Returns the last bytes that a peer receives once the service is stopping, and when.
    private static func live(_ story: Story, _ client: Client) -> ([UInt8], UInt64) {
      let stopwatch = Stopwatch()
      var id = 0
      while true {
        if story.isBusy {
          id += 1
          client.send(Wire.echoRequest(id))
        }
        let heard = client.receivePDU()
        if !story.isBusy || heard != echoResponse(id) { return (heard, stopwatch.passed) }
        pause(milliseconds: 100)
      }
    }

    @Test("A peer that releases while the service is stopping, and does not close, is closed soon")
    func releasesLate() throws {
      let crew = try Crew.running()
      let client = try crew.client()
      client.send(Self.request)
      #expect(client.receivePDU().first == 0x02)
      crew.enter(.draining)
      pause(milliseconds: 300)
      let stopwatch = Stopwatch()
      client.send(Wire.releaseRequest)
      #expect(client.receivePDU() == Wire.releaseReply)
      #expect(client.receiveAll().end == .closed)
      #expect(
        (Self.quiet - 5..<Self.quiet + UInt64(Worker.tick) + slack).contains(stopwatch.passed))
    }

    @Test("The ARTIM timer keeps running while the service is stopping, and sends nothing")
    func requestExpires() throws {
      let crew = try Crew.running { $0.acseTimeout = 400 }
      let client = try crew.client()
      client.send(Array(Self.request.prefix(100)))
      pause(milliseconds: 50)
      crew.enter(.draining)
      let (heard, end) = client.receiveAll()
      #expect(heard.isEmpty && end == .closed)
      crew.waitForEnd()
    }

    @Test("Connections in the backlog are served when the service is stopped")
    func backlogIsServed() throws {
      let crew = try Crew()
      let clients = try (0..<100).map { _ in try crew.client() }
      for client in clients {
        client.send(Self.request + Wire.echoRequest(3) + Wire.releaseRequest)
      }
      crew.enter(.draining)
      try crew.start()
      for client in clients {
        #expect(client.receivePDU().first == 0x02)
        #expect(client.receivePDU() == echoResponse(3))
        #expect(client.receivePDU() == Wire.releaseReply)
        client.hangUp()
      }
      crew.waitForEnd()
      #expect(crew.hasEnded)
      #expect(crew.associations == 100)
    }

    @Test("Once the service is stopping, it accepts no new connections")
    func acceptsNobody() throws {
      let crew = try Crew.running(workers: 2)
      let client = try crew.client()
      client.send(Self.request)
      #expect(client.receivePDU().first == 0x02)
      crew.enter(.draining)
      // A connection that is quiet for too long is ended, so keep it busy.
      #expect(
        eventually {
          client.send(Wire.echoRequest(0))
          return client.receivePDU() == echoResponse(0) && (try? crew.client()) == nil
        })
      client.send(Wire.echoRequest(1) + Wire.releaseRequest)
      #expect(client.receivePDU() == echoResponse(1))
      #expect(client.receivePDU() == Wire.releaseReply)
      client.hangUp()
      crew.waitForEnd()
      #expect(crew.hasEnded && crew.associations == 1)
    }

    @Test("A service without connections ends at once")
    func endsAtOnce() throws {
      let crew = try Crew.running(workers: 2)
      #expect(eventually { crew.shared.readyWorkers.load(ordering: .acquiring) == 2 })
      #expect(crew.stop(.draining) < slack)
      #expect(crew.hasEnded)
    }

    @Test(
      "A service told to stop at once does so, whatever its peers do", arguments: [true, false])
    func stopsAtOnce(isDraining: Bool) throws {
      let crew = try Crew.running(workers: 2)
      let clients = try (0..<20).map { _ in try crew.client() }
      let silent = try crew.client()
      for client in clients { client.send(Self.request + Wire.echoRequest(1).prefix(50)) }
      for client in clients { #expect(client.receivePDU().first == 0x02) }
      if isDraining {
        crew.enter(.draining)
        pause(milliseconds: 50)
      }
      #expect(crew.stop(.stopping) < slack)
      #expect(crew.hasEnded)
      for client in clients {
        let (heard, end) = client.receiveAll()
        #expect(heard == Wire.abort(0, 0) && end == .closed)
      }
      #expect(silent.receiveAll().bytes.isEmpty)
      #expect(crew.shared.abortedAtOnce.load(ordering: .acquiring) == clients.count)
      #expect(eventually { crew.partialPDUMemoryInUse == 0 })
    }
  }
}
