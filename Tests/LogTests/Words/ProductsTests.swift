import Testing
import UpperLayer
import Verification

@testable import Log

/// Whose software it is.
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
    "Another one names nobody",
    arguments: ["", "1.2.3", "1.2.276.0.7230010.30", "1.2.40.0.13.1.31"])
  func unknown(uid: String) { #expect(Products.name(ofClassUID: uid) == nil) }
}
