import Testing

@testable import Log
@testable import UpperLayer

/// What the software of a requestor calls itself, bounded and escaped.
@Suite struct PeerImplementationTests {
  @Test(
    "UID and version name as they came, without their padding",
    arguments: [
      ("1.2.3", "OFFIS_DCMTK_367", "1.2.3 OFFIS_DCMTK_367"), ("1.2.3", "", "1.2.3"),
      ("", "V1", "V1"), ("", "", nil), ("1.2.3\0", "V1  ", "1.2.3 V1"), ("\0", " ", nil),
      ("not a uid", "two words", "not a uid two words"), ("1\n2", "\u{1B}[1m", "1\\x0a2 \\x1b[1m"),
      ("a\\b", "é", "a\\x5cb \\xc3\\xa9"),
    ] as [(String, String, String?)])
  func text(uid: String, version: String, expected: String?) throws {
    #expect(try Association.implementation(Array(uid.utf8), Array(version.utf8)).text == expected)
  }

  @Test("What is longer than the standard has it is cut off")
  func tooLong() throws {
    let uid = Array(String(repeating: "1.", count: 500).utf8)
    let text = try Association.implementation(uid, .init(repeating: 0x56, count: 300)).text
    #expect(text == String(repeating: "1.", count: 32) + " " + String(repeating: "V", count: 16))
  }

  @Test("Software that has not said what it is has no text")
  func unknown() { #expect(PeerImplementation().text == nil) }
}
