import ByteCoding

/// The values of Command Field (0000,0100) that this program knows (PS3.7 annex E.1).
public enum CommandField {
  /// C-ECHO-RQ (PS3.7 §9.3.5.1).
  public static let echoRequest: UInt16 = 0x0030
  /// C-ECHO-RSP (PS3.7 §9.3.5.2).
  public static let echoResponse: UInt16 = 0x8030
  /// C-CANCEL-RQ (PS3.7 §9.3.2.3); it has no response.
  public static let cancelRequest: UInt16 = 0x0FFF
}

/// The elements of group 0000 that a C-ECHO-RQ or a C-ECHO-RSP has (PS3.7 Tables 9.3-12 and 9.3-13).
public enum CommandElement {
  /// Command Group Length, UL.
  public static let groupLength: UInt16 = 0x0000
  /// Affected SOP Class UID, UI.
  public static let affectedSOPClassUID: UInt16 = 0x0002
  /// Command Field, US.
  public static let commandField: UInt16 = 0x0100
  /// Message ID, US.
  public static let messageID: UInt16 = 0x0110
  /// Message ID Being Responded To, US.
  public static let messageIDBeingRespondedTo: UInt16 = 0x0120
  /// Command Data Set Type, US.
  public static let commandDataSetType: UInt16 = 0x0800
  /// Status, US.
  public static let status: UInt16 = 0x0900

  /// The value of Command Data Set Type in a message without a data set (PS3.7 §9.3.5.1).
  public static let noDataSet: UInt16 = 0x0101
}

/// The Command Group Length (0000,0000) of a command set as stated and as counted (PS3.7 §6.3.1), for the log.
public struct GroupLength: Equatable, Sendable {
  /// The stated group length, or `nil` if the element is missing.
  public let stated: UInt32?
  /// The number of bytes after the element.
  public let counted: UInt32

  /// A group length of `stated` where `counted` is correct.
  public init(stated: UInt32?, counted: UInt32) {
    self.stated = stated
    self.counted = counted
  }

  /// A group length of `stated` in a command set of `size` bytes, from which `counted` follows.
  init(stated: UInt32?, inSize size: Int) {
    let element = stated == nil ? 0 : EchoRequest.elementHeaderSize &+ 4
    self.init(stated: stated, counted: UInt32(truncatingIfNeeded: size &- element))
  }

  /// Reads the group length of `commandSet`.
  init(of commandSet: Span<UInt8>) throws(CommandFault) {
    self = try EchoRequest.Elements(commandSet).group
  }
}
