public import UpperLayer

/// The reason why an answer is not the one expected.
public enum AnswerFault: Error, Equatable, Sendable {
  /// A PDU of this type, known or not, instead of the expected answer.
  case pdu(type: UInt8)
  /// A PDU of this type that is too long.
  case tooLong(type: UInt8, length: UInt32)
  /// A PDU of this type with inconsistent lengths.
  case malformed(type: UInt8)
  /// An A-ASSOCIATE-AC with a protocol version other than 1.
  case protocolVersion(UInt16)
  /// An A-ASSOCIATE-AC without the presentation context that was proposed.
  case contextMissing
  /// The presentation context was not accepted, for this reason (PS3.8 Table 9-18).
  case contextRefused(UInt8)
  /// The presentation context was accepted with a transfer syntax that was not proposed.
  case transferSyntax
  /// The peer's maximum length is too small for any fragment, or for a C-ECHO-RQ in as many fragments as
  /// the requestor sends.
  case maximumLength(UInt32)
  /// Data on another presentation context.
  case contextID(UInt8)
  /// A fragment of a data set, which a C-ECHO-RSP does not have.
  case dataSet
  /// A command set with inconsistent elements, or with elements of another group.
  case command
  /// A command set that is longer than the requestor accepts.
  case commandTooLong
  /// A command set without this element.
  case elementMissing(UInt16)
  /// A command other than C-ECHO-RSP.
  case commandField(UInt16)
  /// The response to a message other than the one expected.
  case messageID(UInt16, due: UInt16)
  /// A status other than Success.
  case status(UInt16)
  /// A Command Data Set Type that announces a data set.
  case dataSetType(UInt16)
  /// A SOP class other than Verification.
  case sopClass

  /// The A-ABORT that the requestor sends for the fault (PS3.8 Table 9-26): faults in framing, sequence and
  /// PDU values come from the provider (AA-8), all others from the user.
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
