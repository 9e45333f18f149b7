import Testing

@testable import UpperLayer

/// UIDs kept as sent, in 32 bytes.
@Suite struct CompactUIDTests {
  /// `text` as read back, with a question mark for an invalid character and an ellipsis for the rest.
  private static func kept(_ text: String) -> String? {
    guard let uid = CompactUID(Array(text.utf8).span) else { return nil }
    var kept = ""
    var place = 0
    while let symbol = uid.symbol(at: place) {
      switch symbol {
      case .digit(let digit): kept += "\(digit)"
      case .period: kept += "."
      case .other: kept += "?"
      case .rest: kept += "…"
      }
      place += 1
    }
    return kept
  }

  @Test(
    "A UID is kept as sent, no matter who registered it",
    arguments: [
      "1.2.840.10008.1.1", "1.2.840.10008.5.1.4.1.1.77.1.5.10", "1.2.826.0.1.3680043.9.9999.1",
      "0", ".", "1..2", "01.02", String(repeating: "9", count: 64),
    ])
  func isKept(text: String) { #expect(Self.kept(text) == text) }

  @Test("Each character is kept at each place, unaffected by its neighbors")
  func places() {
    for place in 0..<64 {
      for character in "0123456789." {
        let text =
          String(repeating: "1", count: place) + String(character)
          + String(repeating: "2", count: 63 - place)
        #expect(Self.kept(text) == text)
      }
    }
  }

  @Test("All characters that are invalid in a UID are kept as the same symbol")
  func others() {
    for byte in UInt8.min ... .max where !(0x30...0x39).contains(byte) && byte != 0x2E {
      let uid = CompactUID([0x31, byte, 0x32].span)
      #expect(uid == CompactUID(Array("1x2".utf8).span))
    }
    #expect(Self.kept("1.2.a\u{1B}[2J") == "1.2.???2?")
  }

  @Test("A UID that is too long keeps all but the last symbol, which stands for the rest")
  func tooLong() {
    for count in [65, 66, 1000, 60_000] {
      #expect(
        Self.kept(String(repeating: "7", count: count)) == String(repeating: "7", count: 63) + "…")
    }
  }

  @Test("Padding is not kept, and padding alone is not a UID")
  func padding() {
    #expect(Self.kept("1.2.3\0") == "1.2.3")
    #expect(Self.kept("1.2.3  ") == "1.2.3")
    for text in ["", "\0", "  "] { #expect(Self.kept(text) == nil) }
    #expect(CompactUID.empty.isEmpty)
    #expect(CompactUID.empty.symbol(at: 0) == nil)
    #expect(CompactUID([0x31].span)?.isEmpty == false)
  }

  @Test(
    "The short form keeps the beginning and marks that there is more",
    arguments: [1, 47, 48, 49, 64, 65])
  func short(count: Int) {
    let text = Array(String(repeating: "7", count: count).utf8)
    let uid = CompactUID(text.span)?.short.uid
    #expect(uid == CompactUID(text.span) || count > 48)
    #expect((0..<64).count { uid?.symbol(at: $0) != nil } == min(count, 48))
    #expect(uid?.symbol(at: 47) == (count < 48 ? nil : count == 48 ? .digit(7) : .rest))
    #expect(MemoryLayout<CompactUID.Short>.size == 24)
  }

  @Test("A compact UID takes half the bytes of the longest text")
  func size() { #expect(MemoryLayout<CompactUID>.size == 32) }
}
