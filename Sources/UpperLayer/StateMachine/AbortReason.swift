/// The reason why this acceptor ends or refuses an association with an A-ABORT: the peer, the service user,
/// a timer, or the acceptor itself.
public enum AbortReason: Equatable, Sendable {
  // Caused by the peer.
  /// The first bytes of the connection belong to another protocol.
  case foreignProtocol(ForeignProtocol)
  /// A PDU type outside 01H to 07H.
  case unrecognizedPDU(type: UInt8)
  /// A PDU that is not allowed in the current state (PS3.8 Table 9-10).
  case unexpectedPDU(PDUType)
  /// A PDU that breaks the encoding rules of PS3.8 §9.3.
  case malformedPDU(PDUType, Malformed)
  /// A PDU longer than allowed, in bytes: an A-ASSOCIATE-RQ beyond its limit, or a P-DATA-TF beyond the
  /// announced maximum length (PS3.8 annex D.1).
  case pduTooLong(PDUType, length: UInt32, limit: UInt32)
  /// A PDV on a presentation context that was not accepted.
  case unknownPresentationContext(UInt8)
  /// A PDV of another presentation context inside a message (PS3.8 annex E.1).
  case presentationContextChanged(from: UInt8, to: UInt8)
  /// A data set fragment where a command begins or continues; no message here has a data set.
  case dataSetFragment
  /// A command set longer than ``Association/maximumCommandLength``.
  case commandTooLong(UInt32)
  /// The peer's maximum length is too small for a PDV with data.
  case maximumLengthTooSmall(UInt32)

  // Caused by the service user.
  /// The service user refused the message, and has reported its reason.
  case refusedByServiceUser

  // Caused by a timer.
  /// network-timeout: no bytes arrived on an established association for this many milliseconds.
  case idleAssociation(milliseconds: UInt32)
  /// dimse-timeout: a message was not completed within this many milliseconds.
  case stalledMessage(milliseconds: UInt32)

  // Caused by the acceptor itself.
  /// The acceptor is stopping.
  case draining
  /// The memory for partial PDUs is used up.
  case outOfMemory
  /// The memory for partial PDUs is used up, and this peer's PDU, of this many bytes, is the largest.
  case largestPartialPDU(UInt32)
  /// All places for associations are taken, `ofAddress` of them by the address of this one, which makes
  /// room for a requestor at another address.
  case madeRoom(associations: UInt32, ofAddress: UInt32)

  /// The A-ABORT sent for the reason in Sta6 (PS3.8 Table 9-26): errors of framing and sequence come from
  /// the provider, all other reasons from the user.
  public var abort: Abort {
    switch self {
    case .unrecognizedPDU: .unrecognizedPDU
    case .unexpectedPDU: .unexpectedPDU
    case .malformedPDU, .pduTooLong: .invalidPDUParameter
    case .foreignProtocol, .unknownPresentationContext, .presentationContextChanged,
      .dataSetFragment, .commandTooLong, .maximumLengthTooSmall, .refusedByServiceUser,
      .idleAssociation, .stalledMessage, .draining, .outOfMemory, .largestPartialPDU, .madeRoom:
      .serviceUser
    }
  }
}
