import Verification

/// The software whose implementation class UID (PS3.7 annex D.3.3.2) is known from its own source or
/// documentation. A program that is built with one of these libraries mostly has the library's.
enum Products {
  /// What a UID begins with, whose it is, and where that can be read.
  struct Row {
    let prefix: String
    let name: String
    let source: String
  }

  static let all = [
    Row(
      prefix: Implementation.classUID, name: "echoscpd", source: "Verification/Implementation.swift"
    ),
    Row(
      prefix: "1.2.276.0.7230010.3", name: "DCMTK", source: "dcmdata/include/dcmtk/dcmdata/dcuid.h"),
    Row(
      prefix: "1.2.826.0.1.3680043.9.3811", name: "pynetdicom", source: "pynetdicom/__init__.py"),
    Row(
      prefix: "1.2.40.0.13.1.3", name: "dcm4che", source: "org/dcm4che3/data/Implementation.java"),
    Row(
      prefix: "1.3.6.1.4.1.30071.8", name: "fo-dicom",
      source: "FO-DICOM.Core/DicomImplementation.cs"),
    Row(
      prefix: "2.25.137038125948464847900039011591283709926", name: "dicom-rs",
      source: "object/src/lib.rs"),
    Row(
      prefix: "1.2.826.0.1.3680043.2.1143.107.104.103.115", name: "GDCM",
      source: "Source/DataStructureAndEncodingDefinition/gdcmFileMetaInformation.cxx"),
  ]

  /// The name of the software with this implementation class UID, if it is known.
  static func name(ofClassUID uid: String) -> String? {
    all.first { uid == $0.prefix || uid.hasPrefix($0.prefix + ".") }?.name
  }
}
