/// What has begun to arrive on a connection and is not complete: a PDU (PS3.8 §9.3.1), or a message of
/// which some fragments have come (annex E).
public struct IncompletePDU: Equatable, Sendable {
  /// The first byte of the PDU, its type; nothing when only the message is incomplete.
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
  /// What is incomplete of what has come, of which `kept` had to be kept; nothing when the connection is
  /// between two messages, when whole PDUs wait there for their turn, or when the association has ended.
  public func incomplete(_ kept: Span<UInt8>) -> IncompletePDU? {
    guard state == .awaitingRequest || state == .established, kept.count >= assembled else {
      return nil
    }
    let unread = kept.count &- assembled
    var pdu = IncompletePDU()
    pdu.message = UInt32(truncatingIfNeeded: assembled)
    switch framing {
    case .header where unread > 0:
      guard unread < PDUType.headerSize else { return nil }
      (pdu.firstByte, pdu.received) = (kept[assembled], UInt32(truncatingIfNeeded: unread))
    case .header:
      guard waiting == .restOfMessage else { return nil }
    case .whole(let type, let length):
      return pdu.has(type, unread, leaving: length, of: length)
    case .pdvs(let left, let length):
      return pdu.has(.dataTransfer, unread, leaving: left, of: length)
    case .skip, .lost: return nil
    }
    return pdu
  }
}

extension IncompletePDU {
  /// This with a PDU of `length` bytes behind its header of which `left` had not been looked at, and of
  /// which `unread` have come; nothing when that is all of it.
  fileprivate func has(
    _ type: PDUType, _ unread: Int, leaving left: UInt32, of length: UInt32
  ) -> IncompletePDU? {
    guard unread < Int(left) else { return nil }
    var pdu = self
    pdu.firstByte = type.rawValue
    pdu.received =
      UInt32(PDUType.headerSize) &+ (length &- left) &+ UInt32(truncatingIfNeeded: unread)
    pdu.expected = UInt32(clamping: Int(length) + PDUType.headerSize)
    return pdu
  }
}
