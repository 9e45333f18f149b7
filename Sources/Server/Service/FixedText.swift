/// A text of bounded length, put together without allocating: what does not fit is left out.
struct FixedText {
  /// How many bytes have room.
  static let capacity = 512

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

  /// Its bytes.
  var span: Span<UInt8> {
    @_lifetime(borrow self) borrowing get { bytes.span.extracting(..<count) }
  }

  /// Whether both are the same.
  static func == (left: borrowing FixedText, right: borrowing FixedText) -> Bool {
    guard left.count == right.count else { return false }
    for index in 0..<left.count where left.bytes[index] != right.bytes[index] { return false }
    return true
  }
}
