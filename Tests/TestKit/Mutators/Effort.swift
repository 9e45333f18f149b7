/// How thoroughly an input is rehearsed. Each check that costs many times more than the rest runs for
/// one fuzzer input in eight. A hash of the input decides, so that an input always behaves the same, but
/// a change of any byte may decide otherwise. Unit tests run all checks for every input.
public struct Effort: Sendable {
  /// All checks, whatever the input.
  public static let full = Effort(choice: nil)

  private let choice: UInt64?

  private init(choice: UInt64?) { self.choice = choice }

  /// The effort for the fuzzer input `bytes`, chosen by their hash (FNV-1a).
  public init(of bytes: Span<UInt8>) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in bytes.indices {
      hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3
    }
    choice = hash ^ hash >> 32
  }

  /// A check that does not run for every input; the raw value is a bit position in the hash.
  enum Extra: UInt64 {
    case whole = 0
    case byteByByte = 3
    case shownRecords = 6
    case dump = 9
    case lineEnds = 12
    case answer = 15
  }

  /// Whether `extra` runs.
  func includes(_ extra: Extra) -> Bool {
    guard let choice else { return true }
    return choice >> extra.rawValue & 7 == 0
  }
}
