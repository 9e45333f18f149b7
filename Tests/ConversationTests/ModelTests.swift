import TestKit
import Testing
import Verification

@testable import UpperLayer

/// All that can happen to a connection, in every order: each transition is that of Table 9-10.
///
/// Sequences that lead to the same connection go on alike, so they are followed once. Two connections
/// are the same when every stored property of theirs is, and the bytes that were kept for them.
/// Whatever comes last comes in two parts, too.
@Suite struct ModelTests {
  private static let depth = 8

  /// How a connection came to be what it is.
  private struct Path {
    var events: [Int] = []
    var model = Model()
    /// How many sequences lead here.
    var sequences = 1

    var story: String { events.map { ModelEvent.all[$0].name }.joined(separator: ", ") }
  }

  @Test("Every sequence of 8 events is answered as Table 9-10 has it")
  func explore() throws {
    var known: Set<String> = [Self.key(of: Self.loop())]
    var level: [String: Path] = [Self.key(of: Self.loop()): Path()]
    var followed: Set<String> = []
    var (transitions, sequences, deepest) = (0, 0, 0)
    for depth in 1...Self.depth {
      var next: [String: Path] = [:]
      for (key, path) in level {
        let isNew = followed.insert(key).inserted
        for index in ModelEvent.all.indices {
          if isNew { Self.followInParts(path, ModelEvent.all[index]) }
          let (key, after) = try Self.follow(path, index)
          transitions += 1
          sequences += path.sequences
          if known.insert(key).inserted { deepest = depth }
          // The sequences that lead to one connection are counted, and one of them is followed.
          var merged = next[key] ?? after
          if next[key] != nil {
            #expect(merged.model == after.model)
            merged.sequences += after.sequences
          }
          next[key] = merged
        }
      }
      level = next
    }
    print(
      "\(sequences) sequences of up to \(Self.depth) events, \(transitions) transitions, "
        + "\(known.count) different connections, the last new one after \(deepest) events")
    #expect(known.count > 20 && sequences > 100_000_000_000)
  }

  /// Lets one more event happen behind those of `path`, and looks at all that follows from it.
  private static func follow(_ path: Path, _ index: Int) throws -> (String, Path) {
    var loop = loop(behind: path)
    let event = ModelEvent.all[index]
    var after = path
    after.events.append(index)
    let expected = after.model.handle(event)
    let reply = happen(event, to: &loop)
    let story = after.story
    #expect(reply == expected, "\(story)")
    #expect(Int(loop.state.rawValue) == after.model.state.rawValue, "\(story)")
    #expect(loop.host.state == loop.state && loop.host.violation == nil, "\(story)")
    return (key(of: loop), after)
  }

  /// Lets the bytes of `event` come in two parts instead, split in turn in the header, in that of a
  /// PDV, in the middle and before the end: nothing is different then.
  private static func followInParts(_ path: Path, _ event: ModelEvent) {
    guard case .bytes(let bytes) = event.kind else { return }
    var whole = loop(behind: path)
    let expected = whole.receive(bytes)
    let key = key(of: whole)
    let offsets: Set = [1, 3, 5, 6, 8, 10, 11, 12, bytes.count / 2, bytes.count - 1]
    for offset in offsets where offset < bytes.count {
      var loop = loop(behind: path)
      let begin = loop.receive(bytes.prefix(offset))
      let reply = begin + loop.receive(bytes.dropFirst(offset))
      // What is left behind in Sta1 is of no interest: nothing happens there any more.
      let isSame = loop.state == .idle ? whole.state == .idle : Self.key(of: loop) == key
      if reply != expected || !isSame || loop.host.violation != nil {
        Issue.record("\(path.story), \(event.name), split at \(offset)")
      }
    }
  }

  private static func loop(behind path: Path) -> VirtualLoop<Overseer> {
    var loop = loop()
    for event in path.events { _ = happen(ModelEvent.all[event], to: &loop) }
    return loop
  }

  private static func loop() -> VirtualLoop<Overseer> {
    VirtualLoop(
      user: EchoSCP<Overseer>(
        aeTitle: .named("ECHOSCP"), requiresCalledAETitle: true, preference: .none,
        maximumLength: 16382),
      host: Overseer(hasRoom: true))
  }

  private static func happen(
    _ event: ModelEvent, to loop: inout VirtualLoop<Overseer>
  ) -> [UInt8] {
    switch event.kind {
    case .bytes(let bytes): loop.receive(bytes)
    case .transportClosed: loop.transportClosed()
    case .artimExpired: loop.artimExpired()
    case .abortWanted(let fault): loop.abort(because: fault)
    }
  }

  /// All that a connection is, as text.
  private static func key(of loop: borrowing VirtualLoop<Overseer>) -> String {
    let acceptor: String
    switch loop.connection.acceptor {
    case .awaitingRequest: acceptor = "Sta2"
    case .established(let association):
      acceptor =
        "Sta6 \(association.notes.rawValue) \(association.openContext) "
        + "\(association.isInsideMessage)"
    case .awaitingClose(let abortRepeated): acceptor = "Sta13 \(abortRepeated)"
    case .idle: acceptor = "Sta1"
    }
    // The maximum lengths and the accepted contexts are those of the one request that is accepted.
    return "\(acceptor) \(loop.connection.framing) \(loop.connection.assembled) "
      + "\(loop.connection.hasPartialPDU) \(loop.connection.isForeign) \(loop.kept)"
  }
}
