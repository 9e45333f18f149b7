public import UpperLayer

/// An AE title in running text. A peer chooses it, so that it may read like a part of the sentence:
/// `CT1 at 192.0.2.1` is one.
extension AETitle {
  /// The title as a word of a sentence: bare when it cannot be taken for anything else, which means
  /// that it has letters, digits, hyphens, underscores and periods alone; else in double quotes.
  public var name: String {
    let bytes = bytes
    for index in 0..<length where !Self.isPlain(bytes[index]) { return quoted }
    // Who calls no title at all is said to call nobody.
    let text = text
    return length == 6 && text.lowercased() == "nobody" ? quoted : text
  }

  /// The title in double quotes, with no other double quote between them.
  public var quoted: String {
    let bytes = bytes
    return Escaping.quoted(bytes.span.extracting(..<length))
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
