import ByteCoding

/// The C-ECHO-RQ as nearly every requestor sends it: the elements of PS3.7 Table 9.3-12, each once and in
/// order, without deviations.
///
/// Only its Message ID varies, so it is recognized as a whole; every other command set is read element by
/// element (``EchoRequest``).
public enum UsualEchoRequest {
  /// Returns the Message ID of `commandSet`, or `nil` if it does not have this form.
  @inline(__always)
  static func messageID(of commandSet: Span<UInt8>) -> UInt16? {
    guard commandSet.count == form.count else { return nil }
    let form = form.span
    var difference: UInt64 = 0
    var offset = 0
    while offset < messageIDOffset {
      difference |= commandSet.load(UInt64.self, at: offset) ^ form.load(UInt64.self, at: offset)
      offset &+= 8
    }
    // The last eight bytes, and the two between the Message ID and them.
    difference |= commandSet.load(UInt64.self, at: 60) ^ form.load(UInt64.self, at: 60)
    let rest = commandSet.load(UInt16.self, at: 58) ^ form.load(UInt16.self, at: 58)
    guard difference == 0, rest == 0 else { return nil }
    return commandSet.littleEndian(UInt16.self, at: messageIDOffset)
  }

  /// Returns the command set with this Message ID.
  public static func commandSet(messageID: UInt16) -> InlineArray<68, UInt8> {
    var commandSet = form
    commandSet[messageIDOffset] = UInt8(truncatingIfNeeded: messageID)
    commandSet[messageIDOffset + 1] = UInt8(truncatingIfNeeded: messageID >> 8)
    return commandSet
  }

  /// The offset of the value of (0000,0110).
  private static let messageIDOffset = 56

  // swift-format-ignore
  static let form: InlineArray<68, UInt8> = [
    0x00, 0x00, 0x00, 0x00,  4, 0, 0, 0,  56, 0, 0, 0,  // (0000,0000) Command Group Length
    0x00, 0x00, 0x02, 0x00, 18, 0, 0, 0,                // (0000,0002) Affected SOP Class UID
    0x31, 0x2E, 0x32, 0x2E, 0x38, 0x34, 0x30, 0x2E, 0x31,  // 1.2.840.1
    0x30, 0x30, 0x30, 0x38, 0x2E, 0x31, 0x2E, 0x31, 0x00,  // 0008.1.1
    0x00, 0x00, 0x00, 0x01,  2, 0, 0, 0,  0x30, 0x00,   // (0000,0100) Command Field: C-ECHO-RQ
    0x00, 0x00, 0x10, 0x01,  2, 0, 0, 0,  0x00, 0x00,   // (0000,0110) Message ID
    0x00, 0x00, 0x00, 0x08,  2, 0, 0, 0,  0x01, 0x01,   // (0000,0800) Command Data Set Type: none
  ]
}

/// A C-ECHO-RSP: exactly the elements of PS3.7 Table 9.3-13, status Success.
struct EchoResponse {
  /// The command set, in Implicit VR Little Endian.
  private(set) var commandSet: InlineArray<78, UInt8> = Self.template

  /// The response to the C-ECHO-RQ with this Message ID.
  init(toMessageID messageID: UInt16) {
    commandSet[Self.messageIDOffset] = UInt8(truncatingIfNeeded: messageID)
    commandSet[Self.messageIDOffset + 1] = UInt8(truncatingIfNeeded: messageID >> 8)
  }

  /// The offset of the value of (0000,0120).
  private static let messageIDOffset = 56

  // swift-format-ignore
  private static let template: InlineArray<78, UInt8> = [
    0x00, 0x00, 0x00, 0x00,  4, 0, 0, 0,  66, 0, 0, 0,  // (0000,0000) Command Group Length
    0x00, 0x00, 0x02, 0x00, 18, 0, 0, 0,                // (0000,0002) Affected SOP Class UID
    0x31, 0x2E, 0x32, 0x2E, 0x38, 0x34, 0x30, 0x2E, 0x31,  // 1.2.840.1
    0x30, 0x30, 0x30, 0x38, 0x2E, 0x31, 0x2E, 0x31, 0x00,  // 0008.1.1
    0x00, 0x00, 0x00, 0x01,  2, 0, 0, 0,  0x30, 0x80,   // (0000,0100) Command Field: C-ECHO-RSP
    0x00, 0x00, 0x20, 0x01,  2, 0, 0, 0,  0x00, 0x00,   // (0000,0120) Message ID Responded To
    0x00, 0x00, 0x00, 0x08,  2, 0, 0, 0,  0x01, 0x01,   // (0000,0800) Command Data Set Type: none
    0x00, 0x00, 0x00, 0x09,  2, 0, 0, 0,  0x00, 0x00,   // (0000,0900) Status: Success
  ]
}
