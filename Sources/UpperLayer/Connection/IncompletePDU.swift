/// What has begun to arrive on a connection and is not complete: a PDU (PS3.8 §9.3.1), or a message of
/// which some fragments have come (annex E).
public struct IncompletePDU: Equatable, Sendable {
  /// The first byte of the PDU, its type; `nil` when only the message is incomplete.
  public var firstByte: UInt8?
  /// How many of its bytes have come, the header among them.
  public var received: UInt32 = 0
  /// How many it has by its header, that among them; 0 while the header has not come.
  public var expected: UInt32 = 0
  /// How many bytes of a message have come in P-DATA-TFs before this PDU.
  public var message: UInt32 = 0

  /// Nothing yet.
  public init() {}

  /// The type of the PDU, if it is known and one of PS3.8's.
  public var type: PDUType? { firstByte.flatMap { PDUType(rawValue: $0) } }
}

extension Connection {
  /// The PDU or message that has begun and is not complete, given the bytes that were `kept`; `nil` when the
  /// connection is between two messages, when `kept` holds whole PDUs, or when the association has ended.
  public func incomplete(_ kept: Span<UInt8>) -> IncompletePDU? {
    guard state == .awaitingRequest || state == .established, kept.count >= assembled else {
      return nil
    }
    let unread = UInt32(truncatingIfNeeded: kept.count &- assembled)
    var pdu = IncompletePDU()
    pdu.message = UInt32(truncatingIfNeeded: assembled)
    let (type, left, length): (PDUType, UInt32, UInt32)
    switch framing {
    case .header where unread > 0:
      guard unread < PDUType.headerSize else { return nil }
      (pdu.firstByte, pdu.received) = (kept[assembled], unread)
      return pdu
    case .header: return waiting == .restOfMessage ? pdu : nil
    case .whole(let whole, let size): (type, left, length) = (whole, size, size)
    case .pdvs(let rest, let size): (type, left, length) = (.dataTransfer, rest, size)
    case .skip, .lost: return nil
    }
    guard unread < left else { return nil }
    pdu.firstByte = type.rawValue
    pdu.received = UInt32(PDUType.headerSize) &+ (length &- left) &+ unread
    pdu.expected = UInt32(clamping: Int(length) + PDUType.headerSize)
    return pdu
  }
}
