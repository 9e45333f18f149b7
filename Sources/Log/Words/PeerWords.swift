import ByteCoding
public import TLS

/// Text from a peer as part of a sentence: never longer than a few lines, and in quotes if it could be taken for
/// words of the sentence.
public enum PeerWords {
  /// The largest number of characters of a name or a list in a sentence.
  static let most = 200

  /// A name, bare if it consists only of characters that names have, otherwise in double quotes.
  public static func name(_ text: String) -> String {
    let shown = cut(Escaping.line(text), to: most)
    if !shown.isEmpty, shown.unicodeScalars.allSatisfy(isPlain) { return shown }
    let inside = shown.split(separator: "\"", omittingEmptySubsequences: false)
    return "\"\(inside.joined(separator: "\\x22"))\""
  }

  /// A name in bytes, with every byte escaped that is not printable ASCII.
  public static func name(_ bytes: [UInt8]) -> String {
    // More than is shown, and less than takes long to escape.
    name(Escaping.ascii(bytes.span.extracting(first: most + 1)))
  }

  /// The names as the object of a sentence: `A`, `A and B`, `A, B and C`, `A, B and 7 more`. There is at least one.
  public static func list(_ names: [String]) -> String {
    var shown: [String] = []
    var length = 0
    for name in names {
      length += name.count + 2
      if length > most, !shown.isEmpty { break }
      shown.append(name)
    }
    let left = names.count - shown.count
    if left > 0 { return "\(shown.joined(separator: ", ")) and \(left) more" }
    let last = shown.popLast() ?? ""
    return shown.isEmpty ? last : "\(shown.joined(separator: ", ")) and \(last)"
  }

  /// The first `count` characters of `text`, with an ellipsis if there are more.
  static func cut(_ text: String, to count: Int) -> String {
    guard let end = text.index(text.startIndex, offsetBy: count, limitedBy: text.endIndex),
      end < text.endIndex
    else { return text }
    return "\(text[..<end])…"
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "A"..."Z", "a"..."z", "0"..."9", "-", "_", ".", "=", ",", "+", "/", ":", "@", "*", "…":
      true
    default: false
    }
  }
}

extension CertificateFacts {
  /// The certificate as a word of a sentence: its subject, or if that is empty, one of its other names or its hash.
  public var name: String {
    if !subject.isEmpty { return PeerWords.name(subject) }
    if let other = dnsNames.first ?? uris.first { return PeerWords.name(other) }
    return "without a subject (SHA-256 \(fingerprintText))"
  }

  /// The issuer as a word of a sentence.
  public var issuerName: String { issuer.isEmpty ? "a CA without a name" : PeerWords.name(issuer) }
}
