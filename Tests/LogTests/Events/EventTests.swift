import Testing
import UpperLayer

@testable import Log

/// The catalogue: each event, how grave it is, and the word for its cause.
@Suite struct EventTests {
  @Test("An event has its cause", arguments: Catalogue.rows)
  func hasItsCause(row: Row) { #expect(row.event.cause == row.cause) }

  @Test("An event has its priority, and no line of it is graver", arguments: Catalogue.rows)
  func hasItsPriority(row: Row) {
    #expect(row.event.priority(in: .terminal) == row.priority)
    let gravest = row.lines.compactMap { priorities[$0.prefix(1)] }.min() ?? .debug
    #expect(gravest >= row.priority)
  }

  @Test("An event has its sentence", arguments: Catalogue.rows)
  func hasItsSentence(row: Row) {
    let text = Sentence.text(of: Record(row.event, about: modality))
    if let sentence = row.sentence { #expect(text == sentence) }
    if row.priority <= .warning { #expect(row.lines.last?.dropFirst(3) == text[...]) }
    #expect(!text.isEmpty && !text.contains("\n"))
  }

  @Test("What a warning or an error is about is told by its cause", arguments: Catalogue.rows)
  func graveOnesHaveACause(row: Row) {
    switch row.event {
    // The settings' own, and nothing has failed yet.
    case .timeoutDisabled, .runsAsRoot, .maxAssociationsLowered, .restartNeeded, .socketsOverride:
      return
    default: break
    }
    if row.event.priority(in: .terminal) <= .warning { #expect(row.event.cause != nil) }
  }

  @Test("Every event is in the catalogue of these tests")
  func everyEventIsTested() {
    #expect(Set(Catalogue.rows.map { number($0.event) }) == Set(1...46))
  }

  /// Numbers the events. There is no `default`: a new event has to be numbered here, counted in the
  /// test above, and entered in the catalogue.
  private func number(_ event: Event) -> Int {
    switch event {
    case .listening: 1
    case .stopping: 2
    case .stopped: 3
    case .timeoutDisabled: 4
    case .outOfDescriptors: 5
    case .acceptingAgain: 6
    case .acceptFailed: 7
    case .recordsDropped: 8
    case .connected: 9
    case .associationAccepted: 10
    case .noUsableContext: 11
    case .associationRejected: 12
    case .echoReceived: 13
    case .cancelReceived: 14
    case .associationReleased: 15
    case .abortReceived: 16
    case .aborting: 17
    case .healthCheck: 18
    case .requestIncomplete: 19
    case .peerVanished: 20
    case .peerReset: 21
    case .requestTimedOut(let progress): progress.pdu.received == 0 ? 22 : 23
    case .closeTimedOut: 24
    case .receiverStalled: 25
    case .disconnected: 26
    case .replyLost: 27
    case .started: 28
    case .addressDenied: 30
    case .maxAssociationsLowered: 29
    case .reloaded: 31
    case .reloadRefused: 32
    case .configurationRefused: 35
    case .listenFailed: 36
    case .restartNeeded: 33
    case .socketsOverride: 34
    case .connectionRefused: 37
    case .connectionEvicted: 38
    case .connectionsEvicted: 39
    case .associationOverLimit: 40
    case .associationFromElsewhere: 41
    case .runsAsRoot: 42
    case .reloadFailed: 43
    case .requestRefusedMemory: 44
    case .stoppedAtOnce: 45
    case .recordsSummed: 46
    }
  }
}

/// The priority that each letter of the terminal stands for.
let priorities: [Substring: Priority] = [
  "C": .critical, "E": .error, "W": .warning, "I": .info, "D": .debug,
]
