/// A text of bounded length, put together without allocating: what does not fit is left out.
struct FixedText {
  /// How many bytes have room, in front of a NUL.
  static let capacity = 511

  private var bytes = InlineArray<512, UInt8>(repeating: 0)
  /// How many there are.
  private(set) var count = 0

  /// Appends a byte.
  mutating func append(_ byte: UInt8) {
    guard count < Self.capacity else { return }
    bytes[count] = byte
    count += 1
  }

  /// Appends bytes.
  mutating func append(_ more: Span<UInt8>) {
    for index in more.indices { append(more[index]) }
  }

  /// Appends a text that the program has.
  mutating func append(_ text: StaticString) {
    text.withUTF8Buffer {
      // Safe because the text lives as long as the program.
      for index in 0..<$0.count { append(unsafe $0[index]) }
    }
  }

  /// Appends a number in decimal digits.
  mutating func append(_ number: UInt64) {
    if number >= 10 { append(number / 10) }
    append(UInt8(ascii: "0") + UInt8(number % 10))
  }

  /// Lends it with a NUL behind it.
  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    // Safe because the last byte is never anything but a NUL, and the bytes are lent for the length
    // of the call.
    unsafe bytes.span.withUnsafeBytes {
      unsafe body($0.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self))
    }
  }

  /// Whether both are the same.
  static func == (left: borrowing FixedText, right: borrowing FixedText) -> Bool {
    guard left.count == right.count else { return false }
    for index in 0..<left.count where left.bytes[index] != right.bytes[index] { return false }
    return true
  }
}
