import TestKit
import Testing
import UpperLayer

/// The UIDs below 1.2.840.10008 as numbers: valid ones, padded ones, and lookalikes.
struct StandardUIDTests {
  static func uid(_ text: String, _ padding: [UInt8] = []) -> StandardUID? {
    let value = Wire.bytes(text) + padding
    return StandardUID(value.span)
  }

  static let good: [(String, UInt64)] = [
    ("1.2.840.10008.1", 0x0001),
    ("1.2.840.10008.1.1", 0x0001_0001),
    ("1.2.840.10008.1.2", 0x0001_0002),
    ("1.2.840.10008.1.2.4.50", 0x0001_0002_0004_0032),
    ("1.2.840.10008.3.1.1.1", 0x0003_0001_0001_0001),
    ("1.2.840.10008.10.100.1000.10000", 0x000A_0064_03E8_2710),
    ("1.2.840.10008.65535.65535.65535.65535", 0xFFFF_FFFF_FFFF_FFFF),
    ("1.2.840.10008.9.99.999.9999", 0x0009_0063_03E7_270F),
  ]

  @Test(arguments: good) func aUIDAndItsText(_ text: String, _ components: UInt64) {
    #expect(Self.uid(text) == StandardUID(components: components))
    let written = [UInt8](capacity: 64) { $0.append(StandardUID(components: components)) }
    #expect(written == Wire.bytes(text))
  }

  /// Each UID that the program knows can be written and read back; otherwise it would never match.
  @Test(
    arguments: TransferSyntax.allCases.map(\.uid) + [.applicationContext])
  func everyKnownUIDIsRead(_ uid: StandardUID) {
    let written = [UInt8](capacity: 64) { $0.append(uid) }
    #expect(StandardUID(written.span) == uid)
  }

  @Test(
    arguments: [
      0, 0x0001_0000, 0x0001_0000_0002, 0x0001_0002_0004_0000, 0x0001_0002_0000_0032,
    ] as [UInt64])
  func componentsThatNoUIDHas(_ components: UInt64) async {
    await #expect(processExitsWith: .failure) { [components] in
      _ = StandardUID(components: components)
    }
  }

  /// Lookalikes, and UIDs that the program does not need to know.
  @Test(arguments: [
    "", "1", "1.2.840.10008", "1.2.840.10008.", "1.2.840.10008..1", "1.2.840.10008.1.",
    "1.2.840.10008.1..1", "1.2.840.10008.0", "1.2.840.10008.1.0", "1.2.840.10008.01.1",
    "1.2.840.10008.1.01", "1.2.840.10008.1.1a", "1.2.840.10008.1.-1", "1.2.840.10008.1.+1",
    "1.2.840.10008.1:1", "1.2.840.10008.1/1", "1.2.840.10008,1.1", "1,2.840.10008.1.1",
    " 1.2.840.10008.1.1", "\u{0}1.2.840.10008.1.1", "1.2.840.10008.1 .1",
    "1.2.840.10008.1.1\u{0}1", "1.2.840.10008.1.1 1", "1.2.840.10009.1.1", "1.2.840.1000.8.1.1",
    "1.2.840.100081.1", "1.3.840.10008.1.1", "1.2.840.113619.1.1", "1.2.840.10008.65536",
    "1.2.840.10008.1.65537", "1.2.840.10008.18446744073709551617", "1.2.840.10008.1.1.1.1.1",
    "1.2.840.10008.5.1.4.1.1.2", "2.25.262085553124319033831538519789959215053",
    "1.2.840.10008.1.1\n", "1.2.840.10008.\u{661}.1",
  ])
  func noUIDOfTheStandards(_ text: String) {
    #expect(Self.uid(text) == nil)
  }

  /// With any byte changed, the UID of Verification becomes another UID or an invalid one.
  @Test func everyByteCounts() {
    let verification = Wire.bytes(Wire.verification)
    for place in verification.indices {
      for byte in 0...255 where UInt8(byte) != verification[place] {
        var value = verification
        value[place] = UInt8(byte)
        #expect(StandardUID(value.span) != StandardUID(components: 0x0001_0001))
      }
    }
  }

  @Test(arguments: [[0], [0x20], [0, 0], [0x20, 0x20], [0x20, 0], [0, 0x20, 0]] as [[UInt8]])
  func paddingIsNotSignificant(_ padding: [UInt8]) {
    #expect(Self.uid(Wire.verification, padding) == StandardUID(components: 0x0001_0001))
  }

  @Test(arguments: [
    ("", 0), ("\0", 0), (" \0 ", 0), ("1", 1), ("1\0", 1), ("1 \0", 1), ("1\u{0}2", 3), (" 1", 2),
  ])
  func theLengthWithoutPadding(_ text: String, _ length: Int) {
    let value = Wire.bytes(text)
    #expect(StandardUID.unpaddedLength(value.span) == length)
  }

  // MARK: in a request

  /// UIDs of 64 bytes, the most allowed, and longer ones are refused as unknown.
  @Test(arguments: [63, 64, 65, 66, 1000, 30_000]) func longUIDs(_ length: Int) {
    let long = String(("1.2.840.10008.1.1." + String(repeating: "1", count: length)).prefix(length))
    let abstract = Wire.context(1, long, [Wire.implicitLittle])
    #expect(
      answer(to: Wire.associateRequest(contexts: abstract))
        == Wire.associateAccept(results: Wire.contextResult(1, 3, Wire.implicitLittle)))
    let transfer = Wire.context(1, Wire.verification, [long])
    #expect(
      answer(to: Wire.associateRequest(contexts: transfer))
        == Wire.associateAccept(results: Wire.contextResult(1, 4, Wire.implicitLittle)))
    let application = Wire.applicationContext(long)
    #expect(answer(to: Wire.associateRequest(application: application)) == Wire.reject(1, 1, 2))
  }

  /// A UID padded to 64 bytes is still the same UID.
  @Test(arguments: [0, 0x20] as [UInt8]) func aUIDPaddedToSixtyFourBytes(_ byte: UInt8) {
    let padding = [UInt8](repeating: byte, count: 64 - Wire.verification.utf8.count)
    let context = Wire.context(
      1,
      subItems: Wire.item(0x30, Wire.bytes(Wire.verification) + padding)
        + Wire.item(0x40, Wire.bytes(Wire.implicitLittle)))
    var peer = Peer()
    #expect(peer.send(Wire.associateRequest(contexts: context)) == Wire.associateAccept())
    #expect(peer.release() == .uidPadding)
  }

  /// Abstract syntaxes that resemble Verification are refused.
  @Test(arguments: [
    "1.2.840.10008.1.01", "1.2.840.10008.1.10", "1.2.840.10008.1", "1.2.840.10008.1.1.1",
    "1.2.840.10008.01.1", "1.2.840.10008.1.1.", "1.2.840.10008.65537.1",
  ])
  func aLookalikeIsAnotherAbstractSyntax(_ text: String) {
    let contexts = Wire.context(1, text, [Wire.implicitLittle])
    #expect(
      answer(to: Wire.associateRequest(contexts: contexts))
        == Wire.associateAccept(results: Wire.contextResult(1, 3, Wire.implicitLittle)))
  }

  @Test(arguments: [
    "1.2.840.10008.1.02", "1.2.840.10008.1.2.", "1.2.840.10008.1.2.0", "1.2.840.10008.1.65538",
    "1.2.840.10008.1.2.4.050",
  ])
  func aLookalikeIsAnotherTransferSyntax(_ text: String) {
    let contexts = Wire.context(1, Wire.verification, [text])
    #expect(
      answer(to: Wire.associateRequest(contexts: contexts))
        == Wire.associateAccept(results: Wire.contextResult(1, 4, Wire.implicitLittle)))
  }
}
