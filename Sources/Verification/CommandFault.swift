/// Why a message is not a C-ECHO-RQ that can be answered.
public enum CommandFault: Error, Equatable, Sendable {
  /// The elements do not add up, or one is missing or stands there twice; `offset` is that of the
  /// element in the command set, in bytes.
  case malformed(element: UInt16, offset: UInt32)
  /// An element of a group other than 0000 (PS3.7 §6.3.1).
  case foreignGroup(UInt16)
  /// A command other than C-ECHO-RQ: the value of (0000,0100).
  case notAnEcho(command: UInt16)
  /// (0000,0800) announces a data set, which a C-ECHO-RQ never has (PS3.7 §9.3.5.1).
  case dataSetAnnounced
  /// (0000,0002) names a SOP class that is not Verification.
  case otherSOPClass
}
