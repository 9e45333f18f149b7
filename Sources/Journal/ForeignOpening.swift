import UpperLayer

/// How much is shown of the first bytes of what is not DICOM: sixteen, but nothing behind the place where
/// the protocol has the name of a user, a secret or a part of a message.
enum ForeignOpening {
  /// How many of `bytes` are shown.
  static func length(of bytes: Span<UInt8>) -> Int {
    min(RefusedPDU.longestForeign, min(bytes.count, bound(bytes)))
  }

  private static func bound(_ bytes: Span<UInt8>) -> Int {
    switch ForeignProtocol(firstBytes: bytes) {
    case .http, .rtsp, .sip: behind(bytes, firstOf: [UInt8(ascii: ":")], or: [UInt8(ascii: "?")])
    // Up to the encoding characters, which are the same in every message.
    case .hl7: behind(bytes, firstOf: [UInt8(ascii: "&")])
    case .socks: bytes[0] == 0x04 ? 8 : 3
    case .rdp: 11
    case .mqtt: 12
    case .ldap: 10
    case .postgreSQL, .dataSet: 8
    case .analyser: 2
    case .xml:
      behind(bytes, firstOf: [UInt8(ascii: ">")], or: [UInt8(ascii: "\""), UInt8(ascii: "'")])
    case .json: behind(bytes, firstOf: [UInt8(ascii: ":")])
    case .redis: bytes[0] == UInt8(ascii: "*") ? bytes.count : behind(bytes, firstOf: [0x20])
    case .printQueue, .printJob, .smtp, .sqlServer, .rpc, .telnet, .tls, .ssh, .smb, .proxy,
      .dicomFile:
      bytes.count
    case .other, nil: behindSecretWord(bytes)
    }
  }

  /// Up to and with the first of `marks`, or up to the first of `stops`.
  private static func behind(
    _ bytes: Span<UInt8>, firstOf marks: [UInt8], or stops: [UInt8] = []
  ) -> Int {
    for index in bytes.indices {
      if marks.contains(bytes[index]) { return index + 1 }
      if stops.contains(bytes[index]) { return index }
    }
    return bytes.count
  }

  /// Up to and with a word that the name of a user or a secret follows in many protocols.
  private static func behindSecretWord(_ bytes: Span<UInt8>) -> Int {
    let words: [5 of String] = ["USER ", "PASS ", "AUTH ", "LOGIN ", "PASSWORD"]
    for start in bytes.indices {
      for index in words.indices where hasWord(bytes, words[index].utf8.span, at: start) {
        return start + words[index].utf8.count
      }
    }
    return bytes.count
  }

  private static func hasWord(_ bytes: Span<UInt8>, _ word: Span<UInt8>, at start: Int) -> Bool {
    guard bytes.count - start >= word.count else { return false }
    for index in word.indices {
      let byte = bytes[start + index]
      let isLower = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      if (isLower ? byte & 0xDF : byte) != word[index] { return false }
    }
    return true
  }
}
