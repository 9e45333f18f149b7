/// The order in which the acceptor chooses among the transfer syntaxes proposed for a context.
///
/// The acceptor's order decides, not the requestor's (PS3.8 §9.3.3.2 leaves the choice to the
/// acceptor). The four preferences are those of pynetdicom's `echoscp`.
public enum TransferSyntaxPreference: UInt8, Sendable, CaseIterable {
  /// The default order.
  case none
  /// `-x=`, `--prefer-uncompr`: Implicit VR Little Endian goes to the end.
  case uncompressed
  /// `-xe`, `--prefer-little`: Explicit VR Little Endian comes first.
  case little
  /// `-xb`, `--prefer-big`: Explicit VR Big Endian comes first.
  case big
  /// `-xi`, `--implicit`: only Implicit VR Little Endian is accepted.
  case implicit

  /// The transfer syntax to accept among those `proposed`, or nothing when none is acceptable.
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
