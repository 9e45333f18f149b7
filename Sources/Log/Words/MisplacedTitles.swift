import ByteCoding
import UpperLayer

/// AE titles that are not of 16 bytes each, so that everything behind them is elsewhere than it should be:
/// one of more than 16 characters, or titles without their padding (PS3.8 §9.3.2).
public struct MisplacedTitles {
  /// How many bytes the two take.
  let size: Int
  /// The two, one behind the other.
  private let titles: [UInt8]
  /// Whether the called one is padded, so that it is the calling one that is too long.
  private let isCalledPadded: Bool

  /// Where the titles begin, in bytes behind the header.
  private static let start = 4
  /// How many bytes the two should take.
  private static let due = 2 * AETitle.size
  /// How many reserved bytes are behind them, all 0.
  private static let reserved = 32
  /// The sizes that are thought of: of a title of up to 64 characters, or of two of one character each.
  private static let sizes = 2...80

  /// What the titles of the A-ASSOCIATE-RQ seem to be whose bytes behind the header are `body`; nothing when
  /// they are where they should be, or what follows makes no sense elsewhere either.
  init?(_ body: Span<UInt8>) {
    guard let size = Self.size(body) else { return nil }
    self.size = size
    titles = Escaping.copy(of: body.extracting(Self.start..<Self.start + size))
    isCalledPadded = titles.prefix(AETitle.size).last == UInt8(ascii: " ")
  }

  private static func size(_ body: Span<UInt8>) -> Int? {
    for size in sizes where size != due && isFollowedByItems(body, start + size) { return size }
    return nil
  }

  /// Whether the reserved bytes are at `place`, and behind them items up to the end, the first of which is
  /// the application context (PS3.8 §9.3.2.1).
  private static func isFollowedByItems(_ body: Span<UInt8>, _ place: Int) -> Bool {
    var next = place + reserved
    guard body.count >= next + 4, body[place - 1] != 0, body[next] == 0x10 else { return false }
    for index in place..<next where body[index] != 0 { return false }
    var latest: UInt8 = 0
    while next < body.count {
      guard body.count - next >= 4, body[next] >= latest, body[next + 1] == 0 else { return false }
      latest = body[next]
      next += 4 + Int(body.bigEndian(UInt16.self, at: next + 2))
    }
    return next == body.count
  }

  /// What is wrong, and what to do on the device, as the rest of a sentence.
  var text: String {
    let shown = Escaping.quoted(titles.span)
    let place = "; its AE titles take \(size) bytes instead of \(Self.due) (\(shown))"
    if size < Self.due {
      return place
        + ": they are not padded with spaces to 16 characters each, which its manufacturer "
        + "has to mend"
    }
    let which = isCalledPadded ? "the calling one" : "one of them"
    return place
      + ": \(which) seems to be too long; set AE titles of at most 16 characters on the device"
  }
}
