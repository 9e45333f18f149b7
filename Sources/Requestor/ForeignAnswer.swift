import UpperLayer

/// Tells what a server speaks that is no SCP, by the first bytes that it sends. What clients begin
/// with, ``ForeignProtocol`` knows; a server answers in its own way to what it does not understand.
enum ForeignAnswer {
  /// The protocol whose server begins with `bytes`; `nil` when they may become a PDU.
  ///
  /// A first byte outside 01H to 07H is never a PDU's (PS3.8 §9.3.1), and behind another one no PDU has
  /// certain lengths. When `isAll`, so that no more comes, neither are a few bytes that begin like a PDU
  /// with no place here (Table 9-10, Sta5).
  static func of(_ bytes: Span<UInt8>, isAll: Bool) -> ForeignProtocol? {
    guard bytes.count > 0 else { return nil }
    // A record with an alert (RFC 8446 §5.1): a TLS server has met something that is no hello.
    if bytes[0] == 0x15, bytes.count < 2 || bytes[1] == 0x03 { return .tls }
    let client = ForeignProtocol(firstBytes: bytes)
    guard let type = PDUType(rawValue: bytes[0]) else { return client }
    let hasNoPlace = !AnswerReader.Due.accept.hasUse(for: type)
    let isCutShort = isAll && hasNoPlace && bytes.count < PDUType.headerSize
    // `other` is a header that no PDU has. The protocols with a name may have one that a PDU has, too,
    // but for its reserved byte, which nobody has to look at.
    guard isCutShort || client == .other || type.isTooLong(asHeader: bytes) else { return nil }
    switch client {
    // Both sides of these begin so; what else is known begins like a PDU on the side of the client alone.
    case .rdp?, .analyser?: return client
    default: return .other
    }
  }
}
