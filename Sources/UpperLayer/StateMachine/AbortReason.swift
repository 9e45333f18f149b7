/// Why this acceptor ends an association, or refuses to begin one, by an A-ABORT of its own: what the peer
/// did, what the service user did not want, a timer, or the acceptor itself.
public enum AbortReason: Equatable, Sendable {
  // The peer's.
  /// The first bytes of the connection are another protocol's.
  case foreignProtocol(ForeignProtocol)
  /// A PDU type outside 01H to 07H.
  case unrecognizedPDU(type: UInt8)
  /// A PDU that has no place in the present state (PS3.8 Table 9-10).
  case unexpectedPDU(PDUType)
  /// A PDU that breaks the encoding rules of PS3.8 §9.3.
  case malformedPDU(PDUType, Malformed)
  /// A PDU longer than allowed: an A-ASSOCIATE-RQ than its bound, a P-DATA-TF than the maximum
  /// length that was announced (PS3.8 annex D.1). Both in bytes.
  case pduTooLong(PDUType, length: UInt32, limit: UInt32)
  /// A PDV on a presentation context that was not accepted.
  case unknownPresentationContext(UInt8)
  /// A PDV of another presentation context inside a message (PS3.8 annex E.1).
  case presentationContextChanged(from: UInt8, to: UInt8)
  /// A data set fragment where a command begins or goes on; no message here has a data set.
  case dataSetFragment
  /// A command set longer than ``Association/maximumCommandLength``.
  case commandTooLong(UInt32)
  /// The peer's maximum length has no room for a PDV with data.
  case maximumLengthTooSmall(UInt32)

  // The service user's.
  /// The service user would not have the message, and said why itself.
  case refusedByServiceUser

  // A timer's.
  /// network-timeout: an established association without a byte for so many milliseconds.
  case idleAssociation(milliseconds: UInt32)
  /// dimse-timeout: a message that was begun and not completed within so many milliseconds.
  case stalledMessage(milliseconds: UInt32)

  // The acceptor's own.
  /// The acceptor is being stopped.
  case draining
  /// The memory for partial PDUs is used up.
  case outOfMemory
  /// It is, and this peer's partial PDU holds most of it, in bytes.
  case largestPartialPDU(UInt32)
  /// There are as many associations as there may be, and so many of them have the address of this one,
  /// which gives its place to a requestor of another address.
  case madeRoom(associations: UInt32, ofAddress: UInt32)

  /// What Sta6 sends for it (PS3.8 Table 9-26): framing and sequence are the provider's concern,
  /// everything else is a decision of the user's.
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
