import TestKit

/// C-ECHO-RSPs in different encodings.
enum EchoResponses {
  static let sopClass = Wire.element(0x0002, Array(Wire.verification.utf8) + [0])
  static let command = Wire.element(0x0100, Wire.le16(0x8030))
  static let messageID = Wire.element(0x0120, Wire.le16(7))
  static let noDataSet = Wire.element(0x0800, Wire.le16(0x0101))
  static let success = Wire.element(0x0900, Wire.le16(0))

  /// A response in one P-DATA-TF, with these elements.
  static func response(_ elements: [UInt8]..., context: Int = 1, control: Int = 3) -> [UInt8] {
    Wire.data(Wire.pdv(context, control, elements.flatMap { $0 }))
  }

  /// The response to message `messageID` in the standard's encoding.
  static func right(_ messageID: Int = 7) -> [UInt8] {
    Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: messageID)))
  }
}
