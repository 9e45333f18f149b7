import Testing

@testable import UpperLayer

/// UIDs in eight bytes.
@Suite struct CompactUIDTests {
  private static func uid(_ text: String) -> CompactUID? { CompactUID(Array(text.utf8).span) }

  @Test("Each symbol has its place, and storage has a symbol of its own")
  func symbols() {
    #expect(Self.uid("1.2.840.10008.1.1")?.symbols == 0x2B20_0000_0000_0000)
    #expect(Self.uid("1.2.840.10008.5.1.4.1.1.2")?.symbols == 0xC300_0000_0000_0000)
    #expect(Self.uid("1.2.840.10008.5.1.4.1.1.77.1.5.10")?.symbols == 0xC88B_2B6B_2100_0000)
    #expect(Self.uid("1.2.840.10008.5.1.4.1.1.2\0") == Self.uid("1.2.840.10008.5.1.4.1.1.2"))
    #expect(Self.uid("1.2.840.10008.1234567890123456") != nil)
  }

  @Test(
    "What has no place is nothing",
    arguments: [
      "", "1.2.840.10008.", "1.2.840.10008", "1.2.3.4", "1.2.840.10009.1.1", "1.2.840.10008.1.x",
      "1.2.840.10008.12345678901234567",
    ])
  func none(text: String) { #expect(Self.uid(text) == nil) }
}
