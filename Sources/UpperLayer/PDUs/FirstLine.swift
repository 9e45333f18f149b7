/// Recognizes protocols by their opening text.
enum FirstLine {
  /// The most bytes of a first line to read, which bounds the work that a peer can cause.
  static let longest = 1024

  /// Returns `bytes` without a leading byte order mark and leading empty lines.
  @_lifetime(copy bytes)
  static func text(_ bytes: Span<UInt8>) -> Span<UInt8> {
    var start = begins(bytes, with: "\u{FEFF}") ? 3 : 0
    while start < min(bytes.count, longest), bytes[start] == 0x0D || bytes[start] == 0x0A {
      start += 1
    }
    return bytes.extracting(droppingFirst: start)
  }

  /// Returns the protocol that opens with `bytes`, or `nil` if it is not known.
  static func foreignProtocol(of bytes: Span<UInt8>) -> ForeignProtocol? {
    let openings: [16 of (text: String, is: ForeignProtocol)] = [
      ("SSH-", .ssh), ("MSH|", .hl7), ("FHS|", .hl7), ("BHS|", .hl7), ("PROXY ", .proxy),
      ("HTTP/", .http), ("<?xml", .xml), ("%!PS", .printJob), ("@PJL", .printJob),
      ("\u{1B}%-12345X", .printJob), ("\u{1B}E", .printJob), ("EHLO ", .smtp), ("HELO ", .smtp),
      ("PING\r\n", .redis), ("AUTH ", .redis), ("INFO\r\n", .redis),
    ]
    for index in openings.indices where begins(bytes, with: openings[index].text) {
      return openings[index].is
    }
    return byRequestLine(bytes) ?? byStructure(bytes)
  }

  /// Recognizes HTTP and the protocols that adopted its request line.
  private static func byRequestLine(_ bytes: Span<UInt8>) -> ForeignProtocol? {
    if let found = byVersion(bytes) { return found }
    let methods: [8 of String] = [
      "GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "CONNECT ", "TRACE ",
    ]
    for index in methods.indices where begins(bytes, with: methods[index]) { return .http }
    return nil
  }

  private static func byStructure(_ bytes: Span<UInt8>) -> ForeignProtocol? {
    guard bytes.count >= 2 else { return nil }
    let isLetter = (0x41...0x5A).contains(bytes[1] & 0xDF)
    switch bytes[0] {
    case UInt8(ascii: "*") where (0x31...0x39).contains(bytes[1]):
      // A RESP array, which begins with the number of its elements.
      return afterDigits(bytes) == 0x0D ? .redis : nil
    case UInt8(ascii: "<") where isLetter || bytes[1] == UInt8(ascii: "!"): return .xml
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      return afterSpace(bytes) == UInt8(ascii: "\"") || afterSpace(bytes) == UInt8(ascii: "{")
        ? .json : nil
    default: return nil
    }
  }

  /// Returns the first byte after the opening one that is not white space.
  private static func afterSpace(_ bytes: Span<UInt8>) -> UInt8? {
    for index in 1..<min(bytes.count, longest) {
      switch bytes[index] {
      case 0x20, 0x09, 0x0A, 0x0D: continue
      default: return bytes[index]
      }
    }
    return nil
  }

  /// Returns the first byte after the opening one that is not a digit, within the size of a number.
  private static func afterDigits(_ bytes: Span<UInt8>) -> UInt8? {
    for index in 1..<min(bytes.count, 8) where !(0x30...0x39).contains(bytes[index]) {
      return bytes[index]
    }
    return nil
  }

  /// Returns the known protocol named between a space and a slash in the first line, as in ` HTTP/1.1`; an
  /// unprintable byte ends the line.
  private static func byVersion(_ bytes: Span<UInt8>) -> ForeignProtocol? {
    for index in 0..<min(bytes.count, longest) {
      guard (0x20...0x7E).contains(bytes[index]) else { return nil }
      guard bytes[index] == 0x20, index + 1 < bytes.count else { continue }
      let rest = bytes.extracting((index + 1)...)
      switch rest[0] {
      case UInt8(ascii: "H") where begins(rest, with: "HTTP/"): return .http
      case UInt8(ascii: "R") where begins(rest, with: "RTSP/"): return .rtsp
      case UInt8(ascii: "S") where begins(rest, with: "SIP/"): return .sip
      default: continue
      }
    }
    return nil
  }

  /// Whether `bytes` begin with `text`.
  static func begins(_ bytes: Span<UInt8>, with text: String) -> Bool {
    let expected = text.utf8.span
    guard bytes.count >= expected.count else { return false }
    for index in expected.indices where bytes[index] != expected[index] { return false }
    return true
  }
}
