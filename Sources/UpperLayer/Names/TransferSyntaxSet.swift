/// A set of the transfer syntaxes this acceptor knows: one bit each.
public struct TransferSyntaxSet: Equatable, Sendable {
  /// Bit n stands for the transfer syntax of raw value n.
  public private(set) var bits: UInt16

  /// The empty set.
  public init() { bits = 0 }

  /// Every transfer syntax this acceptor knows.
  public static let all: TransferSyntaxSet = {
    var all = TransferSyntaxSet()
    for syntax in TransferSyntax.allCases { all.insert(syntax) }
    return all
  }()

  /// Whether nothing is in it.
  public var isEmpty: Bool { bits == 0 }

  /// Whether `syntax` is in it.
  public func contains(_ syntax: TransferSyntax) -> Bool { bits & Self.bit(syntax) != 0 }

  /// Puts `syntax` in.
  public mutating func insert(_ syntax: TransferSyntax) { bits |= Self.bit(syntax) }

  /// Puts all of `others` in.
  mutating func formUnion(_ others: TransferSyntaxSet) { bits |= others.bits }

  /// Takes `syntax` out.
  public mutating func remove(_ syntax: TransferSyntax) { bits &= ~Self.bit(syntax) }

  /// The one that comes first in the default order, or nothing when the set is empty.
  public var first: TransferSyntax? {
    isEmpty ? nil : TransferSyntax(rawValue: UInt8(truncatingIfNeeded: bits.trailingZeroBitCount))
  }

  private static func bit(_ syntax: TransferSyntax) -> UInt16 {
    // A shift by more is 0, and what is put in would not be there.
    precondition(syntax.rawValue < UInt16.bitWidth, "more transfer syntaxes than bits")
    return 1 << UInt16(syntax.rawValue)
  }
}
