/// How much is made of an input. What costs many times more than the rest is done for one fuzzer's
/// input in eight: the input itself chooses, so that each behaves in the same way whenever it is run,
/// and one that differs in any byte may choose otherwise. A unit test makes everything of each.
public struct Effort: Sendable {
  /// Everything, whatever the input is.
  public static let full = Effort(choice: nil)

  private let choice: UInt64?

  private init(choice: UInt64?) { self.choice = choice }

  /// What the fuzzer's input `bytes` chooses (FNV-1a).
  public init(of bytes: Span<UInt8>) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in bytes.indices {
      hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3
    }
    choice = hash ^ hash >> 32
  }

  /// Something that is not done for every input.
  enum Extra: UInt64 {
    case whole = 0
    case byteByByte = 3
    case shownRecords = 6
    case dump = 9
    case lineEnds = 12
    case answer = 15
  }

  /// Whether `extra` is done.
  func includes(_ extra: Extra) -> Bool {
    guard let choice else { return true }
    return choice >> extra.rawValue & 7 == 0
  }
}
