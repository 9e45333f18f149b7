import ByteCoding
import UpperLayer
import Verification

/// A C-ECHO-RSP as it is due (PS3.7 §9.3.5.2): read element by element, in any order, with whatever
/// else the peer adds. Its group length decides nothing, and is not looked at.
struct EchoAnswer {
  /// The value of Command Data Set Type when there is none.
  static let noDataSet: UInt16 = 0x0101
  /// Message ID Being Responded To (0000,0120).
  static let messageIDElement: UInt16 = 0x0120
  /// Status (0000,0900).
  static let statusElement: UInt16 = 0x0900
  /// The tag and the length in front of every element's value, in bytes.
  private static let elementHeaderSize = 8

  /// Where in the command set the value of (0000,0120) begins.
  private(set) var messageIDOffset = 0
  private var commandField: UInt16?
  private var messageID: UInt16?
  private var dataSetType: UInt16?
  private var status: UInt16?

  /// Reads `commandSet`, which has to respond to the message `due` with Success.
  init(_ commandSet: Span<UInt8>, due: UInt16) throws(Objection) {
    var offset = 0
    while offset < commandSet.count { offset = try read(commandSet, at: offset) }
    guard let commandField else { throw .elementMissing(CommandElement.commandField) }
    guard commandField == CommandField.echoResponse else { throw .commandField(commandField) }
    guard let messageID else { throw .elementMissing(Self.messageIDElement) }
    guard messageID == due else { throw .messageID(messageID, due: due) }
    guard let dataSetType else { throw .elementMissing(CommandElement.commandDataSetType) }
    guard dataSetType == Self.noDataSet else { throw .dataSetType(dataSetType) }
    guard let status else { throw .elementMissing(Self.statusElement) }
    guard status == 0 else { throw .status(status) }
  }

  /// Reads the element at `offset`; the result is where the next one begins.
  private mutating func read(_ bytes: Span<UInt8>, at offset: Int) throws(Objection) -> Int {
    let left = bytes.count - offset - Self.elementHeaderSize
    guard left >= 0, bytes.littleEndian(UInt16.self, at: offset) == 0 else { throw .command }
    let element = bytes.littleEndian(UInt16.self, at: offset + 2)
    let length = Int(bytes.littleEndian(UInt32.self, at: offset + 4))
    guard length <= left else { throw .command }
    let start = offset + Self.elementHeaderSize
    switch element {
    case CommandElement.commandField:
      commandField = try Self.number(bytes, start, length, unless: commandField)
    case Self.messageIDElement:
      messageID = try Self.number(bytes, start, length, unless: messageID)
      messageIDOffset = start
    case CommandElement.commandDataSetType:
      dataSetType = try Self.number(bytes, start, length, unless: dataSetType)
    case Self.statusElement:
      status = try Self.number(bytes, start, length, unless: status)
    case CommandElement.affectedSOPClassUID where length > 0:
      let uid = StandardUID(bytes.extracting(start..<start + length))
      guard uid == EchoRequest.verification else { throw .sopClass }
    default:
      break
    }
    return start + length
  }

  /// The value of an element of VR US, which was not there `before`.
  private static func number(
    _ bytes: Span<UInt8>, _ start: Int, _ length: Int, unless before: UInt16?
  ) throws(Objection) -> UInt16 {
    guard length == 2, before == nil else { throw .command }
    return bytes.littleEndian(UInt16.self, at: start)
  }
}
