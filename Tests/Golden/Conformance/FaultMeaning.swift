import UpperLayer

/// One of each kind of fault, with its description for the conformance statement. A new one has to
/// be described here: there is no default.
extension AbortReason {
  /// One of each, in the order of their declaration.
  static let samples: [AbortReason] = [
    .foreignProtocol(.http), .unrecognizedPDU(type: 0x2A), .unexpectedPDU(.associateAccept),
    .malformedPDU(.associateRequest, Malformed(item: 0x10, offset: 74, .reachesBeyond)),
    .pduTooLong(.dataTransfer, length: 99, limit: 16), .unknownPresentationContext(3),
    .presentationContextChanged(from: 1, to: 3), .dataSetFragment,
    .commandTooLong(Association.maximumCommandLength + 1), .maximumLengthTooSmall(7),
    .refusedByServiceUser, .idleAssociation(milliseconds: 60_000),
    .stalledMessage(milliseconds: 30_000), .draining, .outOfMemory,
    .largestPartialPDU(262_144), .madeRoom(associations: 12_228, ofAddress: 9000),
  ]

  /// What it is, in words.
  var meaning: String {
    switch self {
    case .foreignProtocol:
      "the first bytes are no PDU's, but those of another protocol, as HTTP or TLS"
    case .unrecognizedPDU: "unrecognized PDU: a type outside of 01H to 07H"
    case .unexpectedPDU: "unexpected PDU: one that has no place in the state"
    case .malformedPDU:
      "invalid PDU parameter value: lengths that do not add up, a field that is missing, a PDV "
        + "without its message control header"
    case .pduTooLong:
      "a PDU that is too long: a P-DATA-TF above the maximum length announced, an A-ASSOCIATE-RQ "
        + "above \(AssociateRequest.maximumLength) bytes"
    case .unknownPresentationContext: "a PDV on a presentation context that was not accepted"
    case .presentationContextChanged: "a PDV of another presentation context inside a message"
    case .dataSetFragment: "a data set fragment"
    case .commandTooLong: "a command set above \(Association.maximumCommandLength) bytes"
    case .maximumLengthTooSmall:
      "a maximum length of 1 to 7, which has no room for an answer; found at the first C-ECHO-RQ"
    case .refusedByServiceUser: "a command set that is refused, as below"
    case .idleAssociation: "`network-timeout` without a byte"
    case .stalledMessage: "`dimse-timeout` before the end of a message"
    case .draining: "the service is being stopped"
    case .outOfMemory: "`partial-pdu-memory` is used up"
    case .largestPartialPDU: "`partial-pdu-memory` is used up, and this peer's PDU holds most of it"
    case .madeRoom:
      "every association is taken, and its address has the most and more than its share of them"
    }
  }

  /// The states in which it can be found.
  var states: [AcceptorState] {
    switch self {
    case .foreignProtocol: [.awaitingRequest]
    case .unexpectedPDU, .malformedPDU, .pduTooLong, .draining, .outOfMemory, .largestPartialPDU:
      [.awaitingRequest, .established]
    case .unrecognizedPDU, .unknownPresentationContext, .presentationContextChanged,
      .dataSetFragment, .commandTooLong, .maximumLengthTooSmall, .refusedByServiceUser,
      .idleAssociation, .stalledMessage, .madeRoom:
      [.established]
    }
  }
}
