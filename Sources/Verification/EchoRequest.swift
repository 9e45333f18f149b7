import ByteCoding
public import UpperLayer

/// A message that a Verification SCP receives, decoded (PS3.7 §9.3.5.1).
///
/// Command sets are in Implicit VR Little Endian whatever transfer syntax the presentation context
/// has (PS3.7 §6.3.1).
public enum EchoRequest: Equatable, Sendable {
  /// A C-ECHO-RQ with this Message ID, and what was tolerated in it.
  case echo(messageID: UInt16, Notes)
  /// A C-CANCEL-RQ. Nothing here can be cancelled, and it has no response.
  case cancel

  /// The Affected SOP Class UID of the Verification SOP Class, 1.2.840.10008.1.1 (PS3.4 annex A.4).
  public static let verification = StandardUID(components: 0x0001_0001)
  /// The value of Command Data Set Type when there is none (PS3.7 §9.3.5.1).
  static let noDataSet: UInt16 = 0x0101
  /// The tag and the length in front of every element's value, in bytes.
  static let elementHeaderSize = 8

  /// Decodes `commandSet`.
  @inline(__always)
  public init(_ commandSet: Span<UInt8>) throws(CommandFault) {
    if let messageID = UsualEchoRequest.messageID(of: commandSet) {
      self = .echo(messageID: messageID, [])
    } else {
      try self.init(elementsOf: commandSet)
    }
  }

  /// Decodes `commandSet` element by element.
  init(elementsOf commandSet: Span<UInt8>) throws(CommandFault) {
    var elements = Elements()
    var offset = 0
    while offset < commandSet.count { offset = try elements.read(commandSet, at: offset) }
    guard let command = elements.commandField else {
      throw .malformed(element: CommandElement.commandField, offset: 0)
    }
    guard let dataSetType = elements.commandDataSetType else {
      throw .malformed(element: CommandElement.commandDataSetType, offset: 0)
    }
    switch command {
    case CommandField.cancelRequest where dataSetType == Self.noDataSet:
      self = .cancel
    case CommandField.echoRequest:
      guard dataSetType == Self.noDataSet else { throw .dataSetAnnounced }
      guard let messageID = elements.messageID else {
        throw .malformed(element: CommandElement.messageID, offset: 0)
      }
      guard !elements.isOtherSOPClass else { throw .otherSOPClass }
      self = .echo(messageID: messageID, elements.notes(commandSetLength: commandSet.count))
    default:
      throw .notAnEcho(command: command)
    }
  }

  /// The elements met so far.
  private struct Elements {
    var commandField: UInt16?
    var messageID: UInt16?
    var commandDataSetType: UInt16?
    var groupLength: UInt32?
    var hasAffectedSOPClass = false
    var isOtherSOPClass = false
    var notes: Notes = []
    var latest: Int = -1

    /// Reads the element at `offset`; the result is where the next one begins.
    mutating func read(_ bytes: Span<UInt8>, at offset: Int) throws(CommandFault) -> Int {
      let left = bytes.count &- offset
      guard left >= EchoRequest.elementHeaderSize else {
        throw .malformed(element: 0xFFFF, offset: UInt32(truncatingIfNeeded: offset))
      }
      let group = bytes.littleEndian(UInt16.self, at: offset)
      let element = bytes.littleEndian(UInt16.self, at: offset &+ 2)
      let length = Int(bytes.littleEndian(UInt32.self, at: offset &+ 4))
      let fault = CommandFault.malformed(
        element: element, offset: UInt32(truncatingIfNeeded: offset))
      guard group == 0 else { throw .foreignGroup(group) }
      guard length <= left &- EchoRequest.elementHeaderSize else { throw fault }
      if Int(element) <= latest { notes.insert(.elementsUnordered) }
      latest = Int(element)
      let start = offset &+ EchoRequest.elementHeaderSize
      switch element {
      case CommandElement.commandField:
        guard commandField == nil, length == 2 else { throw fault }
        commandField = bytes.littleEndian(UInt16.self, at: start)
      case CommandElement.messageID:
        guard messageID == nil, length == 2 else { throw fault }
        messageID = bytes.littleEndian(UInt16.self, at: start)
      case CommandElement.commandDataSetType:
        guard commandDataSetType == nil, length == 2 else { throw fault }
        commandDataSetType = bytes.littleEndian(UInt16.self, at: start)
      case CommandElement.groupLength:
        guard length == 4 else { throw fault }
        groupLength = groupLength ?? bytes.littleEndian(UInt32.self, at: start)
      case CommandElement.affectedSOPClassUID:
        // Without a value it says as little as if it were missing.
        guard length > 0 else { break }
        hasAffectedSOPClass = true
        let uid = StandardUID(bytes.extracting(start..<start &+ length))
        if uid != EchoRequest.verification { isOtherSOPClass = true }
        // Its 17 characters and one NUL (PS3.5 §9.1).
        if length != 18 || bytes[start &+ 17] != 0 { notes.insert(.uidPadding) }
      default:
        notes.insert(.elementsUnknown)
      }
      return start &+ length
    }

    /// What a stricter SCP would have refused.
    func notes(commandSetLength: Int) -> Notes {
      var notes = notes
      let group = commandSetLength &- EchoRequest.elementHeaderSize &- 4
      if groupLength.map(Int.init) != group { notes.insert(.groupLengthWrong) }
      if !hasAffectedSOPClass { notes.insert(.noAffectedSOPClass) }
      return notes
    }
  }
}
