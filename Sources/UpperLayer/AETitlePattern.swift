/// A pattern of AE titles: `*` stands for any characters, `?` for one, every other character for
/// itself. Padding is not significant, in the pattern or in a title (PS3.8 §9.3.2).
public struct AETitlePattern: Equatable, Sendable {
  private let title: AETitle

  /// The pattern `text`, or nothing when it could not be an AE title itself.
  public init?(_ text: String) {
    guard let title = AETitle(text) else { return nil }
    self.title = title
  }

  /// The pattern without its padding.
  public var unpadded: String { title.unpadded }

  /// Whether `other` is one of the titles that this pattern stands for.
  public func matches(_ other: AETitle) -> Bool {
    let (pattern, patternLength) = (title.bytes, title.length)
    let (text, length) = (other.bytes, other.length)
    var position = 0
    var index = 0
    // Where the latest `*` is, and how much of the text it stands for so far.
    var star: (position: Int, index: Int)?
    while index < length {
      if position < patternLength, pattern[position] == UInt8(ascii: "*") {
        star = (position, index)
        position += 1
      } else if position < patternLength,
        pattern[position] == UInt8(ascii: "?") || pattern[position] == text[index]
      {
        position += 1
        index += 1
      } else if let latest = star {
        star = (latest.position, latest.index + 1)
        position = latest.position + 1
        index = latest.index + 1
      } else {
        return false
      }
    }
    while position < patternLength, pattern[position] == UInt8(ascii: "*") { position += 1 }
    return position == patternLength
  }
}
