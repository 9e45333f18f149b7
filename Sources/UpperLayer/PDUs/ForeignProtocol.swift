import ByteCoding

/// A protocol that reaches a DICOM port by mistake or from a scanner, recognized by its first bytes.
public enum ForeignProtocol: UInt8, Sendable, CaseIterable {
  /// An HTTP request or response.
  case http
  /// A TLS handshake record or an SSL 2 hello, sent to an acceptor without TLS.
  case tls
  /// DICOM without TLS, sent to an acceptor with TLS; never recognized by its bytes.
  case dicom
  /// An SSH identification string.
  case ssh
  /// An HL7 message in MLLP framing.
  case hl7
  /// An SMB message.
  case smb
  /// A PROXY protocol header, version 1 or 2.
  case proxy
  /// A PROXY protocol header behind the first one; never recognized by its bytes alone.
  case secondProxy
  /// An RDP connection request (TPKT).
  case rdp
  /// A SOCKS 4 or 5 client.
  case socks
  /// An RTSP request, as sent by a camera.
  case rtsp
  /// A SIP request, as sent by a telephone.
  case sip
  /// The CONNECT packet of an MQTT client.
  case mqtt
  /// A Redis command.
  case redis
  /// An LDAP message.
  case ldap
  /// The first message of a PostgreSQL client.
  case postgreSQL
  /// The first packet of a Microsoft SQL Server client (TDS).
  case sqlServer
  /// A DCE/RPC bind request, as sent by Windows.
  case rpc
  /// The option negotiation of a Telnet client.
  case telnet
  /// The greeting of a mail client (SMTP).
  case smtp
  /// A print job: PJL, PCL or PostScript.
  case printJob
  /// A command to a print queue (LPD, RFC 1179).
  case printQueue
  /// The opening of a laboratory analyzer: an ENQ, or an ASTM frame.
  case analyzer
  /// An XML document.
  case xml
  /// A JSON text.
  case json
  /// A DICOM file (PS3.10), sent as is.
  case dicomFile
  /// A data set without an association: it begins with an element of group 0008 or 0010.
  case dataSet
  /// An unknown protocol.
  case other

  /// Recognizes the protocol whose client opens with `bytes`, or returns `nil` if they may become a PDU.
  ///
  /// A first byte outside 01H to 07H never begins a PDU (PS3.8 §9.3.1). Bytes that begin with one of these
  /// belong to another protocol if they match it, or if no PDU of that type can have such a header.
  public init?(firstBytes bytes: Span<UInt8>) {
    guard bytes.count > 0 else { return nil }
    if let type = PDUType(rawValue: bytes[0]) {
      guard let found = Self(besidesPDU: type, bytes) else { return nil }
      self = found
    } else {
      self = Self(notAPDU: bytes)
    }
  }

  /// Recognizes bytes that begin like a PDU and are not one, or returns `nil` while they may be one.
  private init?(besidesPDU type: PDUType, _ bytes: Span<UInt8>) {
    switch type {
    case _ where type.hasItsLength(asHeader: bytes): return nil
    case .associateReject where bytes.count >= 4 && bytes[1] == 0 && bytes[2] == 0 && bytes[3] != 0:
      // An A-ASSOCIATE-RJ has the PDU-length 4, so its third and fourth bytes are 0.
      self = .rdp
    case .dataTransfer where bytes.count >= 2 && bytes[1] == 1:
      self = .socks
    case .releaseRequest where Self.isSOCKS5(bytes): self = .socks
    case .releaseRequest where Self.isRPCBind(bytes): self = .rpc
    case .associateAccept where Self.isASTMFrame(bytes), .releaseRequest where Self.isASTM(bytes):
      self = .analyzer
    case _ where Self.isPrintQueueCommand(bytes): self = .printQueue
    case _ where type.isImpossible(asHeader: bytes): self = .other
    default: return nil
    }
  }

  private init(notAPDU bytes: Span<UInt8>) {
    switch bytes[0] {
    case 0x16:
      self = bytes.count < 2 || bytes[1] == 0x03 ? .tls : .other
    case 0x0B:
      self = .hl7
    case 0x00 where Self.hasPostgreSQLVersion(bytes):
      self = .postgreSQL
    case 0x00 where Self.isDICOMFile(bytes):
      self = .dicomFile
    case 0x00 where Self.isBigEndianDataSet(bytes):
      self = .dataSet
    case 0x00:
      // NetBIOS framing: a zero, a 24-bit length, then SMB's own signature.
      let hasSignature = bytes.count >= 8 && Self.isSMBSignature(bytes.extracting(4..<8))
      self = hasSignature ? .smb : .other
    case 0x08, 0x10, 0x12, 0x30:
      self = Self.byStructure(bytes)
    case 0x0D where FirstLine.begins(bytes, with: "\r\n\r\n\0\r\n"):
      // PROXY version 2 begins 0D 0A 0D 0A 00 0D 0A; two empty lines alone come from a scanner.
      self = .proxy
    case 0xFF where bytes.count >= 2 && (0xFB...0xFE).contains(bytes[1]):
      self = .telnet
    case 0x80...0xFF where Self.isSSLv2Hello(bytes):
      self = .tls
    default:
      self =
        FirstLine.foreignProtocol(of: FirstLine.text(bytes))
        ?? (Self.isDICOMFile(bytes) ? .dicomFile : .other)
    }
  }

  private static func byStructure(_ bytes: Span<UInt8>) -> ForeignProtocol {
    // The protocol name follows the length of the CONNECT, which takes one to four bytes.
    if bytes[0] == 0x10 {
      for start in 2..<6 where bytes.count >= start + 6 {
        let rest = bytes.extracting(start...)
        if FirstLine.begins(rest, with: "\0\u{4}MQTT") { return .mqtt }
        if FirstLine.begins(rest, with: "\0\u{6}MQIs") { return .mqtt }
      }
    }
    // An LDAP sequence with a message ID of one to four bytes (RFC 4511 §4.1.1).
    if bytes[0] == 0x30, bytes.count >= 4 {
      let start = bytes[1] < 0x80 ? 2 : 2 + Int(bytes[1] & 0x7F)
      if start < 7, bytes.count > start + 1, bytes[start] == 2, (1...4).contains(bytes[start + 1]) {
        return .ldap
      }
    }
    // A pre-login packet (MS-TDS §2.2.3.1): its type, its status, a length, then zeros.
    if bytes[0] == 0x12, bytes.count >= 6, bytes[1] <= 1, bytes[4] == 0, bytes[5] == 0 {
      return .sqlServer
    }
    return isDataSet(bytes) ? .dataSet : .other
  }

  /// Whether `bytes` begin with a big-endian tag of group 0008 or 0010, then a VR (PS3.5, retired).
  private static func isBigEndianDataSet(_ bytes: Span<UInt8>) -> Bool {
    let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
    return bytes.count >= 8 && (bytes[1] == 0x08 || bytes[1] == 0x10)
      && letters.contains(bytes[4]) && letters.contains(bytes[5])
  }

  /// Whether `bytes` begin with a little-endian tag of group 0008 or 0010, then a VR or a short length.
  private static func isDataSet(_ bytes: Span<UInt8>) -> Bool {
    guard bytes[0] == 0x08 || bytes[0] == 0x10, bytes.count >= 8, bytes[1] == 0 else {
      return false
    }
    let element = bytes.littleEndian(UInt16.self, at: 2)
    let length = bytes.littleEndian(UInt32.self, at: 4)
    let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
    let hasVR = letters.contains(bytes[4]) && letters.contains(bytes[5])
    return element > 0 && (hasVR || length > 0 && length <= 1024)
  }

  /// Whether `bytes` are a SOCKS 5 greeting: a few methods, preceded by their number, the first from 0 to 3.
  private static func isSOCKS5(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= 3, (1...9).contains(bytes[1]) else { return false }
    // The PDU-length of an A-RELEASE-RQ begins 0, 0.
    if bytes[2] == 0 { return bytes[1] == 1 || (bytes.count >= 4 && bytes[3] > 0) }
    return bytes[2] <= 3
  }

  /// Whether `bytes` are a DCE/RPC bind: version 5.0 or 5.1, the type, and flags with the first two set.
  private static func isRPCBind(_ bytes: Span<UInt8>) -> Bool {
    bytes.count >= 4 && bytes[1] <= 1 && bytes[2] == 0x0B && bytes[3] & 3 == 3
  }

  /// Whether `bytes` are an ENQ, repeated directly or after an EOT, or followed by a frame (CLSI LIS01).
  private static func isASTM(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= 2 else { return false }
    if bytes[1] == 0x05 { return true }
    if bytes[1] == 0x04 { return bytes.count >= 3 && bytes[2] == 0x05 }
    return bytes.count >= 3 && bytes[1] == 0x02 && (0x30...0x37).contains(bytes[2])
  }

  /// Whether `bytes` are STX, a frame number and a record letter; a number alone may come from a scale.
  private static func isASTMFrame(_ bytes: Span<UInt8>) -> Bool {
    bytes.count >= 3 && bytes[0] == 0x02 && (0x30...0x37).contains(bytes[1])
      && (0x41...0x5A).contains(bytes[2])
  }

  /// Whether `bytes` are one of the five commands, a queue name and a line feed (RFC 1179 §5).
  private static func isPrintQueueCommand(_ bytes: Span<UInt8>) -> Bool {
    guard bytes[0] <= 5 else { return false }
    for index in 1..<min(bytes.count, FirstLine.longest) {
      if bytes[index] == 0x0A { return index > 1 }
      guard (0x20...0x7E).contains(bytes[index]) else { return false }
    }
    return false
  }

  /// Whether `bytes` are a length, then version 3 or a request to cancel or encrypt (1234, 5678 and up).
  private static func hasPostgreSQLVersion(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= 8, bytes[1] == 0 else { return false }
    let version = bytes.bigEndian(UInt32.self, at: 4)
    return version >> 16 == 3 && version & 0xFFFF <= 2
      || (80_877_102...80_877_104).contains(version)
  }

  /// Whether `bytes` are 128 bytes of any value, then DICM (PS3.10 §7.1).
  private static func isDICOMFile(_ bytes: Span<UInt8>) -> Bool {
    bytes.count >= 132 && FirstLine.begins(bytes.extracting(128...), with: "DICM")
  }

  /// Whether `bytes` are a length with its highest bit set, message type 1, and a version up to TLS 1.2.
  private static func isSSLv2Hello(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= 5, bytes[2] == 1 else { return false }
    return bytes[3] == 3 || bytes[3] == 0 && bytes[4] == 2
  }

  /// Whether `bytes` are FEH or FFH and the letters SMB.
  private static func isSMBSignature(_ bytes: Span<UInt8>) -> Bool {
    bytes[0] >= 0xFE && bytes[1] == 0x53 && bytes[2] == 0x4D && bytes[3] == 0x42
  }
}
