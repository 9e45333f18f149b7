import Testing

@testable import Log
@testable import TLS
@testable import UpperLayer

/// The catalog: each event, its priority, and the word for its cause.
@Suite struct EventTests {
  @Test("An event has its cause", arguments: EventTable.rows)
  func hasItsCause(row: Row) { #expect(row.event.cause == row.cause) }

  @Test("An event has its priority, and no line of it is more severe", arguments: EventTable.rows)
  func hasItsPriority(row: Row) {
    #expect(row.event.priority(in: .terminal) == row.priority)
    let gravest = row.lines.compactMap { priorities[$0.prefix(1)] }.min() ?? .debug
    #expect(gravest >= row.priority)
  }

  @Test("An event has its sentence", arguments: EventTable.rows)
  func hasItsSentence(row: Row) {
    let text = Sentence.text(of: Record(row.event, about: modality))
    if let sentence = row.sentence { #expect(text == sentence) }
    if row.priority <= .warning { #expect(row.lines.last?.dropFirst(3) == text[...]) }
    #expect(!text.isEmpty && !text.contains("\n"))
  }

  @Test("Every warning and every error has a cause", arguments: EventTable.rows)
  func graveOnesHaveACause(row: Row) {
    switch row.event {
    // Warnings about settings: nothing has failed yet.
    case .timeoutDisabled, .runsAsRoot, .maxAssociationsLowered, .restartNeeded, .socketsOverride:
      return
    default: break
    }
    if row.event.priority(in: .terminal) <= .warning { #expect(row.event.cause != nil) }
  }

  @Test("Every event is in the tables of these tests")
  func everyEventIsTested() {
    #expect(Set(EventTable.rows.map { number($0.event) }) == Set(1...59))
  }

  /// Returns a number for each event. Without a `default`, a new event must be numbered here, counted in the
  /// test above, and entered in the table.
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
    case .secured: 47
    case .handshakeFailed: 48
    case .certificateOfAnother: 49
    case .tlsUnavailable: 50
    case .connectionWithoutTLS: 51
    case .certificateRemark: 52
    case .noProxyTrusted: 53
    case .proxyNotTrusted: 54
    case .proxyHeaderMissing: 55
    case .proxyHeaderInvalid: 56
    case .proxyHeaderIncomplete: 57
    case .proxyHealthCheck: 58
    case .addressShared: 59
    }
  }
}

/// The priorities by their letter on the terminal.
let priorities: [Substring: Priority] = [
  "C": .critical, "E": .error, "W": .warning, "I": .info, "D": .debug,
]

/// The priorities of records in the journal, where one at info stands for a whole association.
@Suite struct JournalPriorityTests {
  @Test("Only steps and the life of the service have another priority than on a terminal")
  func differences() {
    let different = EventTable.rows.map(\.event).filter {
      $0.priority(in: .journal) != $0.priority(in: .terminal)
    }
    let told = different.map { "\($0)".prefix { $0 != "(" } + " \($0.priority(in: .journal))" }
    #expect(
      Set(told) == [
        "started info", "listening info", "stopping info", "stopped info",
        "associationAccepted debug", "echoReceived debug", "associationReleased debug",
        "associationReleased warning", "abortReceived debug", "healthCheck info",
      ])
  }

  /// The possible courses of a connection, and the priority of the one record about each.
  static let lives: [(events: [Event], told: Priority)] = [
    (
      accepted + [echo, echo, .associationReleased([], .echoed, by: acceptor), .disconnected], .info
    ),
    (accepted + [echo, .abortReceived(.serviceUser, .echoed), .disconnected], .info),
    (accepted + [echo, .peerVanished(.echoed)], .info),
    (accepted + [echo, .peerReset(.echoed)], .info),
    (
      accepted + [
        echo, .cancelReceived, .associationReleased([], .echoed, by: acceptor), .closeTimedOut,
      ], .info
    ),
    (
      accepted + [
        echo, .aborting(.idleAssociation(milliseconds: 60_000), nil, .serviceUser, .echoed),
        .disconnected,
      ],
      .info
    ),
    (accepted + [echo, .aborting(.draining, nil, .serviceUser, .echoed)], .info),
    (accepted + [.associationReleased([], .established, by: acceptor), .disconnected], .warning),
    (accepted + [.abortReceived(.serviceUser, .established), .disconnected], .warning),
    (accepted + [.peerVanished(.established)], .warning),
    (
      accepted + [
        .aborting(.stalledMessage(milliseconds: 30_000), nil, .serviceUser, .established)
      ], .warning
    ),
    (unusable + [.associationReleased([], .unusable, by: acceptor), .disconnected], .warning),
    (unusable + [.abortReceived(.serviceUser, .unusable), .disconnected], .warning),
    (unusable + [.peerVanished(.unusable)], .warning),
    (unusable + [.peerReset(.unusable)], .warning),
    (
      unusable + [.aborting(.idleAssociation(milliseconds: 60_000), nil, .serviceUser, .unusable)],
      .warning
    ),
    (unusable + [.aborting(.draining, nil, .serviceUser, .unusable)], .warning),
    (
      [.connected, .associationRejected(.callingAETitle, by: AETitle("A")!), .disconnected],
      .warning
    ),
    (
      [.connected, .associationRejected(.callingAETitle, by: AETitle("A")!), .closeTimedOut],
      .warning
    ),
    (
      [
        .connected, .aborting(.foreignProtocol(.http), nil, .serviceUser, .awaitingRequest),
        .disconnected,
      ], .warning
    ),
    ([.connected, .requestTimedOut(PDUProgress())], .warning),
    ([.connected, .healthCheck], .info),
    ([.connected, .handshakeFailed(.noCommonCipher), .disconnected], .warning),
    ([.connected, .handshakeFailed(.timedOut), .closeTimedOut], .warning),
    ([.connected, .secured, .certificateOfAnother, .disconnected], .warning),
  ]

  @Test("Whatever course a connection takes, at info there is one record of it")
  func oneRecord() {
    for (events, expected) in Self.lives {
      let told = events.map { $0.priority(in: .journal) }.filter { $0 <= .info }
      #expect(told == [expected], "\(events)")
    }
  }

  private static let echo = Event.echoReceived(messageID: 1, contextID: 1)
  private static let accepted: [Event] = [.connected, .associationAccepted(outcome(accepted: 1))]
  private static let unusable: [Event] = [.connected, .noUsableContext(outcome(abstract: 1))]
}
