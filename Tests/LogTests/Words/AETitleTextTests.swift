import TestKit
import Testing
import UpperLayer

@testable import Log

/// AE titles in running text: a reader sees where a title begins and ends, whatever the peer chooses.
@Suite struct TitleTextTests {
  @Test(
    "A title is bare if it cannot be taken for anything else, and otherwise quoted",
    arguments: [
      ("MODALITY1", "MODALITY1"), ("ct-1_a.b", "ct-1_a.b"),
      ("CT1 at 10.1.1.1", "\"CT1 at 10.1.1.1\""),
      ("A B", "\"A B\""), ("10.1.1.1:104", "\"10.1.1.1:104\""), ("CT1:", "\"CT1:\""),
      ("CT1,", "\"CT1,\""), ("A;B", "\"A;B\""), ("(CT1)", "\"(CT1)\""), ("CT1\n", "\"CT1\\x0a\""),
      ("\"CT1\"", "\"\\x22CT1\\x22\""), ("A\" at B", "\"A\\x22 at B\""), ("A\\B", "\"A\\x5cB\""),
      ("A\\x22B", "\"A\\x5cx22B\""), ("é", "\"\\xc3\\xa9\""), ("nobody", "nobody"),
      ("Nobody", "Nobody"), ("sixteen letters!", "\"sixteen letters!\""),
    ])
  func name(written: String, shown: String) { #expect(Self.title(written).name == shown) }

  @Test("A quoted title ends at its second quote, and different titles are shown differently")
  func unambiguous() {
    var names: Set<String> = []
    for byte in UInt8.min ... .max {
      let title = Self.title([0x41, byte, 0x42])
      names.insert(title.name)
      #expect(title.quoted.utf8.count { $0 == 0x22 } == 2)
      #expect(title.quoted.hasPrefix("\"") && title.quoted.hasSuffix("\""))
      let isBare = title.name == title.text
      #expect(isBare == (title.name.wholeMatch(of: #/[A-Za-z0-9_.-]+/#) != nil))
    }
    #expect(names.count == 256)
  }

  @Test(
    "Every sentence quotes a title that is not plain", arguments: EventTable.rows)
  func everySentence(row: Row) {
    var subject = modality
    subject.callingAETitle = Self.title("CT1 at 10.1.1.1")
    subject.calledAETitle = Self.title("A: released")
    let record = Record(Self.renamed(row.event), about: subject)
    for text in [Sentence.text(of: record), AssociationSummary.text(of: record)] {
      // The configuration section has its own brackets.
      let text = text.replacing("[device CT1 at 10.1.1.1]", with: "")
      for title in ["CT1 at 10.1.1.1", "A: released", "E C H O"] {
        #expect(
          text.replacing("\"\(title)\"", with: "").contains(title) == false, "\(text)")
      }
    }
  }

  /// Returns `event` with an acceptor whose title has spaces.
  private static func renamed(_ event: Event) -> Event {
    switch event {
    case .associationRejected(let rejection, _):
      .associationRejected(rejection, by: title("E C H O"))
    case .associationReleased(let notes, let stage, _):
      .associationReleased(notes, stage, by: title("E C H O"))
    default: event
    }
  }

  @Test("A title in the remark about its previous address is quoted too")
  func remark() {
    var (subject, remark) = (modality, Remark())
    subject.callingAETitle = Self.title("CT1 at 10.1.1.1")
    remark.earlierAddress = modality.peer
    let record = Record(.associationReleased([], .echoed, by: acceptor), about: subject)
    #expect(remark.text(for: record) == "; previously, \"CT1 at 10.1.1.1\" came from 192.0.2.7")
  }

  private static func title(_ text: String) -> AETitle { title(Array(text.utf8)) }

  private static func title(_ bytes: [UInt8]) -> AETitle {
    AETitle(field: Array((bytes + .init(repeating: 0x20, count: 16)).prefix(16)).span)
  }
}

/// The difference between a received AE title and ours.
@Suite struct TitleDifferenceTests {
  @Test(
    "The difference of a similar title is stated",
    arguments: [
      ("ECHOSCP1", "extra \"1\""), ("1ECHOSCP", "extra \"1\""),
      ("ECHOOSCP", "extra \"O\""), ("ECHOCP", "\"S\" is missing"),
      ("ECHOSC", "\"P\" is missing"), ("ECHOSPC", "\"PC\" instead of \"CP\""),
      ("ECHOSCU", "\"U\" instead of \"P\""),
      ("echoscp", "only upper and lower case differ"),
      ("ECHO_SCP", "only spaces, hyphens, underscores or the like differ"),
      ("Echo-Scp", "only spaces, hyphens, underscores or the like differ"),
      ("ECHO SCP", "only spaces, hyphens, underscores or the like differ"),
    ])
  func near(sent: String, difference: String) throws {
    #expect(TitleDifference.text(try #require(AETitle(sent)), acceptor) == difference)
  }

  @Test("An unrelated title gives no text", arguments: ["ECHOSCP", "ARCHIVE", "ECHO", "SCPECHO"])
  func other(sent: String) throws {
    #expect(TitleDifference.text(try #require(AETitle(sent)), acceptor) == nil)
  }

  @Test("Bytes that are not text are escaped, and a one-letter title resembles no other")
  func oddities() throws {
    var bytes = Array("ECHOSCP         ".utf8)
    bytes[6] = 0xC9
    let difference = TitleDifference.text(AETitle(field: bytes.span), acceptor)
    #expect(difference == "\"\\xc9\" instead of \"P\"")
    let (a, b) = (try #require(AETitle("A")), try #require(AETitle("B")))
    #expect(TitleDifference.text(a, b) == nil)
  }
}

/// The advice about AE titles that no device should have.
@Suite struct OddTitlesTests {
  private static func text(
    _ event: Event, calling: String = "CT1", called: String = "ECHOSCP", _ notes: Notes
  ) -> String {
    var subject = modality
    subject.callingAETitle = title(calling)
    subject.calledAETitle = title(called)
    subject.notes = notes
    subject.echoes = 1
    return AssociationSummary.text(of: Record(event, about: subject))
  }

  private static func title(_ text: String) -> AETitle {
    let field = Array(text.utf8) + [UInt8](repeating: 0x20, count: 16)
    return AETitle(field: Array(field.prefix(16)).span)
  }

  private static let released = Event.associationReleased([], .echoed, by: acceptor)
  private static let blank =
    "; its calling AE title is blank: set the device's own AE title on the device, since a "
    + "strict SCP rejects a blank one (1/1/3)"

  @Test("A blank calling title has its remedy, whatever the result of the association")
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

  @Test("If the blank title itself is the reason, it is stated once, with the remedy")
  func blankIsTheReason() {
    #expect(
      Self.text(
        .associationRejected(.callingAETitle, by: acceptor), calling: "", .aeTitleBlank)
        == "192.0.2.7:104 called ECHOSCP: association rejected: its calling AE title is blank; "
        + "expected one of allow-calling-ae-titles: set the device's own AE title on the "
        + "device")
  }

  @Test("A title with a forbidden byte is shown in hexadecimal, with its consequence")
  func characters() {
    let text = Self.text(Self.released, calling: "CTé", .aeTitleCharacters)
    #expect(
      text.contains(
        "; its calling AE title has a forbidden byte (43 54 C3 A9): a strict SCP rejects the "
          + "association (1/1/3) or aborts it; set a title of printable ASCII without backslash on the "
          + "device"))
    #expect(text.hasPrefix("\"CT\\xc3\\xa9\" at 192.0.2.7:104"))
    #expect(text.hasSuffix("; tolerated: ae-title-characters"))
    #expect(!text.contains("called AE title"))
    let called = Self.text(.peerVanished(.echoed), called: "E\tSCP", .aeTitleCharacters)
    #expect(called.contains("its called AE title has a forbidden byte (45 09 53 43 50)"))
    #expect(called.contains("(1/1/7)") && !called.contains("(1/1/3)"))
    #expect(!Self.text(Self.released, []).contains("forbidden"))
  }
}

extension String {
  /// Returns the number of parts between `separator`s.
  fileprivate func components(of separator: String) -> Int {
    split(separator: separator, omittingEmptySubsequences: false).count
  }
}

// fo-dicom#1323: an AE title of 17 characters, sent in full, displaces everything after it by one byte.

/// AE titles in a request that are not 16 bytes each.
@Suite struct MisplacedTitlesTests {
  private static func body(_ called: String, _ calling: String) -> [UInt8] {
    let body = Array(Wire.associateRequest().dropFirst(6))
    return body[..<4] + Array((called + calling).utf8) + body[36...]
  }

  private static func padded(_ title: String) -> String {
    title + String(repeating: " ", count: 16 - title.utf8.count)
  }

  private static func found(_ body: [UInt8]) -> MisplacedTitles? {
    RefusedPDU(body.span, .brokenRequest(length: UInt32(body.count))).misplacedTitles
  }

  @Test(
    "A title that is too long, or titles without padding, are detected",
    arguments: [
      (body("ECHOSCP_HOSPITAL1", padded("CT1")), 33, "one of them seems to be too long"),
      (body(padded("ECHOSCP"), "CT1_OF_RADIOLOGY1"), 33, "the calling one seems to be too long"),
      (body(padded("ECHOSCP"), String(repeating: "X", count: 64)), 80, "the calling one seems"),
      (body("ECHOSCP", "CT1"), 10, "they are not padded with spaces"),
      (body("A", "B"), 2, "they are not padded with spaces"),
    ])
  func text(body: [UInt8], size: Int, words: String) throws {
    let found = try #require(Self.found(body))
    #expect(found.size == size)
    #expect(found.text.contains("its AE titles take \(size) bytes instead of 32"))
    #expect(found.text.contains(words))
  }

  @Test("A broken request whose titles are in place gets no such advice")
  func right() {
    let right = Self.body(Self.padded("ECHOSCP"), Self.padded("CT1"))
    #expect(Self.found(right) == nil)
    for place in right.indices.dropFirst(68) {
      var wrong = right
      wrong[place] ^= 0xFF
      #expect(Self.found(wrong) == nil)
      #expect(Self.found(Array(right[..<place])) == nil)
    }
  }

  @Test("Any bytes of any length are handled")
  func anything() {
    var random = Random(seed: 5)
    for _ in 0..<2000 {
      var body = Self.body("ECHOSCP_HOSPITAL1", Self.padded("CT1"))
      for _ in 0..<random.next(below: 4) {
        body[random.next(below: body.count)] = UInt8(random.next(below: 256))
      }
      _ = Self.found(Array(body.prefix(random.next(below: body.count + 1))))
    }
  }

  @Test("The advice follows the fault")
  func sentence() {
    var record = Record(
      .aborting(
        .malformedPDU(.associateRequest, Malformed(item: 0x15, offset: 78, .reachesBeyond)), nil,
        .serviceUser, .awaitingRequest), about: modality)
    let body = Self.body("ECHOSCP_HOSPITAL1", Self.padded("CT1"))
    record.refused = RefusedPDU(body.span, .brokenRequest(length: UInt32(body.count)))
    #expect(
      record.sentence.hasSuffix(
        "item 15H at byte 78 is longer than the item or PDU around it; its AE titles take 33 bytes instead of 32 "
          + "(\"ECHOSCP_HOSPITAL1CT1             \"): one of them seems to be too long; set AE titles of at "
          + "most 16 characters on the device"))
  }
}
