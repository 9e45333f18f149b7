import TestKit
import Testing
import Verification

@testable import UpperLayer

/// All events that can happen to a connection, in every order: each transition is that of Table 9-10.
///
/// Sequences that lead to the same connection continue alike, so they are followed only once. Two
/// connections are the same if all their stored properties and the bytes kept for them are equal. The
/// last event of each sequence also arrives in two parts.
@Suite struct ModelTests {
  private static let depth = 8

  /// The events that led to a connection.
  private struct Path {
    var events: [Int] = []
    var model = Model()
    /// The number of sequences that lead to it.
    var sequences = 1

    var story: String { events.map { ModelEvent.all[$0].name }.joined(separator: ", ") }
  }

  @Test("Every sequence of 8 events is answered as in Table 9-10")
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
          // All sequences to the same connection are counted, but only one of them is followed.
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

  /// Lets one more event happen after those of `path`, and checks all its effects.
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

  /// Checks that the bytes of `event` have the same effects in two parts, split in the PDU header, in
  /// a PDV header, in the middle or before the last byte.
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
      // In Sta1 the rest of the state does not matter: nothing more happens there.
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
    case .abortWanted(let reason): loop.abort(because: reason)
    }
  }

  /// The whole state of a connection, as text.
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
    // Maximum lengths and accepted contexts are not included: only one request is ever accepted.
    return "\(acceptor) \(loop.connection.framing) \(loop.connection.assembled) "
      + "\(loop.connection.hasPartialPDU) \(loop.connection.isForeign) \(loop.kept)"
  }
}
