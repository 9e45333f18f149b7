import Testing
import UpperLayer

@testable import Log

/// What is said of AE titles that no device should have.
@Suite struct OddTitlesTests {
  private static func text(
    _ event: Event, calling: String = "CT1", called: String = "ECHOSCP", _ notes: Notes
  ) -> String {
    var subject = modality
    subject.callingAETitle = title(calling)
    subject.calledAETitle = title(called)
    subject.notes = notes
    subject.echoes = 1
    return JournalSentence.text(of: Record(event, about: subject))
  }

  private static func title(_ text: String) -> AETitle {
    let field = Array(text.utf8) + [UInt8](repeating: 0x20, count: 16)
    return AETitle(field: Array(field.prefix(16)).span)
  }

  private static let released = Event.associationReleased([], .echoed, by: acceptor)
  private static let blank =
    "; its calling AE title is blank: set the AE title of the device itself on the device, since a "
    + "strict SCP rejects a blank one (1/1/3)"

  @Test("A blank calling title has its remedy, whatever came of the association")
  func blankCalling() {
    for event in [
      Self.released, .peerVanished(.echoed), .noUsableContext(outcome()),
      .associationRejected(.calledAETitle, by: acceptor),
    ] {
      let text = Self.text(event, calling: "", .aeTitleBlank)
      #expect(text.components(of: Self.blank) == 2, "\(text)")
    }
    #expect(!Self.text(Self.released, called: "", .aeTitleBlank).contains("blank:"))
    #expect(!Self.text(Self.released, []).contains("blank"))
  }

  @Test("Where the blank title itself is the reason, it is told once, with the remedy")
  func blankIsTheReason() {
    #expect(
      Self.text(
        .associationRejected(.callingAETitle, by: acceptor), calling: "", .aeTitleBlank)
        == "192.0.2.7:104 called ECHOSCP: association rejected: its calling AE title is blank; "
        + "expected one of allow-calling-ae-titles: set the AE title of the device itself on the "
        + "device")
  }

  @Test("The bytes of a title that has one that none may have are told, and who would refuse it")
  func characters() {
    let text = Self.text(Self.released, calling: "CTé", .aeTitleCharacters)
    #expect(
      text.contains(
        "; its calling AE title has a byte that none may have (43 54 C3 A9): a strict SCP rejects the "
          + "association (1/1/3) or aborts it; set one of printable ASCII without backslash on the "
          + "device"))
    #expect(text.hasPrefix("\"CT\\xc3\\xa9\" at 192.0.2.7:104"))
    #expect(text.hasSuffix("; tolerated: ae-title-characters"))
    #expect(!text.contains("called AE title"))
    let called = Self.text(.peerVanished(.echoed), called: "E\tSCP", .aeTitleCharacters)
    #expect(called.contains("its called AE title has a byte that none may have (45 09 53 43 50)"))
    #expect(called.contains("(1/1/7)") && !called.contains("(1/1/3)"))
    #expect(!Self.text(Self.released, []).contains("none may have"))
  }
}

extension String {
  /// How many parts there are with `separator` between them.
  fileprivate func components(of separator: String) -> Int {
    split(separator: separator, omittingEmptySubsequences: false).count
  }
}
