import Testing

@testable import Server

/// Text that is put together without allocating.
@Suite struct FixedTextTests {
  private func content(_ text: FixedText) -> String {
    var bytes: [UInt8] = []
    for index in text.span.indices { bytes.append(text.span[index]) }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(
    "A number is written in its digits",
    arguments: [
      (0, "0"), (9, "9"), (10, "10"), (1_234_567, "1234567"), (.max, "18446744073709551615"),
    ]
      as [(UInt64, String)])
  func number(value: UInt64, digits: String) {
    var text = FixedText()
    text.append("a ")
    text.append(value)
    #expect(content(text) == "a \(digits)")
    #expect(text.count == digits.utf8.count + 2)
  }

  @Test("What has no room is left out, and the end stays the end")
  func overflow() {
    var text = FixedText()
    for _ in 0..<100 { text.append("0123456789") }
    #expect(text.count == FixedText.capacity)
    #expect(content(text).utf8.count == FixedText.capacity)
    text.append("x".utf8.span)
    #expect(content(text).hasSuffix("901"))
  }

  @Test("Two are the same if all their bytes are")
  func equality() {
    var (one, other) = (FixedText(), FixedText())
    #expect(one == other)
    one.append("ab")
    other.append("a")
    #expect(!(one == other))
    other.append(UInt8(ascii: "b"))
    #expect(one == other)
    one.append("1")
    other.append("2")
    #expect(!(one == other))
  }
}
