import ByteCoding

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
