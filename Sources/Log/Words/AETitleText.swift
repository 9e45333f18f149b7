import ByteCoding
public import UpperLayer

/// AE titles in running text. A peer chooses its title freely, so it may read like part of the sentence:
/// `CT1 at 192.0.2.1` is a valid title.
extension AETitle {
  /// The title as a word of a sentence: bare if it consists only of letters, digits, hyphens, underscores
  /// and periods, and so cannot be taken for anything else; otherwise in double quotes.
  public var name: String {
    unpaddedBytes.allSatisfy(Self.isPlain) ? text : quoted
  }

  /// The title in double quotes, with any double quote inside it escaped.
  public var quoted: String {
    let bytes = unpaddedBytes
    return Escaping.quoted(bytes.span)
  }

  /// The title without its padding, with every byte escaped that is not printable ASCII.
  public var text: String {
    let bytes = unpaddedBytes
    return Escaping.ascii(bytes.span)
  }

  fileprivate var unpaddedBytes: [UInt8] {
    let bytes = bytes
    return Escaping.copy(of: bytes.span.extracting(..<length))
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }
}

/// How an AE title differs from the one that was probably meant: case is significant (PS3.8 §9.3.2), and
/// many devices are refused over a single character.
enum TitleDifference {
  /// The difference in words, or `nil` if the two titles are not similar.
  static func text(_ sent: AETitle, _ meant: AETitle) -> String? {
    let (left, right) = (sent.unpaddedBytes, meant.unpaddedBytes)
    if left == right || left.isEmpty || right.isEmpty { return nil }
    if left.map(lowered) == right.map(lowered) { return "only upper and lower case differ" }
    if left.filter(isLetterOrDigit).map(lowered) == right.filter(isLetterOrDigit).map(lowered) {
      return "only spaces, hyphens, underscores or the like differ"
    }
    return ofOneCharacter(left, right)
  }

  /// The difference if it is one character missing, extra or replaced, or two swapped; otherwise `nil`.
  private static func ofOneCharacter(_ sent: [UInt8], _ meant: [UInt8]) -> String? {
    var start = 0
    while start < min(sent.count, meant.count), sent[start] == meant[start] { start += 1 }
    var end = 0
    while end < min(sent.count, meant.count) - start,
      sent[sent.count - 1 - end] == meant[meant.count - 1 - end]
    {
      end += 1
    }
    let (extra, missing) = (sent[start..<sent.count - end], meant[start..<meant.count - end])
    // In titles of one or two characters, one difference is too much to call them similar.
    guard max(sent.count, meant.count) > 2 else { return nil }
    switch (extra.count, missing.count) {
    case (1, 0): return "extra \(quoted(extra))"
    case (0, 1): return "\(quoted(missing)) is missing"
    case (1, 1): return "\(quoted(extra)) instead of \(quoted(missing))"
    case (2, 2) where extra.elementsEqual(missing.reversed()):
      return "\(quoted(extra)) instead of \(quoted(missing))"
    default: return nil
    }
  }

  private static func quoted(_ bytes: ArraySlice<UInt8>) -> String {
    Escaping.quoted(Array(bytes).span)
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lower)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

/// Faults in a device's AE titles that do not depend on the SCP it calls, and how a strict SCP treats them.
enum OddTitles {
  /// The faults in the titles of `subject` as the rest of a sentence; empty if `record` notes none.
  static func text(of record: Record, _ subject: Subject) -> String {
    let notes = record.notes
    var text = ""
    if notes.contains(.aeTitleBlank), subject.callingText == nil, !saysBlank(record.event) {
      text +=
        "; its calling AE title is blank: set the device's own AE title on the device, "
        + "since a strict SCP rejects a blank one (1/1/3)"
    }
    guard notes.contains(.aeTitleCharacters) else { return text }
    if let calling = subject.callingAETitle, calling.hasForbiddenByte {
      text += bytes(of: "calling", calling, "1/1/3")
    }
    if let called = subject.calledAETitle, called.hasForbiddenByte {
      text += bytes(of: "called", called, "1/1/7")
    }
    return text
  }

  /// Whether the sentence of `event` itself says that the calling title is blank.
  private static func saysBlank(_ event: Event) -> Bool {
    if case .associationRejected(.callingAETitle, _) = event { true } else { false }
  }

  private static func bytes(of which: String, _ title: AETitle, _ rejection: String) -> String {
    let all = title.unpaddedBytes.map { hex($0) }.joined(separator: " ")
    return
      "; its \(which) AE title has a forbidden byte (\(all)): a strict SCP rejects the "
      + "association (\(rejection)) or aborts it; set a title of printable ASCII without backslash on the "
      + "device"
  }
}

/// AE titles in a request that are not 16 bytes each, so that everything after them is displaced: one title
/// has more than 16 characters, or both lack their padding (PS3.8 §9.3.2).
struct MisplacedTitles {
  /// The size of both titles together, in bytes.
  let size: Int
  /// The called and the calling title as received, without a gap.
  private let titles: [UInt8]
  /// Whether the called title is padded, so that the calling one must be too long.
  private let isCalledPadded: Bool

  /// The offset of the titles from the end of the header, in bytes.
  private static let start = 4
  /// The size that both titles should have together, in bytes.
  private static let due = 2 * AETitle.size
  /// The number of reserved bytes after the titles, all 0.
  private static let reserved = 32
  /// The sizes to try: from two titles of one character to one padded title and one of 64 characters.
  private static let sizes = 2...80

  /// Finds the titles of the A-ASSOCIATE-RQ whose bytes after the header are `body`; `nil` if their size is
  /// right, or if no other size makes sense of the bytes that follow.
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

  /// Whether the reserved bytes are at `place`, followed by items up to the end, the first of which is the
  /// application context (PS3.8 §9.3.2.1).
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

  /// The fault and its remedy on the device, as the rest of a sentence.
  var text: String {
    let shown = Escaping.quoted(titles.span)
    let place = "; its AE titles take \(size) bytes instead of \(Self.due) (\(shown))"
    if size < Self.due {
      return place
        + ": they are not padded with spaces to 16 characters each, which its manufacturer "
        + "must fix"
    }
    let which = isCalledPadded ? "the calling one" : "one of them"
    return place
      + ": \(which) seems to be too long; set AE titles of at most 16 characters on the device"
  }
}
