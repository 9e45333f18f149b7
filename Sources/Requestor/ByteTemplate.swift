import ByteCoding

/// An answer that was checked element by element, kept so that the same one is recognized when it
/// comes again. Two bytes of it may differ: the Message ID.
struct ByteTemplate: Sendable {
  /// The longest answer that is kept, in bytes.
  static let longest = 1024

  /// How many bytes are compared at once.
  private static let wordSize = 16

  private var bytes: [UInt8] = []
  private var messageIDOffset: Int?

  /// A template that nothing is like.
  init() { bytes.reserveCapacity(Self.longest) }

  /// How many bytes it has; 0 when nothing is like it.
  var count: Int { bytes.count }

  /// Keeps `answer`, if it is short enough, with its Message ID at `messageIDOffset`.
  mutating func keep(_ answer: Span<UInt8>, messageIDOffset: Int? = nil) {
    guard answer.count <= Self.longest, answer.count >= Self.wordSize else { return }
    bytes.removeAll(keepingCapacity: true)
    for index in answer.indices { bytes.append(answer[index]) }
    self.messageIDOffset = messageIDOffset
  }

  /// Whether the bytes of `input` from `start` on begin with it, with this Message ID.
  mutating func matches(_ input: Span<UInt8>, at start: Int, messageID: UInt16 = 0) -> Bool {
    let count = bytes.count
    guard count >= Self.wordSize, input.count - start >= count else { return false }
    if let messageIDOffset {
      bytes[messageIDOffset] = UInt8(truncatingIfNeeded: messageID)
      bytes[messageIDOffset + 1] = UInt8(truncatingIfNeeded: messageID >> 8)
    }
    return Self.equal(bytes.span, input.extracting(start..<start + count))
  }

  /// Whether two spans of the same size, a word or more, have the same bytes: the last word overlaps
  /// the one before.
  private static func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    let last = left.count - wordSize
    var index = 0
    while index < last {
      if left.load(UInt128.self, at: index) != right.load(UInt128.self, at: index) { return false }
      index &+= wordSize
    }
    return left.load(UInt128.self, at: last) == right.load(UInt128.self, at: last)
  }
}
