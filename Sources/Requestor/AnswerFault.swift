public import UpperLayer

/// Why an answer is not the one that was due.
public enum AnswerFault: Error, Equatable, Sendable {
  /// A PDU of this type, which may be none that there is, while another answer was due.
  case pdu(type: UInt8)
  /// A PDU of this type that is longer than it may be.
  case tooLong(type: UInt8, length: UInt32)
  /// A PDU of this type whose lengths do not add up.
  case malformed(type: UInt8)
  /// An A-ASSOCIATE-AC of another protocol version than 1.
  case protocolVersion(UInt16)
  /// An A-ASSOCIATE-AC without the presentation context that was proposed.
  case contextMissing
  /// The presentation context was not accepted, for this reason (PS3.8 Table 9-18).
  case contextRefused(UInt8)
  /// The presentation context was accepted with a transfer syntax that was not proposed.
  case transferSyntax
  /// A C-ECHO-RQ has no room in what the peer takes at once, not even in the smallest fragments, or in
  /// as many as the requestor sends.
  case maximumLength(UInt32)
  /// Data on another presentation context.
  case contextID(UInt8)
  /// A fragment of a data set, which a C-ECHO-RSP does not have.
  case dataSet
  /// A command set whose elements do not add up, or are of another group.
  case command
  /// A command set that is longer than the requestor takes.
  case commandTooLong
  /// A command set without this element.
  case elementMissing(UInt16)
  /// Another command than C-ECHO-RSP.
  case commandField(UInt16)
  /// The response to another message than the one that was due.
  case messageID(UInt16, due: UInt16)
  /// A status other than Success.
  case status(UInt16)
  /// A Command Data Set Type that announces a data set.
  case dataSetType(UInt16)
  /// Another SOP class than Verification.
  case sopClass

  /// What the requestor sends for it (PS3.8 Table 9-26): framing, sequence and the values in a PDU are
  /// the provider's concern (AA-8), what a message says and whether that is of use are the user's.
  public var abort: Abort {
    switch self {
    case .pdu(let type): PDUType(rawValue: type) == nil ? .unrecognizedPDU : .unexpectedPDU
    case .tooLong, .malformed, .protocolVersion, .contextMissing, .transferSyntax:
      .invalidPDUParameter
    case .contextRefused, .maximumLength, .contextID, .dataSet, .command, .commandTooLong,
      .elementMissing, .commandField, .messageID, .status, .dataSetType, .sopClass:
      .serviceUser
    }
  }
}
