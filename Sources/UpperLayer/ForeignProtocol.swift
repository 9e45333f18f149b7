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
  /// Nothing known here.
  case other

  /// How much of a first line is read: a peer should not have work done for a name in the log.
  private static let maximumFirstLine = 1024

  /// The protocol whose client opens with `bytes`, or nothing when they may yet become a PDU.
  ///
  /// A first byte outside 01H to 07H is never a PDU's (PS3.8 §9.3.1); RDP and SOCKS begin like one.
  public init?(firstBytes bytes: Span<UInt8>) {
    guard bytes.count > 0 else { return nil }
    switch bytes[0] {
    case 0x03:
      // An A-ASSOCIATE-RJ has the PDU-length 4, so its third byte is 0 and its fourth, too.
      guard bytes.count >= 4, bytes[1] == 0, bytes[2] == 0, bytes[3] != 0 else { return nil }
      self = .rdp
    case 0x04:
      guard bytes.count >= 2, bytes[1] == 1 else { return nil }
      self = .socks
    case 0x05:
      // How many methods, then these, the one without authentication first; a PDU-length begins 0, 0.
      guard bytes.count >= 3, bytes[1] > 0, bytes[2] == 0 else { return nil }
      guard bytes[1] == 1 || (bytes.count >= 4 && bytes[3] > 0) else { return nil }
      self = .socks
    case 0x01, 0x02, 0x06, 0x07:
      return nil
    case 0x16:
      self = bytes.count < 2 || bytes[1] == 0x03 ? .tls : .other
    case 0x0B:
      self = .hl7
    case 0x00:
      // NetBIOS framing: a zero, a 24-bit length, then SMB's own signature.
      let hasSignature = bytes.count >= 8 && Self.isSMBSignature(bytes.extracting(4..<8))
      self = hasSignature ? .smb : .other
    case 0x0D:
      // Version 2 begins 0D 0A 0D 0A 00 0D 0A; two empty lines alone are a scanner's.
      self = Self.begins(bytes, with: "\r\n\r\n\0\r\n") ? .proxy : .other
    case 0x80...0xFF:
      self = Self.isSSLv2Hello(bytes) ? .tls : .other
    default:
      self = Self.byText(bytes)
    }
  }

  private static func byText(_ bytes: Span<UInt8>) -> ForeignProtocol {
    if begins(bytes, with: "SSH-") { return .ssh }
    if begins(bytes, with: "MSH|") { return .hl7 }
    if begins(bytes, with: "PROXY ") { return .proxy }
    if begins(bytes, with: "HTTP/") || hasInFirstLine(bytes, " HTTP/") { return .http }
    let methods: [8 of String] = [
      "GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "CONNECT ", "TRACE ",
    ]
    for index in methods.indices where begins(bytes, with: methods[index]) {
      // RTSP and SIP have methods of the same names.
      let isHTTP = !hasInFirstLine(bytes, " RTSP/") && !hasInFirstLine(bytes, " SIP/")
      return isHTTP ? .http : .other
    }
    return .other
  }

  /// Whether `text` is in the first line, or in what there is of it.
  private static func hasInFirstLine(_ bytes: Span<UInt8>, _ text: String) -> Bool {
    for index in 0..<min(bytes.count, maximumFirstLine) {
      if bytes[index] == 0x0A { return false }
      if begins(bytes.extracting(index...), with: text) { return true }
    }
    return false
  }

  private static func begins(_ bytes: Span<UInt8>, with text: String) -> Bool {
    let expected = text.utf8.span
    guard bytes.count >= expected.count else { return false }
    for index in expected.indices where bytes[index] != expected[index] { return false }
    return true
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
