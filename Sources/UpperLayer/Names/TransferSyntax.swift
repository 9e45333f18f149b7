/// The transfer syntaxes that this acceptor knows (PS3.6 Table A-1), in its default order.
///
/// A C-ECHO has no data set, so the choice has no effect on it; but a requestor gives up if no transfer
/// syntax that it proposed is accepted.
public enum TransferSyntax: UInt8, Sendable, CaseIterable {
  /// Implicit VR Little Endian, 1.2.840.10008.1.2.
  case implicitVRLittleEndian
  /// Explicit VR Little Endian, 1.2.840.10008.1.2.1.
  case explicitVRLittleEndian
  /// Deflated Explicit VR Little Endian, 1.2.840.10008.1.2.1.99.
  case deflatedExplicitVRLittleEndian
  /// Explicit VR Big Endian (retired), 1.2.840.10008.1.2.2.
  case explicitVRBigEndian
  /// JPEG Baseline (Process 1), 1.2.840.10008.1.2.4.50.
  case jpegBaseline8Bit
  /// JPEG Extended (Process 2 and 4), 1.2.840.10008.1.2.4.51.
  case jpegExtended12Bit
  /// JPEG Lossless, Non-Hierarchical (Process 14), 1.2.840.10008.1.2.4.57.
  case jpegLossless
  /// JPEG Lossless, Non-Hierarchical, First-Order Prediction, 1.2.840.10008.1.2.4.70.
  case jpegLosslessSV1
  /// JPEG-LS Lossless, 1.2.840.10008.1.2.4.80.
  case jpegLSLossless
  /// JPEG-LS Lossy (Near-Lossless), 1.2.840.10008.1.2.4.81.
  case jpegLSNearLossless
  /// JPEG 2000 (Lossless Only), 1.2.840.10008.1.2.4.90.
  case jpeg2000Lossless
  /// JPEG 2000, 1.2.840.10008.1.2.4.91.
  case jpeg2000
  /// JPEG 2000 Part 2 Multi-component (Lossless Only), 1.2.840.10008.1.2.4.92.
  case jpeg2000MCLossless
  /// JPEG 2000 Part 2 Multi-component, 1.2.840.10008.1.2.4.93.
  case jpeg2000MC
  /// RLE Lossless, 1.2.840.10008.1.2.5.
  case rleLossless

  /// The components of its UID below the standard's root (PS3.6 Table A-1).
  private var components: UInt64 {
    switch self {
    case .implicitVRLittleEndian: 0x0001_0002
    case .explicitVRLittleEndian: 0x0001_0002_0001
    case .deflatedExplicitVRLittleEndian: 0x0001_0002_0001_0063
    case .explicitVRBigEndian: 0x0001_0002_0002
    case .jpegBaseline8Bit: 0x0001_0002_0004_0032
    case .jpegExtended12Bit: 0x0001_0002_0004_0033
    case .jpegLossless: 0x0001_0002_0004_0039
    case .jpegLosslessSV1: 0x0001_0002_0004_0046
    case .jpegLSLossless: 0x0001_0002_0004_0050
    case .jpegLSNearLossless: 0x0001_0002_0004_0051
    case .jpeg2000Lossless: 0x0001_0002_0004_005A
    case .jpeg2000: 0x0001_0002_0004_005B
    case .jpeg2000MCLossless: 0x0001_0002_0004_005C
    case .jpeg2000MC: 0x0001_0002_0004_005D
    case .rleLossless: 0x0001_0002_0005
    }
  }

  /// The UID of the transfer syntax.
  public var uid: StandardUID { StandardUID(components: components) }

  /// The transfer syntax with this UID, or `nil` if this acceptor does not know it.
  public init?(uid: StandardUID) {
    var number: UInt8 = 0
    while let syntax = Self(rawValue: number) {
      if syntax.components == uid.components {
        self = syntax
        return
      }
      number &+= 1
    }
    return nil
  }
}

/// A set of transfer syntaxes that this acceptor knows, with one bit each.
public struct TransferSyntaxSet: Equatable, Sendable {
  /// Bit n stands for the transfer syntax with raw value n.
  public private(set) var bits: UInt16

  /// The empty set.
  public init() { bits = 0 }

  /// The set of `syntaxes`.
  public init(_ syntaxes: [TransferSyntax]) {
    self.init()
    for syntax in syntaxes { insert(syntax) }
  }

  /// Every transfer syntax this acceptor knows.
  public static let all = TransferSyntaxSet(TransferSyntax.allCases)

  /// Whether the set is empty.
  public var isEmpty: Bool { bits == 0 }

  /// Whether the set contains `syntax`.
  public func contains(_ syntax: TransferSyntax) -> Bool { bits & Self.bit(syntax) != 0 }

  /// Inserts `syntax`.
  public mutating func insert(_ syntax: TransferSyntax) { bits |= Self.bit(syntax) }

  /// Inserts all of `others`.
  mutating func formUnion(_ others: TransferSyntaxSet) { bits |= others.bits }

  /// Removes `syntax`.
  public mutating func remove(_ syntax: TransferSyntax) { bits &= ~Self.bit(syntax) }

  /// The transfer syntax that comes first in the default order, or `nil` if the set is empty.
  public var first: TransferSyntax? {
    isEmpty ? nil : TransferSyntax(rawValue: UInt8(truncatingIfNeeded: bits.trailingZeroBitCount))
  }

  private static func bit(_ syntax: TransferSyntax) -> UInt16 {
    // A longer shift would result in 0, and the inserted syntax would be lost.
    precondition(syntax.rawValue < UInt16.bitWidth, "more transfer syntaxes than bits")
    return 1 << UInt16(syntax.rawValue)
  }
}

/// The order in which the acceptor chooses among the transfer syntaxes proposed for a context.
///
/// The acceptor's order decides, not the requestor's (PS3.8 §9.3.3.2 leaves the choice to the
/// acceptor). The four preferences are those of pynetdicom's `echoscp`.
public enum TransferSyntaxPreference: UInt8, Sendable, CaseIterable {
  /// The default order.
  case none
  /// `-x=`, `--prefer-uncompr`: Implicit VR Little Endian comes last.
  case uncompressed
  /// `-xe`, `--prefer-little`: Explicit VR Little Endian comes first.
  case little
  /// `-xb`, `--prefer-big`: Explicit VR Big Endian comes first.
  case big
  /// `-xi`, `--implicit`: only Implicit VR Little Endian is accepted.
  case implicit

  /// Returns the transfer syntax to accept among those `proposed`, or `nil` if none is acceptable.
  public func choose(among proposed: TransferSyntaxSet) -> TransferSyntax? {
    switch self {
    case .none:
      return proposed.first
    case .uncompressed:
      var others = proposed
      others.remove(.implicitVRLittleEndian)
      return others.first ?? proposed.first
    case .little:
      return proposed.contains(.explicitVRLittleEndian) ? .explicitVRLittleEndian : proposed.first
    case .big:
      return proposed.contains(.explicitVRBigEndian) ? .explicitVRBigEndian : proposed.first
    case .implicit:
      return proposed.contains(.implicitVRLittleEndian) ? .implicitVRLittleEndian : nil
    }
  }
}
