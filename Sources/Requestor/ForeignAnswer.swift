import UpperLayer

/// Tells what a server speaks that is no SCP, by the first bytes that it sends. What clients begin
/// with, ``ForeignProtocol`` knows; a server answers in its own way to what it does not understand.
enum ForeignAnswer {
  /// The protocol whose server begins with `bytes`; `nil` when they may become a PDU.
  ///
  /// A first byte outside 01H to 07H is never a PDU's (PS3.8 §9.3.1). When `isAll`, so that no more
  /// comes, neither are a few bytes that begin like a PDU with no place here (Table 9-10, Sta5).
  static func of(_ bytes: Span<UInt8>, isAll: Bool) -> ForeignProtocol? {
    guard bytes.count > 0 else { return nil }
    // A record with an alert (RFC 8446 §5.1): a TLS server has met something that is no hello.
    if bytes[0] == 0x15, bytes.count < 2 || bytes[1] == 0x03 { return .tls }
    guard let type = PDUType(rawValue: bytes[0]) else { return ForeignProtocol(firstBytes: bytes) }
    let mayAnswer = AnswerReader.Due.accept.hasUse(for: type)
    guard isAll, !mayAnswer, bytes.count < PDUType.headerSize else { return nil }
    return ForeignProtocol(firstBytes: bytes) ?? .other
  }
}
