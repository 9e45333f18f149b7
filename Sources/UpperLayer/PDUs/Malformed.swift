/// Where and how a PDU breaks the encoding rules of PS3.8 §9.3, precise enough to find the byte.
public struct Malformed: Error, Equatable, Sendable {
  /// What is wrong with the item.
  public enum Problem: UInt8, Sendable {
    /// The PDU or item ends before a field that it must have.
    case endsEarly
    /// The item's length reaches beyond what encloses it.
    case reachesBeyond
    /// The item's length is not the one that its kind has.
    case wrongLength
    /// A PDV-length or a field inside an item does not add up with its surroundings.
    case doesNotAddUp
  }

  /// The type byte of the innermost item concerned; 0 for the fields of the PDU itself.
  public let item: UInt8
  /// Where that item begins, in bytes from the first byte of the PDU.
  public let offset: UInt32
  /// What is wrong with it.
  public let problem: Problem

  /// A fault in the item of type `item` at `offset` bytes from the start of the PDU.
  public init(item: UInt8, offset: Int, _ problem: Problem) {
    self.item = item
    self.offset = UInt32(truncatingIfNeeded: offset)
    self.problem = problem
  }
}
