import UpperLayer

/// In what an AE title differs from the one that was probably meant: case is significant (PS3.8
/// §9.3.2), and many a device is refused for a single character.
enum TitleDifference {
  /// The difference in words, or nothing when the two are not alike.
  static func text(_ sent: AETitle, _ meant: AETitle) -> String? {
    let (left, right) = (bytes(sent), bytes(meant))
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

  private static func bytes(_ title: AETitle) -> [UInt8] {
    let bytes = title.bytes
    return (0..<title.length).map { bytes[$0] }
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
