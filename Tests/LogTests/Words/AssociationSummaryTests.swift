import Testing
import Verification

@testable import Log
@testable import UpperLayer

/// The first line of a journal record, which is a self-contained sentence.
@Suite struct AssociationSummaryTests {
  /// An event, the echoes before it, and the sentence about both.
  struct Story: Sendable, CustomTestStringConvertible {
    let event: Event
    let echoes: UInt32
    let sentence: String
    var testDescription: String { sentence }

    init(_ event: Event, echoes: UInt32 = 0, _ sentence: String) {
      self.event = event
      self.echoes = echoes
      self.sentence = sentence
    }
  }

  private static let who = "MODALITY1 at 192.0.2.7:104 called OTHER_SCP"

  static let stories = [
    Story(
      .associationReleased([], .echoed, by: acceptor), echoes: 3,
      "\(who): 3 echoes in 0.214 s, association released"),
    Story(
      .associationReleased([], .echoed, by: acceptor), echoes: 1,
      "\(who): 1 echo in 0.214 s, association released"),
    Story(
      .associationReleased([.noImplementationVersion], .echoed, by: acceptor), echoes: 1,
      "\(who): 1 echo in 0.214 s, association released"),
    Story(
      .associationReleased([], .established, by: acceptor),
      "\(who): no C-ECHO-RQ in 0.214 s, association released"),
    Story(
      .associationReleased([.uidPadding, .calledAETitleDiffers], .echoed, by: acceptor), echoes: 2,
      "\(who): 2 echoes in 0.214 s, association released; a strict archive will refuse this "
        + "device: it calls OTHER_SCP, this is ECHOSCP; tolerated: called-ae-title-differs, "
        + "uid-padding"),
    Story(
      .associationReleased([.aeTitlesSwapped, .calledAETitleDiffers], .echoed, by: acceptor),
      echoes: 1,
      "\(who): 1 echo in 0.214 s, association released; its AE titles are swapped: it calls itself "
        + "MODALITY1, the title of this host, and calls OTHER_SCP; tolerated: called-ae-title-differs, "
        + "ae-titles-swapped"),
    Story(
      .abortReceived(.serviceUser, .echoed), echoes: 2,
      "\(who): 2 echoes in 0.214 s, then it sent A-ABORT (source 0, service user, reason 0)"),
    Story(
      .abortReceived(nil, .established),
      "\(who): no C-ECHO-RQ in 0.214 s, then it sent an A-ABORT of the wrong length"),
    Story(
      .abortReceived(.serviceUser, .awaitingRequest),
      "\(who): sent A-ABORT (source 0, service user, reason 0)"),
    Story(
      .peerVanished(.echoed), echoes: 1,
      "\(who): 1 echo in 0.214 s, then it closed the connection without A-RELEASE-RQ"),
    Story(
      .peerReset(.established), "\(who): no C-ECHO-RQ in 0.214 s, then it reset the connection"),
    Story(
      .peerReset(.awaitingRequest),
      "\(who): reset the connection in the middle of its A-ASSOCIATE-RQ"),
    Story(
      .aborting(.idleAssociation(milliseconds: 60_000), nil, .serviceUser, .echoed), echoes: 1,
      "\(who): 1 echo in 0.214 s, aborted: idle for 60 s: network-timeout"),
    Story(
      .aborting(.unexpectedPDU(.associateRequest), nil, .unexpectedPDU, .established),
      "\(who): no C-ECHO-RQ in 0.214 s, aborted: unexpected A-ASSOCIATE-RQ; expected "
        + "P-DATA-TF, A-RELEASE-RQ or A-ABORT"),
    Story(
      .aborting(.foreignProtocol(.http), nil, .serviceUser, .awaitingRequest),
      "\(who): aborted: HTTP on a DICOM port; expected an A-ASSOCIATE-RQ"),
    Story(
      .associationRejected(.calledAETitle, by: AETitle("ECHOSCP")!),
      "\(who), but this is ECHOSCP: association rejected (called AE title not recognized)"),
    Story(
      .associationRejected(.callingAETitle, by: AETitle("ECHOSCP")!),
      "\(who): association rejected: calling AE title \"MODALITY1\" not recognized; expected one "
        + "of allow-calling-ae-titles"),
    Story(
      .noUsableContext(outcome(abstract: 3)),
      "\(who): proposed 3 presentation contexts, none of them Verification: nothing was accepted; "
        + "use Echo, not Send, on the device"),
    Story(.stopped(associations: 2, echoes: 3), "stopped after 2 associations and 3 echoes"),
  ]

  @Test("It states who called whom, what came of it, and how it ended", arguments: stories)
  func sentence(story: Story) {
    var subject = modality
    subject.echoes = story.echoes
    subject.began = 10_000
    var record = Record(story.event, about: subject)
    record.time = 10_214
    #expect(AssociationSummary.text(of: record) == story.sentence)
  }

  @Test("A blank title is omitted")
  func blankTitles() {
    var subject = Subject(peer: modality.peer)
    subject.callingAETitle = AETitle(field: [UInt8](repeating: 0x20, count: 16).span)
    subject.calledAETitle = subject.callingAETitle
    let released = Record(
      .associationReleased([], .established, by: acceptor), about: subject, at: 0)
    #expect(
      AssociationSummary.text(of: released)
        == "192.0.2.7:104: no C-ECHO-RQ in 0.000 s, association released")
    let rejected = Record(
      .associationRejected(.calledAETitle, by: AETitle("ECHOSCP")!), about: subject)
    #expect(
      AssociationSummary.text(of: rejected)
        == "192.0.2.7:104 called a blank title, but this is ECHOSCP: association rejected (called "
        + "AE title not recognized)")
  }

  @Test("A wrong group length has both numbers")
  func groupLength() {
    var subject = modality
    subject.echoes = 1
    func text(_ length: GroupLength?) -> Substring {
      subject.groupLength = length
      let event = Event.associationReleased(
        [.groupLengthWrong, .uidPadding], .echoed, by: acceptor)
      return AssociationSummary.text(of: Record(event, about: subject)).split(separator: ";").last
        ?? ""
    }
    #expect(text(nil) == " tolerated: uid-padding, group-length-wrong")
    #expect(
      text(GroupLength(stated: 62, counted: 56))
        == " tolerated: uid-padding, group-length-wrong (it says 62, 56 bytes arrived)")
    #expect(
      text(GroupLength(stated: .max, counted: 1))
        == " tolerated: uid-padding, group-length-wrong (it says 65535 or more, 1 byte arrived)")
    #expect(
      text(GroupLength(stated: nil, counted: 56))
        == " tolerated: uid-padding, group-length-wrong (there is none, 56 bytes arrived)")
    subject.begin(modality.peer)
    #expect(subject.groupLength == nil)
  }

  @Test(
    "A duration is stated to the millisecond",
    arguments: [
      (0, "0.000 s"), (7, "0.007 s"), (1000, "1.000 s"), (59_950, "59.950 s"),
      (3_600_001, "3600.001 s"),
    ] as [(UInt64, String)])
  func duration(milliseconds: UInt64, text: String) {
    var subject = modality
    subject.began = 5
    var record = Record(.associationReleased([], .echoed, by: acceptor), about: subject)
    record.time = 5 + milliseconds
    #expect(AssociationSummary.text(of: record).contains(" in \(text), "))
  }
}
