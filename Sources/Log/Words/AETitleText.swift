import ByteCoding
public import UpperLayer

/// An AE title in running text. A peer chooses it, so that it may read like a part of the sentence:
/// `CT1 at 192.0.2.1` is one.
extension AETitle {
  /// The title as a word of a sentence: bare when it cannot be taken for anything else, which means
  /// that it has letters, digits, hyphens, underscores and periods alone; else in double quotes.
  public var name: String {
    guard unpaddedBytes.allSatisfy(Self.isPlain) else { return quoted }
    // Who calls no title at all is said to call nobody.
    let text = text
    return length == 6 && text.lowercased() == "nobody" ? quoted : text
  }

  /// The title in double quotes, with no other double quote between them.
  public var quoted: String {
    let bytes = unpaddedBytes
    return Escaping.quoted(bytes.span)
  }

  /// The title without its padding, every byte that is not printable ASCII escaped.
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

/// In what an AE title differs from the one that was probably meant: case is significant (PS3.8
/// §9.3.2), and many a device is refused for a single character.
enum TitleDifference {
  /// The difference in words; `nil` when the two are not alike.
  static func text(_ sent: AETitle, _ meant: AETitle) -> String? {
    let (left, right) = (sent.unpaddedBytes, meant.unpaddedBytes)
    if left == right || left.isEmpty || right.isEmpty { return nil }
    if left.map(lowered) == right.map(lowered) { return "only upper and lower case differ" }
    if left.filter(isLetterOrDigit).map(lowered) == right.filter(isLetterOrDigit).map(lowered) {
      return "only spaces, hyphens, underscores or the like differ"
    }
    return ofOneCharacter(left, right)
  }

  /// One character that is missing, one too many, another one, or two that are swapped.
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
    // What is left of a title is not like it when it was most of it.
    guard max(sent.count, meant.count) > 2 else { return nil }
    switch (extra.count, missing.count) {
    case (1, 0): return "it has one \(quoted(extra)) too many"
    case (0, 1): return "it lacks one \(quoted(missing))"
    case (1, 1): return "it has \(quoted(extra)) where \(quoted(missing)) belongs"
    case (2, 2) where extra.elementsEqual(missing.reversed()):
      return "it has \(quoted(extra)) where \(quoted(missing)) belongs"
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

/// What is wrong with the AE titles of a device themselves, whoever is called by them, and what a
/// strict SCP does about it.
enum OddTitles {
  /// It as the rest of a sentence; empty when nothing is wrong, or `record` is about no trouble and
  /// no association.
  static func text(of record: Record, _ subject: Subject) -> String {
    let notes = record.notes
    var text = ""
    if notes.contains(.aeTitleBlank), subject.callingText == nil, !saysBlank(record.event) {
      text +=
        "; its calling AE title is blank: set the AE title of the device itself on the device, "
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

  /// Whether the event itself says that the calling title is blank.
  private static func saysBlank(_ event: Event) -> Bool {
    if case .associationRejected(.callingAETitle, _) = event { true } else { false }
  }

  private static func bytes(of which: String, _ title: AETitle, _ rejection: String) -> String {
    let all = title.unpaddedBytes.map { hex($0) }.joined(separator: " ")
    return
      "; its \(which) AE title has a byte that none may have (\(all)): a strict SCP rejects the "
      + "association (\(rejection)) or aborts it; set one of printable ASCII without backslash on the "
      + "device"
  }
}

/// AE titles that are not of 16 bytes each, so that everything behind them is elsewhere than it should be:
/// one of more than 16 characters, or titles without their padding (PS3.8 §9.3.2).
struct MisplacedTitles {
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

  /// What the titles of the A-ASSOCIATE-RQ seem to be whose bytes behind the header are `body`; `nil` when
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
