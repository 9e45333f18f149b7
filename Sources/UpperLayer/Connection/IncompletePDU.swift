/// A PDU (PS3.8 §9.3.1) or fragmented message (annex E) of which only a part has arrived on a connection.
public struct IncompletePDU: Equatable, Sendable {
  /// The first byte of the PDU, its type, or `nil` if only the message is incomplete.
  public var firstByte: UInt8?
  /// The number of bytes of the PDU received, including the header.
  public var received: UInt32 = 0
  /// The size of the PDU according to its header, which is included; 0 until the header has arrived.
  public var expected: UInt32 = 0
  /// The number of bytes in the complete fragments of the message received so far.
  public var message: UInt32 = 0

  /// Nothing received yet.
  public init() {}

  /// The type of the PDU, or `nil` if it is unknown or not one of PS3.8's.
  public var type: PDUType? { firstByte.flatMap { PDUType(rawValue: $0) } }
}

extension Connection {
  /// Returns the incomplete PDU or message, given the `kept` bytes, or `nil` if the connection is between
  /// two messages, `kept` holds whole PDUs, or the association has ended.
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
