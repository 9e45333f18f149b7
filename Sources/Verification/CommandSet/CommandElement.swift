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

/// The elements of group 0000 that a C-ECHO-RQ has (PS3.7 Table 9.3-12).
public enum CommandElement {
  /// Command Group Length, UL.
  public static let groupLength: UInt16 = 0x0000
  /// Affected SOP Class UID, UI.
  public static let affectedSOPClassUID: UInt16 = 0x0002
  /// Command Field, US.
  public static let commandField: UInt16 = 0x0100
  /// Message ID, US.
  public static let messageID: UInt16 = 0x0110
  /// Command Data Set Type, US; 0101H is none.
  public static let commandDataSetType: UInt16 = 0x0800
}

/// What the Command Group Length (0000,0000) of a command set says, and what it should say (PS3.7
/// §6.3.1), for a record to name both.
public struct GroupLength: Equatable, Sendable {
  /// What it says, or `nil` when there is none.
  public let stated: UInt32?
  /// How many bytes there are behind the element.
  public let counted: UInt32

  /// A group length that says `stated` where `counted` is right.
  public init(stated: UInt32?, counted: UInt32) {
    self.stated = stated
    self.counted = counted
  }

  /// That of `commandSet`, whose elements add up; the first one counts when there are two.
  init(of commandSet: Span<UInt8>) {
    let header = EchoRequest.elementHeaderSize
    var offset = 0
    var stated: UInt32?
    var size = 0
    while stated == nil, commandSet.count &- offset >= header {
      let length = Int(commandSet.littleEndian(UInt32.self, at: offset &+ 4))
      guard length <= commandSet.count &- offset &- header else { break }
      if commandSet.littleEndian(UInt16.self, at: offset &+ 2) == CommandElement.groupLength,
        length == 4
      {
        stated = commandSet.littleEndian(UInt32.self, at: offset &+ header)
        size = header &+ length
      }
      offset &+= header &+ length
    }
    self.stated = stated
    counted = UInt32(truncatingIfNeeded: commandSet.count &- size)
  }
}
