import Testing
import UpperLayer
import Verification

@testable import Log

/// Singular and plural.
@Suite struct CountedTests {
  @Test("One is one, and none is as many as several")
  func text() {
    #expect(Counted.text(1, "byte") == "1 byte")
    #expect(Counted.text(0, "byte") == "0 bytes")
    #expect(Counted.text(2, "byte") == "2 bytes")
    #expect(Counted.text(1 as UInt8, "echo", "echoes") == "1 echo")
    #expect(Counted.text(UInt64.max, "echo", "echoes") == "18446744073709551615 echoes")
  }

  /// Every event that has a number, with 1.
  static let events: [Event] =
    [
      .stopped(associations: 1, echoes: 1), .recordsDropped(1, .journalSlow),
      .connectionsEvicted(1, .pending(1)), .connectionRefused(.connectionRate(1), isFirst: true),
      .associationAccepted(outcome(accepted: 1)), .noUsableContext(outcome(abstract: 1)),
      .noUsableContext(outcome(abstract: 1, transfer: 1)), .requestRefusedMemory(held: 1),
      .receiverStalled(.tooMany(1)), .receiverStalled(.tooManyOfAddress(1)),
      .requestIncomplete(progress(1, of: 0)), .requestTimedOut(progress(1, of: 0)),
      .associationReleased([], .echoed, by: acceptor),
      .aborting(.pduTooLong(.dataTransfer, length: 1, limit: 1), nil, .serviceUser, .established),
      .aborting(.commandTooLong(1), nil, .serviceUser, .established),
      .aborting(.largestPartialPDU(1), nil, .serviceUser, .established),
      .aborting(.madeRoom(associations: 1, ofAddress: 1), nil, .serviceUser, .established),
      .aborting(.maximumLengthTooSmall(1), nil, .serviceUser, .established),
      .aborting(.idleAssociation(milliseconds: 1000), nil, .serviceUser, .established),
    ]
    + [
      CommandFault.elementLength(0x0110, length: 1, expected: 2, offset: 1),
      .elementTooLong(0x0110, length: 1, left: 0, offset: 1), .endsInHeader(left: 1, offset: 1),
    ].map { .aborting(.refusedByServiceUser, $0, .serviceUser, .established) }

  @Test("No sentence has one of several things", arguments: events)
  func one(event: Event) {
    var subject = modality
    subject.echoes = 1
    subject.refusedContexts = 1
    subject.notes = .groupLengthWrong
    subject.groupLength = GroupLength(stated: nil, counted: 1)
    var record = Record(event, about: subject)
    record.time = 1
    var remark = Remark()
    remark.repetitions = 1
    remark.seconds = 1
    for text in [Sentence.text(of: record), JournalSentence.text(of: record)] {
      let all = text + remark.text(for: record)
      #expect(all.firstMatch(of: Self.wrong) == nil, "\(all)")
    }
  }

  /// "1 bytes", "1 presentation contexts", "1 records were".
  private static var wrong: Regex<(Substring, Substring?)> {
    #/\b1 (log |presentation |partial )?(?:bytes|echoes|others|times|contexts|connections|associations|records|segments|requests|elements|lines|seconds)\b/#
  }
}
