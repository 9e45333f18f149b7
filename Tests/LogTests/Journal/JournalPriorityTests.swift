import Testing

@testable import Log
@testable import UpperLayer

/// How grave records are in the journal, where one at info stands for a whole association.
@Suite struct JournalPriorityTests {
  @Test("Only the steps and the life of the service are told otherwise than on a terminal")
  func differences() {
    let different = Catalogue.rows.map(\.event).filter {
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

  /// The ways in which a connection may go, and how grave the one record is that tells of it.
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
  ]

  @Test("However a connection goes, at info there is one record of it")
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
