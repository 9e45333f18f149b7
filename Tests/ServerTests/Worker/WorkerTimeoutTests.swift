import Linux
import Settings
import TestKit
import Testing

@testable import Server

extension WorkerTests {
  /// Peers that stall. Each is ended in time, with the answer for its state.
  @Suite struct Timeouts {
    /// A peer that stalls after it has sent something.
    struct Story: Sendable {
      let name: String
      /// The bytes that it sends, and the pause before each, in milliseconds.
      let says: [(pause: Double, bytes: [UInt8])]
      /// The number of PDUs in answer before it stalls.
      var answers = 0
      /// The bytes that it then sends, one every 40 ms.
      var dribbles: [UInt8] = []
      /// The last bytes that it receives.
      let hears: [UInt8]
      /// When it receives them, in milliseconds since it last sent something (or began to dribble).
      let after: UInt64
    }

    static let acse: UInt64 = 300
    static let dimse: UInt64 = 400
    static let network: UInt64 = 700
    private static let request = Wire.associateRequest()
    private static let echo = Wire.echoRequest(1)

    static let stories = [
      Story(name: "says nothing", says: [], hears: [], after: acse),
      Story(name: "says half a request", says: [(0, half(request))], hears: [], after: acse),
      Story(name: "dribbles a request", says: [], dribbles: request, hears: [], after: acse),
      Story(
        name: "says nothing after its request", says: [(0, request)], answers: 1,
        hears: Wire.abort(0, 0), after: network),
      Story(
        name: "says nothing after an echo", says: [(0, request), (300, echo)], answers: 2,
        hears: Wire.abort(0, 0), after: network),
      Story(
        name: "says half a message", says: [(0, request + half(echo))], answers: 1,
        hears: Wire.abort(0, 0), after: dimse),
      Story(
        name: "says one byte of a message", says: [(0, request), (100, [0x04])], answers: 1,
        hears: Wire.abort(0, 0), after: dimse),
      Story(
        name: "dribbles a message", says: [(0, request)], answers: 1, dribbles: echo,
        hears: Wire.abort(0, 0), after: dimse),
      Story(
        name: "says half a message after a whole one",
        says: [(0, request + half(echo)), (250, rest(echo) + half(echo))], answers: 2,
        hears: Wire.abort(0, 0), after: dimse),
      Story(
        name: "does not close after its release", says: [(0, request), (250, Wire.releaseRequest)],
        answers: 2, hears: [], after: acse),
      Story(
        name: "does not close after an abort", says: [(0, request), (250, [9, 0, 0, 0, 0, 0])],
        answers: 2, hears: [], after: acse),
      Story(
        name: "dribbles after its release", says: [(0, request + Wire.releaseRequest)],
        answers: 2, dribbles: [UInt8](repeating: 4, count: 100), hears: [], after: acse),
    ]

    private static func half(_ bytes: [UInt8]) -> [UInt8] { Array(bytes.prefix(bytes.count / 2)) }
    private static func rest(_ bytes: [UInt8]) -> [UInt8] {
      Array(bytes.dropFirst(bytes.count / 2))
    }

    @Test("Peers that stall are ended in time")
    func stallingPeers() throws {
      let crew = try Crew.running(workers: 2) {
        $0.acseTimeout = UInt32(Self.acse)
        $0.dimseTimeout = UInt32(Self.dimse)
        $0.networkTimeout = UInt32(Self.network)
      }
      let outcomes = Self.stories.map { _ in Outcome() }
      let peer = crew.listener.address
      let threads = try zip(Self.stories, outcomes).map { story, outcome in
        try Thread(name: "peer") {
          guard let client = try? Client(to: peer) else { return }
          outcome.set(Self.live(story, client))
        }
      }
      for thread in threads { #expect(thread.join(milliseconds: 20_000)) }
      for (story, outcome) in zip(Self.stories, outcomes) {
        let outcome = try #require(outcome.value, "\(story.name)")
        #expect(outcome.heard == story.hears, "\(story.name)")
        #expect(outcome.passed + 5 >= story.after, "\(story.name)")
        #expect(outcome.passed < story.after + UInt64(Worker.tick) + slack, "\(story.name)")
      }
      #expect(eventually { crew.partialPDUMemoryInUse == 0 })
    }

    @Test("A timeout of 0 never expires")
    func waitsForEver() throws {
      let crew = try Crew.running {
        $0.acseTimeout = 0
        $0.dimseTimeout = 0
        $0.networkTimeout = 0
      }
      let silent = try crew.client()
      let idle = try crew.client()
      idle.send(Self.request)
      #expect(idle.receivePDU().first == 0x02)
      let stalled = try crew.client()
      stalled.send(Self.request + Self.half(Self.echo))
      #expect(stalled.receivePDU().first == 0x02)
      #expect(silent.isSilent(for: 300) && idle.isSilent(for: 1) && stalled.isSilent(for: 1))
      stalled.send(Self.rest(Self.echo))
      #expect(stalled.receivePDU() == echoResponse(1))
    }

    /// Plays a story; returns the last bytes received, and when.
    private static func live(_ story: Story, _ client: Client) -> ([UInt8], UInt64) {
      var stopwatch = Stopwatch()
      for (time, bytes) in story.says {
        pause(milliseconds: time)
        client.send(bytes)
        stopwatch = Stopwatch()
      }
      for _ in 0..<story.answers { _ = client.receivePDU() }
      for byte in story.dribbles {
        guard client.send([byte]), client.isSilent(for: 40) else { break }
      }
      if !story.hears.isEmpty {
        let heard = client.receivePDU()
        return (heard, stopwatch.passed)
      }
      let rest = client.receiveAll()
      return (rest.end == .silent ? [0xFF] : rest.bytes, stopwatch.passed)
    }
  }
}
