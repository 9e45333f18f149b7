import TestKit
import Testing
import UpperLayer

/// PS3.8 §9.3.2 and PS3.5 §6.2 (VR AE): leading and trailing spaces and the NULs that devices pad
/// with are not significant; case is.
struct AETitleTests {
  static func field(_ text: String) -> [UInt8] {
    Array((Wire.bytes(text) + [UInt8](repeating: 0x20, count: 16)).prefix(16))
  }

  /// Two titles, padded with spaces to fields of 16 bytes, and whether they are the same title.
  static let comparisons: [(String, String, Bool)] = [
    ("ECHOSCP", "ECHOSCP", true),
    ("ECHOSCP", "ECHOSCP\0\0\0\0\0\0\0\0\0", true),
    ("ECHOSCP", "ECHOSCP\0", true),
    ("ECHOSCP", "ECHOSCP \0 \0", true),
    ("ECHOSCP", "  ECHOSCP", true),
    ("ECHOSCP", "         ECHOSCP", true),
    ("ECHOSCP", "  ECHOSCP\0\0\0\0\0\0\0", true),
    ("ECHO SCP", "ECHO SCP", true),
    ("SIXTEEN_LETTERS_", "SIXTEEN_LETTERS_", true),
    ("", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", true),
    ("", "  \0\0", true),
    ("ECHOSCP", "echoscp", false),
    ("ECHOSCP", "EchoSCP", false),
    ("ECHOSCP", "ECHOSCP2", false),
    ("ECHOSCP", "ECHOSC", false),
    ("ECHOSCP", "ECHO SCP", false),
    ("ECHOSCP", "ECHO\0SCP", false),
    ("ECHOSCP", "\0ECHOSCP", false),
    ("ECHOSCP", "ECHOSCP\t", false),
    ("ECHOSCP", "", false),
    ("SIXTEEN_LETTERS_", "SIXTEEN_LETTERS-", false),
    ("SIXTEEN_LETTERS_", "_IXTEEN_LETTERS_", false),
    ("A", "AB", false),
  ]

  @Test(arguments: comparisons)
  func comparing(_ left: String, _ right: String, _ areEqual: Bool) {
    let lefts = Self.field(left)
    let rights = Self.field(right)
    #expect((AETitle(field: lefts.span) == AETitle(field: rights.span)) == areEqual)
    #expect((AETitle(field: rights.span) == AETitle(field: lefts.span)) == areEqual)
  }

  /// With the check of the called AE title on, the acceptor takes only equal titles.
  @Test(arguments: comparisons.filter { !$0.0.isEmpty })
  func calling(_ title: String, _ called: String, _ areEqual: Bool) {
    var peer = Peer(aeTitle: title, requiresCalledAETitle: true)
    let fixed = Wire.fixedFields(called: Self.field(called))
    let answer = peer.send(Wire.associateRequest(fixed: fixed))
    #expect(answer == (areEqual ? Wire.associateAccept(to: fixed) : Wire.reject(1, 1, 7)))
  }

  @Test(arguments: 0..<16) func everyPlaceInTheFieldCounts(_ place: Int) {
    let title = Self.field("ABCDEFGHIJKLMNOP")
    var other = title
    other[place] ^= 1
    #expect(AETitle(field: title.span) != AETitle(field: other.span))
  }

  @Test(arguments: [("", true), ("\0", true), (" \0 \0", true), ("A", false), (" A", false)])
  func blankTitles(_ text: String, _ isBlank: Bool) {
    let field = Self.field(text)
    #expect(AETitle(field: field.span).isBlank == isBlank)
  }

  /// A blank title is rejected only if the acceptor checks the called AE title.
  @Test(arguments: [Wire.title(""), [UInt8](repeating: 0, count: 16)])
  func aBlankTitleInARequest(_ blank: [UInt8]) {
    let request = Wire.associateRequest(fixed: Wire.fixedFields(called: blank, calling: blank))
    #expect(answer(to: request).first == 2)
    var strict = Peer(requiresCalledAETitle: true)
    #expect(strict.send(request) == Wire.reject(1, 1, 7))
  }

  @Test(arguments: ["A", "ECHOSCP", "ECHO SCP", "SIXTEEN_LETTERS_", "~!@#$%^&*()", " PADDED "])
  func titlesThatMayBeConfigured(_ text: String) throws {
    let title = try #require(AETitle(text))
    let field = Self.field(text)
    #expect(title == AETitle(field: field.span))
  }

  @Test(arguments: [
    "", " ", "                ", "SEVENTEEN_LETTERS", "BACK\\SLASH", "TAB\t", "NEW\nLINE", "NUL\0",
    "DELETE\u{7F}", "ESCAPE\u{1B}", "Z\u{FC}RICH",
  ])
  func titlesThatMayNot(_ text: String) {
    #expect(AETitle(text) == nil)
  }

  @Test(arguments: [
    ("ECHOSCP", "ECHOSCP         "), ("  ECHOSCP\0", "ECHOSCP         "),
    ("SIXTEEN_LETTERS_", "SIXTEEN_LETTERS_"), ("", "                "),
  ])
  func theBytesOfATitle(_ text: String, _ expected: String) {
    let field = Self.field(text)
    let bytes = AETitle(field: field.span).bytes
    #expect(bytes.indices.map { bytes[$0] } == Wire.bytes(expected))
  }

  @Test func aFieldHasSixteenBytes() async {
    let exit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let field = [UInt8](repeating: 0x41, count: 17)
      _ = AETitle(field: field.span)
    }
    let said = String(decoding: exit?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("an AE title field has 16 bytes"))
  }
}
