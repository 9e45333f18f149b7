public import UpperLayer
import Verification

/// The identity of a requestor's software: its implementation class UID and implementation version name (PS3.7
/// annex D.3.3.2), as received, each cut to the standard's maximum length.
public struct PeerImplementation: Sendable {
  /// The maximum length of a UID (PS3.8 annex F).
  private static let longestUID = 64
  /// The maximum length of a version name (PS3.7 annex D.3.3.2.4).
  private static let longestVersion = 16

  private var uid = InlineArray<64, UInt8>(repeating: 0)
  private var version = InlineArray<16, UInt8>(repeating: 0)
  private var uidLength: UInt8 = 0
  private var versionLength: UInt8 = 0

  /// Software that has not identified itself.
  public init() {}

  /// Copies the identity of the software from `request`.
  public mutating func read(_ request: borrowing AssociateRequest) {
    let uid = request.implementationClassUID
    let version = request.implementationVersionName
    // Padding is not significant, and is noted elsewhere.
    uidLength = UInt8(min(StandardUID.unpaddedLength(uid), Self.longestUID))
    versionLength = UInt8(min(StandardUID.unpaddedLength(version), Self.longestVersion))
    for index in 0..<Int(uidLength) { self.uid[index] = uid[index] }
    for index in 0..<Int(versionLength) { self.version[index] = version[index] }
  }

  /// Forgets the identity.
  public mutating func forget() {
    uidLength = 0
    versionLength = 0
  }

  /// The name of the software, if its UID is known.
  var product: String? {
    Products.name(ofClassUID: Escaping.ascii(uid.span.extracting(..<Int(uidLength))))
  }

  /// UID and version name separated by a space, or whichever exists; `nil` if neither does. Every byte that is
  /// not printable ASCII is escaped.
  public var text: String? {
    let parts = [
      Escaping.ascii(uid.span.extracting(..<Int(uidLength))),
      Escaping.ascii(version.span.extracting(..<Int(versionLength))),
    ].filter { !$0.isEmpty }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }
}

/// Software whose implementation class UID (PS3.7 annex D.3.3.2) is known from its source or documentation. A
/// program that is built with one of these libraries usually has the library's UID.
enum Products {
  /// The prefixes of UIDs, and the names of their owners. The comment above each names the source file.
  private static let all: [(prefix: String, name: String)] = [
    // Verification/SCP/Implementation.swift
    (Implementation.classUID, "echoscpd"),
    // dcmdata/include/dcmtk/dcmdata/dcuid.h
    ("1.2.276.0.7230010.3", "DCMTK"),
    // pynetdicom/__init__.py
    ("1.2.826.0.1.3680043.9.3811", "pynetdicom"),
    // org/dcm4che3/data/Implementation.java
    ("1.2.40.0.13.1.3", "dcm4che"),
    // FO-DICOM.Core/DicomImplementation.cs
    ("1.3.6.1.4.1.30071.8", "fo-dicom"),
    // object/src/lib.rs
    ("2.25.137038125948464847900039011591283709926", "dicom-rs"),
    // Source/DataStructureAndEncodingDefinition/gdcmFileMetaInformation.cxx
    ("1.2.826.0.1.3680043.2.1143.107.104.103.115", "GDCM"),
  ]

  /// The name of the software with this implementation class UID, if it is known.
  static func name(ofClassUID uid: String) -> String? {
    all.first { uid == $0.prefix || uid.hasPrefix($0.prefix + ".") }?.name
  }
}
