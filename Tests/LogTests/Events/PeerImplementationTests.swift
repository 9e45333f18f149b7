import Testing
import Verification

@testable import Log
@testable import UpperLayer

/// The identity of a requestor's software, bounded and escaped.
@Suite struct PeerImplementationTests {
  @Test(
    "UID and version name are as received, without their padding",
    arguments: [
      ("1.2.3", "OFFIS_DCMTK_367", "1.2.3 OFFIS_DCMTK_367"), ("1.2.3", "", "1.2.3"),
      ("", "V1", "V1"), ("", "", nil), ("1.2.3\0", "V1  ", "1.2.3 V1"), ("\0", " ", nil),
      ("not a uid", "two words", "not a uid two words"), ("1\n2", "\u{1B}[1m", "1\\x0a2 \\x1b[1m"),
      ("a\\b", "é", "a\\x5cb \\xc3\\xa9"),
    ] as [(String, String, String?)])
  func text(uid: String, version: String, expected: String?) throws {
    #expect(try Association.implementation(Array(uid.utf8), Array(version.utf8)).text == expected)
  }

  @Test("Values longer than the standard allows are cut off")
  func tooLong() throws {
    let uid = Array(String(repeating: "1.", count: 500).utf8)
    let text = try Association.implementation(uid, .init(repeating: 0x56, count: 300)).text
    #expect(text == String(repeating: "1.", count: 32) + " " + String(repeating: "V", count: 16))
  }

  @Test("Software that has not identified itself has no text")
  func unknown() { #expect(PeerImplementation().text == nil) }
}

/// The names of known software.
@Suite struct ProductsTests {
  @Test(
    "A class UID names the software, whatever its version",
    arguments: [
      ("1.2.276.0.7230010.3.0.3.6.7", "DCMTK"), ("1.2.826.0.1.3680043.9.3811.3.0.4", "pynetdicom"),
      ("1.2.40.0.13.1.3", "dcm4che"), ("1.3.6.1.4.1.30071.8", "fo-dicom"),
      ("2.25.137038125948464847900039011591283709926", "dicom-rs"),
      ("1.2.826.0.1.3680043.2.1143.107.104.103.115.3.0.10", "GDCM"),
    ])
  func known(uid: String, name: String) throws {
    let software = try Association.implementation(Array(uid.utf8), [])
    #expect(software.product == name)
  }

  @Test(
    "Another UID gives no name",
    arguments: ["", "1.2.3", "1.2.276.0.7230010.30", "1.2.40.0.13.1.31"])
  func unknown(uid: String) { #expect(Products.name(ofClassUID: uid) == nil) }
}
