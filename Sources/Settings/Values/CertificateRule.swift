/// A rule that the certificate of a device must match: a name in it, or its fingerprint.
public enum CertificateRule: Equatable, Sendable {
  /// The common name in the subject.
  case commonName(String)
  /// A DNS name among the subject alternative names.
  case dnsName(String)
  /// A URI among the subject alternative names.
  case uri(String)
  /// The SHA-256 fingerprint of the whole certificate: 32 bytes.
  case sha256([UInt8])

  /// The rule as written in a file, without quotation marks.
  public var text: String {
    switch self {
    case .commonName(let name): Self.prefix(.commonName) + name
    case .dnsName(let name): Self.prefix(.dnsName) + name
    case .uri(let uri): Self.prefix(.uri) + uri
    case .sha256(let bytes): Self.prefix(.sha256) + Hexadecimal.text(bytes)
    }
  }

  /// Reads `text`. The word before the colon may have capitals, as OpenSSL prints it.
  init(_ text: String) throws(Mistake) {
    guard let colon = text.firstIndex(of: ":"),
      let kind = Kind(rawValue: text[..<colon].lowercased())
    else { throw Self.correction(of: text) }
    let name = String(text[text.index(after: colon)...])
    if name.isEmpty {
      throw Mistake(
        of: text, "has nothing after the colon", "write no space there, as in \(Self.example)")
    }
    switch kind {
    case .commonName: self = .commonName(try Self.commonName(name, text))
    case .dnsName: self = .dnsName(try Self.dnsName(name, text))
    case .uri: self = .uri(try Self.uri(name, text))
    case .sha256: self = .sha256(try Self.fingerprint(name, text))
    }
  }

  /// The kinds of rules, with the word before the colon.
  private enum Kind: String, CaseIterable {
    case commonName = "cn"
    case dnsName = "dns"
    case uri
    case sha256
  }

  private static func prefix(_ kind: Kind) -> String { "\(kind.rawValue):" }
  /// A rule for messages.
  private static let example = "cn:CT1"
}

/// Reading the parts of a rule. `text` is the rule as a whole, for the message.
extension CertificateRule {
  /// The bytes of a SHA-256 fingerprint.
  static let fingerprintLength = 32
  /// The longest name of a host (RFC 1035 §2.3.4).
  private static let longestName = 253

  private static func commonName(_ name: String, _ text: String) throws(Mistake) -> String {
    if let problem = LookAlike.problem(in: name) { throw Mistake(problem) }
    let isBare = !name.unicodeScalars.contains { Quotation.isControl($0) || $0 == "\u{FFFD}" }
    // A name may end in almost anything, but that mark separates values in other formats.
    guard isBare, name.last != ";" else {
      throw Mistake(
        of: text, "is not a common name",
        expected: "text in UTF-8 without control characters, and a comma between two rules")
    }
    return name
  }

  private static func dnsName(_ name: String, _ text: String) throws(Mistake) -> String {
    guard name.utf8.allSatisfy(Quotation.isPlain), name.utf8.count <= longestName else {
      throw Mistake(
        of: text, "is not a DNS name",
        expected: "letters, digits, dots, hyphens and underscores, without a wildcard")
    }
    return name
  }

  private static func uri(_ uri: String, _ text: String) throws(Mistake) -> String {
    let isASCII = uri.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    guard isASCII, uri.contains(":"), uri.last != ";" else {
      throw Mistake(
        of: text, "is not a URI",
        expected: "ASCII characters with a scheme, as in uri:urn:oid:1.2.3")
    }
    return uri
  }

  private static func fingerprint(_ name: String, _ text: String) throws(Mistake) -> [UInt8] {
    let source =
      "\(fingerprintLength * 2), as openssl x509 -noout -fingerprint -sha256 prints them"
    let digits = name.filter { $0 != ":" }
    guard digits.utf8.allSatisfy(Hexadecimal.isDigit) else {
      throw Mistake(
        of: text, "has a character that is not a hexadecimal digit", expected: source)
    }
    guard let bytes = Hexadecimal.bytes(digits), bytes.count == fingerprintLength else {
      throw Mistake(
        of: text, "has \(digits.utf8.count) hexadecimal digits", expected: source)
    }
    return bytes
  }

  /// The mistake in `text`, which does not begin with the word of a kind, with the rule that is meant if it is
  /// clear: `CN=CT1` is `cn:CT1`.
  private static func correction(of text: String) -> Mistake {
    let fault = "is not a certificate rule"
    let digits = text.filter { $0 != ":" }
    if digits.utf8.count == fingerprintLength * 2, digits.utf8.allSatisfy(Hexadecimal.isDigit) {
      return Mistake(of: text, fault, "write \(prefix(.sha256)) before it")
    }
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2, let kind = Kind(rawValue: parts[0].lowercased()),
      let rule = try? CertificateRule("\(prefix(kind))\(parts[1])"),
      let right = Quotation.whole(rule.text)
    {
      return Mistake(of: text, fault, "write \(right)")
    }
    return Mistake(
      of: text, fault,
      expected: "cn:, dns:, uri: or sha256: followed by the name or the fingerprint, as in "
        + example)
  }
}

extension Format<[CertificateRule]> {
  /// Rules for certificates, at least one.
  static let certificateRules = list(
    of: Format<CertificateRule>(
      read: { text throws(Mistake) in try CertificateRule(text) }, write: \.text))
}

/// Bytes as hexadecimal digits.
private enum Hexadecimal {
  /// Whether a byte is a hexadecimal digit.
  @Sendable static func isDigit(_ byte: UInt8) -> Bool { digit(byte) != nil }

  /// The bytes in `text`, or `nil` unless it consists of pairs of digits.
  static func bytes(_ text: String) -> [UInt8]? {
    let digits = text.utf8.compactMap(digit)
    guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// The digits of `bytes`, two for each, in lower case.
  static func text(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
