import Testing
import UpperLayer

@testable import Log

/// The names of PS3.6 Table A-1.
@Suite struct UIDNamesTests {
  private static let tables = [UIDNames.transferSyntaxes, UIDNames.storage, UIDNames.sopClasses]
  private static let lines = tables.flatMap {
    $0.split(separator: "\n", omittingEmptySubsequences: false)
  }

  @Test(
    "A UID of the standard has its name",
    arguments: [
      ("1.2.840.10008.1.1", "Verification SOP Class"),
      ("1.2.840.10008.1.2", "Implicit VR Little Endian"),
      ("1.2.840.10008.1.2.1", "Explicit VR Little Endian"),
      ("1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian"),
      ("1.2.840.10008.1.2.2", "Explicit VR Big Endian"),
      ("1.2.840.10008.1.2.4.50", "JPEG Baseline (Process 1)"),
      ("1.2.840.10008.1.2.4.90", "JPEG 2000 Image Compression (Lossless Only)"),
      ("1.2.840.10008.1.2.5", "RLE Lossless"),
      ("1.2.840.10008.3.1.1.1", "DICOM Application Context Name"),
      ("1.2.840.10008.1.20.1", "Storage Commitment Push Model SOP Class"),
      ("1.2.840.10008.4.2", "Storage Service Class"),
      ("1.2.840.10008.5.1.1.9", "Basic Grayscale Print Management Meta SOP Class"),
      ("1.2.840.10008.5.1.4.1.1.2", "CT Image Storage"),
      ("1.2.840.10008.5.1.4.1.1.4", "MR Image Storage"),
      ("1.2.840.10008.5.1.4.1.1.7", "Secondary Capture Image Storage"),
      (
        "1.2.840.10008.5.1.4.1.2.2.1",
        "Study Root Query/Retrieve Information Model - FIND"
      ),
      ("1.2.840.10008.5.1.4.31", "Modality Worklist Information Model - FIND"),
    ])
  func hasItsName(uid: String, name: String) { #expect(self.name(uid) == name) }

  @Test(
    "A retired UID has its name too",
    arguments: [
      ("1.2.840.10008.5.1.4.1.1.5", "Nuclear Medicine Image Storage"),
      ("1.2.840.10008.5.1.4.1.1.9", "Standalone Curve Storage"),
      ("1.2.840.10008.5.1.1.30", "Hardcopy Color Image Storage SOP Class"),
      ("1.2.840.10008.3.1.2.2.1", "Detached Visit Management SOP Class"),
      ("1.2.840.10008.1.2.4.53", "JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8)"),
    ])
  func retired(uid: String, name: String) { #expect(self.name(uid) == name) }

  @Test(
    "Padding is not part of a UID",
    arguments: ["\0", " ", "\0\0 ", "          ", "\0 \0"])
  func padding(padding: String) {
    #expect(name("1.2.840.10008.1.1" + padding) == "Verification SOP Class")
    #expect(name("1.2.3" + padding) == "1.2.3")
    #expect(name(padding) == "")
  }

  @Test(
    "An unknown UID is returned as it is, without padding and escaped",
    arguments: [
      ("", ""), ("1.2.3", "1.2.3"), ("1.2.840.10008", "1.2.840.10008"),
      ("1.2.840.10008.", "1.2.840.10008."), ("1.2.840.10008.1", "1.2.840.10008.1"),
      ("1.2.840.10008.1.1.", "1.2.840.10008.1.1."), ("1.2.840.10008.01.1", "1.2.840.10008.01.1"),
      (" 1.2.840.10008.1.1", " 1.2.840.10008.1.1"),
      ("1.2.840.10008.1.1 Verification SOP Class", "1.2.840.10008.1.1 Verification SOP Class"),
      ("1.2.840.10009.1.1", "1.2.840.10009.1.1"), ("1.2.840.10008.999", "1.2.840.10008.999"),
      ("1.2.840.10008.1.1\n", "1.2.840.10008.1.1\\x0a"), ("1.2\0.3", "1.2\\x00.3"),
      ("ä\\", "\\xc3\\xa4\\x5c"), ("\u{1B}[m", "\\x1b[m"),
    ])
  func unknown(uid: String, shown: String) { #expect(name(uid) == shown) }

  @Test("Every line of the tables has a UID and a name, and no UID occurs twice")
  func tablesAreRight() {
    #expect(Self.tables.map { $0.split(separator: "\n").count } == [59, 214, 122])
    var uids: Set<Substring> = []
    for line in Self.lines {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2 else {
        Issue.record("\(line)")
        continue
      }
      let components = parts[0].split(separator: ".", omittingEmptySubsequences: false)
      let isUID = components.allSatisfy { component in
        !component.isEmpty && component.utf8.allSatisfy { (0x30...0x39).contains($0) }
          && (component == "0" || component.first != "0")
      }
      #expect(isUID, "\(line)")
      #expect(uids.insert(parts[0]).inserted, "\(line)")
      #expect(parts[1].utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x5C }, "\(line)")
      #expect(parts[1].first != " " && parts[1].last != " ", "\(line)")
      #expect(name("1.2.840.10008.\(parts[0])") == parts[1], "\(line)")
    }
  }

  @Test("Every UID fits a compact UID, so that a record can name it")
  func compactUIDs() {
    for line in Self.lines {
      let uid = Array("1.2.840.10008.\(line.prefix { $0 != " " })".utf8)
      #expect(CompactUID(uid.span) != nil, "\(line)")
    }
  }

  @Test("Each table has only UIDs of its own kind")
  func tablesAreApart() {
    for line in UIDNames.transferSyntaxes.split(separator: "\n") {
      #expect(line.hasPrefix("1.2"), "\(line)")
    }
    for line in UIDNames.storage.split(separator: "\n") {
      #expect(line.hasPrefix("5.1.4.1."), "\(line)")
    }
    for line in UIDNames.sopClasses.split(separator: "\n") {
      #expect(!line.hasPrefix("1.2.") && !line.hasPrefix("1.2 "), "\(line)")
    }
  }

  private func name(_ uid: String) -> String {
    let bytes = Array(uid.utf8)
    return UIDNames.name(of: bytes.span)
  }
}
