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
