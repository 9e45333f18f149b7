import ByteCoding
public import UpperLayer

/// A message that a Verification SCP receives, decoded (PS3.7 §9.3.5.1).
///
/// Command sets are in Implicit VR Little Endian regardless of the transfer syntax of the presentation
/// context (PS3.7 §6.3.1).
public enum EchoRequest: Equatable, Sendable {
  /// A C-ECHO-RQ with this Message ID, and the deviations tolerated in it.
  case echo(messageID: UInt16, Notes)
  /// A C-CANCEL-RQ, which has no response; there is nothing to cancel.
  case cancel

  /// The Affected SOP Class UID of the Verification SOP Class, 1.2.840.10008.1.1 (PS3.4 annex A.4).
  public static let verification = StandardUID(components: 0x0001_0001)
  /// The size of the tag and the length before every element's value, in bytes.
  public static let elementHeaderSize = 8

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
    let elements = try Elements(commandSet)
    guard let command = elements.commandField else {
      throw .elementMissing(CommandElement.commandField)
    }
    guard let dataSetType = elements.commandDataSetType else {
      throw .elementMissing(CommandElement.commandDataSetType)
    }
    switch command {
    case CommandField.cancelRequest where dataSetType == CommandElement.noDataSet:
      self = .cancel
    case CommandField.echoRequest:
      guard dataSetType == CommandElement.noDataSet else {
        throw .dataSetAnnounced(type: dataSetType)
      }
      guard let messageID = elements.messageID else {
        throw .elementMissing(CommandElement.messageID)
      }
      if let sopClass = elements.otherSOPClass { throw .otherSOPClass(sopClass) }
      self = .echo(messageID: messageID, elements.allNotes)
    default:
      throw .notAnEcho(command: command)
    }
  }

  /// The values of the elements of a command set.
  struct Elements {
    private let size: Int
    var commandField: UInt16?
    var messageID: UInt16?
    var commandDataSetType: UInt16?
    var groupLength: UInt32?
    var hasAffectedSOPClass = false
    var otherSOPClass: CompactUID?
    var notes: Notes = []
    var latest: Int = -1

    /// Reads `commandSet` element by element.
    init(_ commandSet: Span<UInt8>) throws(CommandFault) {
      size = commandSet.count
      var offset = 0
      while offset < size { offset = try read(commandSet, at: offset) }
    }

    /// The group length as stated and as counted.
    var group: GroupLength { GroupLength(stated: groupLength, inSize: size) }

    /// Reads the element at `offset`, and returns the offset of the next one.
    private mutating func read(_ bytes: Span<UInt8>, at offset: Int) throws(CommandFault) -> Int {
      let place = UInt32(truncatingIfNeeded: offset)
      let left = bytes.count &- offset
      guard left >= EchoRequest.elementHeaderSize else {
        throw .endsInHeader(left: UInt32(truncatingIfNeeded: left), offset: place)
      }
      let group = bytes.littleEndian(UInt16.self, at: offset)
      let element = bytes.littleEndian(UInt16.self, at: offset &+ 2)
      let length = Int(bytes.littleEndian(UInt32.self, at: offset &+ 4))
      guard group == 0 else { throw .foreignGroup(group) }
      guard length <= left &- EchoRequest.elementHeaderSize else {
        throw .elementTooLong(
          element, length: UInt32(truncatingIfNeeded: length),
          left: UInt32(truncatingIfNeeded: left &- EchoRequest.elementHeaderSize), offset: place)
      }
      if Int(element) <= latest { notes.insert(.elementsUnordered) }
      latest = Int(element)
      let start = offset &+ EchoRequest.elementHeaderSize
      switch element {
      case CommandElement.commandField:
        try Self.check(element, isFirst: commandField == nil, length, expected: 2, place)
        commandField = bytes.littleEndian(UInt16.self, at: start)
      case CommandElement.messageID:
        try Self.check(element, isFirst: messageID == nil, length, expected: 2, place)
        messageID = bytes.littleEndian(UInt16.self, at: start)
      case CommandElement.commandDataSetType:
        try Self.check(element, isFirst: commandDataSetType == nil, length, expected: 2, place)
        commandDataSetType = bytes.littleEndian(UInt16.self, at: start)
      case CommandElement.groupLength:
        // Only the first group length counts.
        try Self.check(element, isFirst: true, length, expected: 4, place)
        groupLength = groupLength ?? bytes.littleEndian(UInt32.self, at: start)
      case CommandElement.affectedSOPClassUID:
        // An empty value is as good as a missing element.
        guard length > 0 else { break }
        hasAffectedSOPClass = true
        let uid = bytes.extracting(start..<start &+ length)
        if StandardUID(uid) != EchoRequest.verification {
          otherSOPClass = otherSOPClass ?? CompactUID(uid) ?? .empty
        }
        // The UID is 17 characters and one NUL (PS3.5 §9.1).
        if length != 18 || bytes[start &+ 17] != 0 { notes.insert(.uidPadding) }
      default:
        notes.insert(.elementsUnknown)
      }
      return start &+ length
    }

    /// Checks that the element at `place` is the first of its kind and has the `expected` length.
    private static func check(
      _ element: UInt16, isFirst: Bool, _ length: Int, expected: UInt32, _ place: UInt32
    ) throws(CommandFault) {
      guard isFirst else { throw .elementTwice(element, offset: place) }
      guard length == Int(expected) else {
        throw .elementLength(
          element, length: UInt32(truncatingIfNeeded: length), expected: expected, offset: place)
      }
    }

    /// The deviations that a stricter SCP would have refused.
    var allNotes: Notes {
      var notes = notes
      if group.stated != group.counted { notes.insert(.groupLengthWrong) }
      if !hasAffectedSOPClass { notes.insert(.noAffectedSOPClass) }
      return notes
    }
  }
}

/// The reason why a message is not a C-ECHO-RQ that can be answered.
///
/// Elements are those of group 0000; each `offset` is that of the element in the command set, in bytes.
public enum CommandFault: Error, Equatable, Sendable {
  /// A required element is missing.
  case elementMissing(UInt16)
  /// An element occurs a second time, at `offset`.
  case elementTwice(UInt16, offset: UInt32)
  /// The value of an element does not have the length that its kind requires, in bytes.
  case elementLength(UInt16, length: UInt32, expected: UInt32, offset: UInt32)
  /// An element is longer than the rest of the command set after its header, in bytes.
  case elementTooLong(UInt16, length: UInt32, left: UInt32, offset: UInt32)
  /// The command set ends in `left` bytes, too few for the header of an element.
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
