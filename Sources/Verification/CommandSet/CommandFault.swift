public import UpperLayer

/// Why a message is not a C-ECHO-RQ that can be answered. Elements are those of group 0000, and each
/// `offset` is that of the element in the command set, in bytes.
public enum CommandFault: Error, Equatable, Sendable {
  /// An element that every message must have is not there.
  case elementMissing(UInt16)
  /// An element stands there a second time, at `offset`.
  case elementTwice(UInt16, offset: UInt32)
  /// The value of an element has not the length that its kind has, in bytes.
  case elementLength(UInt16, length: UInt32, expected: UInt32, offset: UInt32)
  /// An element is longer than what is left of the command set behind its header, in bytes.
  case elementTooLong(UInt16, length: UInt32, left: UInt32, offset: UInt32)
  /// So many bytes are left at the end, which is less than the header of an element has.
  case endsInHeader(left: UInt32, offset: UInt32)
  /// An element of a group other than 0000 (PS3.7 §6.3.1).
  case foreignGroup(UInt16)
  /// A command other than C-ECHO-RQ: the value of (0000,0100).
  case notAnEcho(command: UInt16)
  /// (0000,0800) has this value and announces a data set, which a C-ECHO-RQ never has (PS3.7
  /// §9.3.5.1).
  case dataSetAnnounced(type: UInt16)
  /// (0000,0002) names this SOP class, which is not Verification.
  case otherSOPClass(CompactUID)
}
