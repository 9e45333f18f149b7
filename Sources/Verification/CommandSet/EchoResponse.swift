import ByteCoding

/// A C-ECHO-RSP: exactly the elements of PS3.7 Table 9.3-13, status Success.
struct EchoResponse {
  /// The command set, in Implicit VR Little Endian.
  private(set) var commandSet: InlineArray<78, UInt8> = Self.template

  /// The response to the C-ECHO-RQ with this Message ID.
  init(toMessageID messageID: UInt16) {
    commandSet[Self.messageIDOffset] = UInt8(truncatingIfNeeded: messageID)
    commandSet[Self.messageIDOffset + 1] = UInt8(truncatingIfNeeded: messageID >> 8)
  }

  /// Where the value of (0000,0120) begins.
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
