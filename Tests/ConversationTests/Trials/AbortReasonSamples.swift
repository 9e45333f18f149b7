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
