/// Protocols that are told by the text that they open with.
enum FirstLine {
  /// How much of a first line is read: a peer should not have work done for a name in the log.
  static let longest = 1024

  /// What opens with `bytes`; nothing when it is not known.
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

  /// HTTP, and what took over its request line.
  private static func byRequestLine(_ bytes: Span<UInt8>) -> ForeignProtocol? {
    if has(bytes, " HTTP/") { return .http }
    if has(bytes, " RTSP/") { return .rtsp }
    if has(bytes, " SIP/") { return .sip }
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
      // An array of as many strings (RESP).
      return has(bytes, "\r") ? .redis : nil
    case UInt8(ascii: "<") where isLetter || bytes[1] == UInt8(ascii: "!"): return .xml
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      return afterSpace(bytes) == UInt8(ascii: "\"") || afterSpace(bytes) == UInt8(ascii: "{")
        ? .json : nil
    default: return nil
    }
  }

  /// The first byte behind the first one that is no space.
  private static func afterSpace(_ bytes: Span<UInt8>) -> UInt8? {
    for index in 1..<min(bytes.count, longest) {
      switch bytes[index] {
      case 0x20, 0x09, 0x0A, 0x0D: continue
      default: return bytes[index]
      }
    }
    return nil
  }

  /// Whether `text` is in the first line, or in what there is of it.
  private static func has(_ bytes: Span<UInt8>, _ text: String) -> Bool {
    for index in 0..<min(bytes.count, longest) {
      if bytes[index] == 0x0A { return false }
      if begins(bytes.extracting(index...), with: text) { return true }
    }
    return false
  }

  /// Whether `bytes` begin with `text`.
  static func begins(_ bytes: Span<UInt8>, with text: String) -> Bool {
    let expected = text.utf8.span
    guard bytes.count >= expected.count else { return false }
    for index in expected.indices where bytes[index] != expected[index] { return false }
    return true
  }
}
