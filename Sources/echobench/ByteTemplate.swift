import ByteCoding

/// An answer that was checked element by element, kept so that the same one is recognized when it
/// comes again. Two bytes of it may differ: the Message ID.
struct ByteTemplate {
  /// The longest answer that is kept, in bytes.
  static let longest = 1024

  private var bytes: [UInt8] = []
  private var messageIDOffset: Int?

  /// A template that nothing is like.
  init() { bytes.reserveCapacity(Self.longest) }

  /// How many bytes it has; 0 when nothing is like it.
  var count: Int { bytes.count }

  /// Keeps `answer`, if it is short enough, with its Message ID at `messageIDOffset`.
  mutating func keep(_ answer: Span<UInt8>, messageIDOffset: Int? = nil) {
    guard answer.count <= Self.longest else { return }
    bytes.removeAll(keepingCapacity: true)
    for index in answer.indices { bytes.append(answer[index]) }
    self.messageIDOffset = messageIDOffset
  }

  /// Whether the bytes of `input` from `start` on begin with it, with this Message ID.
  func matches(_ input: Span<UInt8>, at start: Int, messageID: UInt16 = 0) -> Bool {
    guard count > 0, input.count - start >= count else { return false }
    guard let messageIDOffset else { return equals(input, start, 0..<count) }
    return input.littleEndian(UInt16.self, at: start + messageIDOffset) == messageID
      && equals(input, start, 0..<messageIDOffset)
      && equals(input, start, messageIDOffset + 2..<count)
  }

  private func equals(_ input: Span<UInt8>, _ start: Int, _ range: Range<Int>) -> Bool {
    let own = bytes.span
    var index = range.lowerBound
    while range.upperBound - index >= 8 {
      if own.load(UInt64.self, at: index) != input.load(UInt64.self, at: start + index) {
        return false
      }
      index += 8
    }
    while index < range.upperBound {
      if own[index] != input[start + index] { return false }
      index += 1
    }
    return true
  }
}
