import ByteCoding

/// Protocols that reach a DICOM port by mistake or by a scanner, told by their first bytes.
public enum ForeignProtocol: UInt8, Sendable, CaseIterable {
  /// An HTTP request or response.
  case http
  /// A TLS record with a handshake, or the hello of SSL 2, in front of an acceptor without TLS.
  case tls
  /// An SSH identification string.
  case ssh
  /// An HL7 message in MLLP framing.
  case hl7
  /// An SMB message.
  case smb
  /// A PROXY protocol header, version 1 or 2.
  case proxy
  /// An RDP connection request (TPKT).
  case rdp
  /// A SOCKS 4 or 5 client.
  case socks
  /// An RTSP request, as of a camera.
  case rtsp
  /// A SIP request, as of a telephone.
  case sip
  /// The CONNECT of an MQTT client.
  case mqtt
  /// A Redis command.
  case redis
  /// An LDAP message.
  case ldap
  /// The first message of a PostgreSQL client.
  case postgreSQL
  /// The first packet of a Microsoft SQL Server client (TDS).
  case sqlServer
  /// A bind request of DCE/RPC, as of Windows.
  case rpc
  /// The negotiation of a Telnet client.
  case telnet
  /// The greeting of a mail client (SMTP).
  case smtp
  /// A print job: PJL, PCL or PostScript.
  case printJob
  /// A command to a print queue (LPD, RFC 1179).
  case printQueue
  /// What a laboratory analyser opens with: an ENQ, or an ASTM frame.
  case analyser
  /// An XML document.
  case xml
  /// A JSON text.
  case json
  /// A DICOM file (PS3.10), sent as it is.
  case dicomFile
  /// A data set without an association: it begins with an element of group 0008 or 0010.
  case dataSet
  /// Nothing known here.
  case other

  /// The protocol whose client opens with `bytes`; `nil` when they may yet become a PDU.
  ///
  /// A first byte outside 01H to 07H is never a PDU's (PS3.8 §9.3.1). What begins with one of these is
  /// another protocol's as soon as it is known, or no PDU of that type can have such a header.
  public init?(firstBytes bytes: Span<UInt8>) {
    guard bytes.count > 0 else { return nil }
    if let type = PDUType(rawValue: bytes[0]) {
      guard let found = Self(besidesPDU: type, bytes) else { return nil }
      self = found
    } else {
      self = Self(notAPDU: bytes)
    }
  }

  /// What begins like a PDU and is not one; `nil` while it may be one.
  private init?(besidesPDU type: PDUType, _ bytes: Span<UInt8>) {
    switch type {
    case _ where type.hasItsLength(asHeader: bytes): return nil
    case .associateReject where bytes.count >= 4 && bytes[1] == 0 && bytes[2] == 0 && bytes[3] != 0:
      // An A-ASSOCIATE-RJ has the PDU-length 4, so its third byte is 0 and its fourth, too.
      self = .rdp
    case .dataTransfer where bytes.count >= 2 && bytes[1] == 1:
      self = .socks
    case .releaseRequest where Self.isSOCKS5(bytes): self = .socks
    case .releaseRequest where Self.isRPCBind(bytes): self = .rpc
    case .associateAccept where Self.isASTMFrame(bytes), .releaseRequest where Self.isASTM(bytes):
      self = .analyser
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
      // Version 2 begins 0D 0A 0D 0A 00 0D 0A; two empty lines alone are a scanner's.
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
    // The name of the protocol follows the length that a CONNECT has, which is one to four bytes long.
    if bytes[0] == 0x10 {
      for start in 2..<6 where bytes.count >= start + 6 {
        let rest = bytes.extracting(start...)
        if FirstLine.begins(rest, with: "\0\u{4}MQTT") { return .mqtt }
        if FirstLine.begins(rest, with: "\0\u{6}MQIs") { return .mqtt }
      }
    }
    // A sequence with a message ID of one to four bytes (RFC 4511 §4.1.1).
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

  /// An element of group 0008 or 0010 in big endian, then a VR (PS3.5, retired).
  private static func isBigEndianDataSet(_ bytes: Span<UInt8>) -> Bool {
    let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
    return bytes.count >= 8 && (bytes[1] == 0x08 || bytes[1] == 0x10)
      && letters.contains(bytes[4]) && letters.contains(bytes[5])
  }

  /// An element of group 0008 or 0010 in little endian, then a VR or a short length.
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

  /// How many methods, then these, which for a client are few, or the one without authentication first.
  private static func isSOCKS5(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= 3, (1...9).contains(bytes[1]) else { return false }
    // A PDU-length begins 0, 0.
    if bytes[2] == 0 { return bytes[1] == 1 || (bytes.count >= 4 && bytes[3] > 0) }
    return bytes[2] <= 3
  }

  /// Version 5.0 or 5.1, a bind, and flags of which the first two are set.
  private static func isRPCBind(_ bytes: Span<UInt8>) -> Bool {
    bytes.count >= 4 && bytes[1] <= 1 && bytes[2] == 0x0B && bytes[3] & 3 == 3
  }

  /// An ENQ that is repeated, after an EOT or not, or has a frame behind it (CLSI LIS01).
  private static func isASTM(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= 2 else { return false }
    if bytes[1] == 0x05 { return true }
    if bytes[1] == 0x04 { return bytes.count >= 3 && bytes[2] == 0x05 }
    return bytes.count >= 3 && bytes[1] == 0x02 && (0x30...0x37).contains(bytes[2])
  }

  /// STX, the number of the frame, and the letter of a record; a number alone may be of a scale.
  private static func isASTMFrame(_ bytes: Span<UInt8>) -> Bool {
    bytes.count >= 3 && bytes[0] == 0x02 && (0x30...0x37).contains(bytes[1])
      && (0x41...0x5A).contains(bytes[2])
  }

  /// One of the five commands, the name of a queue, and a line feed (RFC 1179 §5).
  private static func isPrintQueueCommand(_ bytes: Span<UInt8>) -> Bool {
    guard bytes[0] <= 5 else { return false }
    for index in 1..<min(bytes.count, FirstLine.longest) {
      if bytes[index] == 0x0A { return index > 1 }
      guard (0x20...0x7E).contains(bytes[index]) else { return false }
    }
    return false
  }

  /// A length, then version 3, or a request for encryption or to cancel (1234, 5678 and up).
  private static func hasPostgreSQLVersion(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= 8, bytes[1] == 0 else { return false }
    let version = bytes.bigEndian(UInt32.self, at: 4)
    return version >> 16 == 3 && version & 0xFFFF <= 2
      || (80_877_102...80_877_104).contains(version)
  }

  /// 128 bytes of any kind, then DICM (PS3.10 §7.1).
  private static func isDICOMFile(_ bytes: Span<UInt8>) -> Bool {
    bytes.count >= 132 && FirstLine.begins(bytes.extracting(128...), with: "DICM")
  }

  /// A length with its highest bit set, the message type 1, and a version of SSL 2 to TLS 1.2.
  private static func isSSLv2Hello(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= 5, bytes[2] == 1 else { return false }
    return bytes[3] == 3 || bytes[3] == 0 && bytes[4] == 2
  }

  /// FEH or FFH and the letters SMB.
  private static func isSMBSignature(_ bytes: Span<UInt8>) -> Bool {
    bytes[0] >= 0xFE && bytes[1] == 0x53 && bytes[2] == 0x4D && bytes[3] == 0x42
  }
}
