import UpperLayer

/// One abort reason of each kind, in the order of the conformance statement's table.
extension AbortReason {
  /// One sample for each case, in the order of declaration.
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

  /// Words that only its row in the conformance statement has.
  var subject: String {
    switch self {
    case .foreignProtocol: "another protocol"
    case .unrecognizedPDU: "unrecognized PDU"
    case .unexpectedPDU: "unexpected PDU"
    case .malformedPDU: "invalid PDU parameter value"
    case .pduTooLong: "too long"
    case .unknownPresentationContext: "not accepted"
    case .presentationContextChanged: "inside a message"
    case .dataSetFragment: "data set fragment"
    case .commandTooLong: "command set above"
    case .maximumLengthTooSmall: "maximum length of 1 to"
    case .refusedByServiceUser: "command set that is refused"
    case .idleAssociation: "`network-timeout`"
    case .stalledMessage: "`dimse-timeout`"
    case .draining: "stopping"
    case .outOfMemory: "is used up"
    case .largestPartialPDU: "holds the most"
    case .madeRoom: "more than its share"
    }
  }

  /// The states in which the reason can occur.
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
