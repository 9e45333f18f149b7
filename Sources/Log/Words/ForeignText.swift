public import UpperLayer

/// Names for protocols other than DICOM.
extension ForeignProtocol {
  /// The input as the beginning of a sentence: `HTTP on a DICOM port`.
  public var text: String {
    switch self {
    case .tls: "TLS on a port without TLS"
    case .dicom: "DICOM without TLS on a port for TLS"
    case .proxy: "a PROXY protocol header, which is not expected here"
    case .secondProxy: "a second PROXY protocol header behind the first"
    case .other: "not DICOM"
    case .dicomFile, .dataSet: "\(name) without an association"
    case .http, .ssh, .hl7, .smb, .rdp, .socks, .rtsp, .sip, .mqtt, .redis, .ldap, .postgreSQL,
      .sqlServer, .rpc, .telnet, .smtp, .printJob, .printQueue, .analyzer, .xml, .json:
      "\(name) on a DICOM port"
    }
  }

  /// The name of the protocol.
  public var name: String {
    switch self {
    case .http: "HTTP"
    case .tls: "TLS"
    case .dicom: "DICOM without TLS"
    case .ssh: "SSH"
    case .hl7: "HL7"
    case .smb: "SMB"
    case .proxy, .secondProxy: "a PROXY protocol header"
    case .rdp: "RDP"
    case .socks: "SOCKS"
    case .rtsp: "RTSP (camera)"
    case .sip: "SIP (telephone)"
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
    case .analyzer: "a laboratory analyzer (ASTM)"
    case .xml: "XML"
    case .json: "JSON"
    case .dicomFile: "a DICOM file"
    case .dataSet: "a DICOM data set"
    case .other: "something else"
    }
  }
}

/// How many of the first bytes of input that is not DICOM are shown: up to sixteen, but none beyond the place
/// where the protocol may have a user name, a secret or part of a message.
enum ForeignOpening {
  /// Returns how many of `bytes` are shown, given that they are of `kind`.
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
    case .analyzer: 2
    case .xml: behind(bytes, ">", before: "\"' -")
    case .json:
      bytes[0] == UInt8(ascii: "{") ? behind(bytes, ":") : behind(bytes, "[", before: "\"")
    case .redis: bytes[0] == UInt8(ascii: "*") ? bytes.count : behind(bytes, " ")
    case .smtp: behind(bytes, " ")
    // A user name may follow the name of the queue.
    case .printQueue: behind(bytes, " \n")
    // PCL, the universal exit of PJL, a line of PJL, PostScript.
    case .printJob: bytes[0] != 0x1B ? 4 : behind(bytes, "EX")
    case .sqlServer, .rpc, .telnet, .tls, .ssh, .smb, .proxy, .secondProxy, .dicomFile: bytes.count
    // AE titles and more follow the header.
    case .dicom: PDUType.headerSize
    case .other: min(behindSecretWord(bytes), behind(bytes, "|^"))
    }
  }

  /// Returns the end of the first of `marks`, or the start of the first of `stops` if that comes earlier.
  private static func behind(
    _ bytes: Span<UInt8>, _ marks: String, before stops: String = ""
  ) -> Int {
    for index in bytes.indices {
      if marks.utf8.contains(bytes[index]) { return index + 1 }
      if stops.utf8.contains(bytes[index]) { return index }
    }
    return bytes.count
  }

  /// Returns the end of a header segment's name, separator and encoding characters (HL7 v2, chapter 2), or the
  /// place where such a segment would start.
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

  /// Returns the end of the first word that a user name or a secret follows in many protocols.
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
