public import UpperLayer

/// What is not DICOM, in words.
extension ForeignProtocol {
  /// What has come, in words.
  public var text: String {
    switch self {
    case .tls: "TLS on a port without TLS"
    case .proxy: "a PROXY protocol header, which is not expected here"
    case .other: "not DICOM"
    case .dicomFile, .dataSet: "\(name) without an association"
    case .http, .ssh, .hl7, .smb, .rdp, .socks, .rtsp, .sip, .mqtt, .redis, .ldap, .postgreSQL,
      .sqlServer, .rpc, .telnet, .smtp, .printJob, .printQueue, .analyser, .xml, .json:
      "\(name) on a DICOM port"
    }
  }

  /// What it is called.
  public var name: String {
    switch self {
    case .http: "HTTP"
    case .tls: "TLS"
    case .ssh: "SSH"
    case .hl7: "HL7"
    case .smb: "SMB"
    case .proxy: "a PROXY protocol header"
    case .rdp: "RDP"
    case .socks: "SOCKS"
    case .rtsp: "RTSP (of a camera)"
    case .sip: "SIP (of a telephone)"
    case .mqtt: "MQTT"
    case .redis: "Redis"
    case .ldap: "LDAP"
    case .postgreSQL: "PostgreSQL"
    case .sqlServer: "Microsoft SQL Server"
    case .rpc: "Windows RPC"
    case .telnet: "Telnet"
    case .smtp: "SMTP"
    case .printJob: "a print job"
    case .printQueue: "a command to a print queue (LPD)"
    case .analyser: "a laboratory analyser (ASTM)"
    case .xml: "XML"
    case .json: "JSON"
    case .dicomFile: "a DICOM file"
    case .dataSet: "a DICOM data set"
    case .other: "something else"
    }
  }
}

/// How much is shown of the first bytes of what is not DICOM: sixteen, but nothing behind the place where
/// the protocol has the name of a user, a secret or a part of a message.
enum ForeignOpening {
  /// How many of `bytes` are shown, given that they are of `kind`.
  static func length(of bytes: Span<UInt8>, _ kind: ForeignProtocol) -> Int {
    let first = bytes.extracting(first: RefusedPDU.longestForeign)
    return min(first.count, bound(first, kind))
  }

  private static func bound(_ bytes: Span<UInt8>, _ kind: ForeignProtocol) -> Int {
    switch kind {
    case .http, .rtsp, .sip: behind(bytes, ":", before: "?")
    case .hl7: endOfEncodingCharacters(bytes)
    case .socks: bytes[0] == 0x04 ? 8 : 3
    case .rdp: 11
    case .mqtt: 12
    case .ldap: 10
    case .postgreSQL, .dataSet: 8
    case .analyser: 2
    case .xml: behind(bytes, ">", before: "\"' -")
    case .json:
      bytes[0] == UInt8(ascii: "{") ? behind(bytes, ":") : behind(bytes, "[", before: "\"")
    case .redis: bytes[0] == UInt8(ascii: "*") ? bytes.count : behind(bytes, " ")
    case .smtp: behind(bytes, " ")
    // The name of a queue may be followed by that of a user.
    case .printQueue: behind(bytes, " \n")
    // PCL, the universal exit of PJL, a line of PJL, PostScript.
    case .printJob: bytes[0] != 0x1B ? 4 : behind(bytes, "EX")
    case .sqlServer, .rpc, .telnet, .tls, .ssh, .smb, .proxy, .dicomFile: bytes.count
    case .other: min(behindSecretWord(bytes), behind(bytes, "|^"))
    }
  }

  /// Up to and with the first of `marks`, or up to the first of `stops`.
  private static func behind(
    _ bytes: Span<UInt8>, _ marks: String, before stops: String = ""
  ) -> Int {
    for index in bytes.indices {
      if marks.utf8.contains(bytes[index]) { return index + 1 }
      if stops.utf8.contains(bytes[index]) { return index }
    }
    return bytes.count
  }

  /// Up to and with the name of a header segment, its separator and its encoding characters, or up to where
  /// there is none (HL7 v2, chapter 2).
  private static func endOfEncodingCharacters(_ bytes: Span<UInt8>) -> Int {
    var start = 0
    while start < bytes.count, bytes[start] < 0x20 { start += 1 }
    let segment = bytes.extracting(start...)
    guard ["MSH", "FHS", "BHS"].contains(where: { hasWord(segment, $0, at: 0) }), segment.count > 3
    else { return start }
    var end = 4
    while end < min(segment.count, 8), isPunctuation(segment[end]), segment[end] != segment[3] {
      end += 1
    }
    return start + end
  }

  private static func isPunctuation(_ byte: UInt8) -> Bool {
    (0x21...0x7E).contains(byte) && !(0x30...0x39).contains(byte)
      && !(0x41...0x5A).contains(byte & 0xDF)
  }

  /// Up to and with a word that the name of a user or a secret follows in many protocols.
  private static func behindSecretWord(_ bytes: Span<UInt8>) -> Int {
    for start in bytes.indices {
      for word in ["USER ", "PASS ", "AUTH ", "LOGIN ", "PASSWORD"]
      where hasWord(bytes, word, at: start) { return start + word.utf8.count }
    }
    return bytes.count
  }

  private static func hasWord(_ bytes: Span<UInt8>, _ word: String, at start: Int) -> Bool {
    guard bytes.count - start >= word.utf8.count else { return false }
    for (index, expected) in word.utf8.enumerated() {
      let byte = bytes[start + index]
      let isLower = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      if (isLower ? byte & 0xDF : byte) != expected { return false }
    }
    return true
  }
}
