public import UpperLayer

/// What a requestor proposes: the Verification SOP Class on one presentation context, and who asks
/// whom for it (PS3.8 §7.1.1, PS3.4 annex A).
public struct EchoProposal: Sendable {
  /// The presentation context of Verification.
  public static let contextID: UInt8 = 1
  /// The size of a C-ECHO-RQ in its P-DATA-TF, in bytes.
  public static let echoSize = 80
  /// Its PDU-length.
  public static let echoLength = UInt32(echoSize - PDUType.headerSize)
  /// The least maximum length of an SCP that has room for a fragment, which is even (PS3.8 annex E.2).
  public static let leastMaximumLength = UInt32(PDV.headerSize + 2)
  /// Where in it its Message ID begins.
  public static let messageIDOffset = 68

  /// Whom it calls.
  public let called: AETitle
  /// Who calls.
  public let calling: AETitle
  /// The transfer syntaxes, in the order in which they are proposed.
  public let transferSyntaxes: [TransferSyntax]
  /// The largest PDU-length of a P-DATA-TF that is taken, in bytes; 0 is no limit.
  public let maximumLength: UInt32
  /// How the software of the requestor calls itself.
  public let implementation: ImplementationItems

  /// A proposal with all of this.
  public init(
    called: AETitle, calling: AETitle, transferSyntaxes: [TransferSyntax], maximumLength: UInt32,
    implementation: ImplementationItems
  ) {
    self.called = called
    self.calling = calling
    self.transferSyntaxes = transferSyntaxes
    self.maximumLength = maximumLength
    self.implementation = implementation
  }

  /// What is proposed where somebody prefers something, and what where nobody does.
  public static func transferSyntaxes(
    by preference: TransferSyntaxPreference
  ) -> [TransferSyntax] {
    switch preference {
    case .none: [.implicitVRLittleEndian, .explicitVRLittleEndian]
    case .uncompressed:
      [.explicitVRLittleEndian, .explicitVRBigEndian, .implicitVRLittleEndian]
    case .little: [.explicitVRLittleEndian]
    case .big: [.explicitVRBigEndian]
    case .implicit: [.implicitVRLittleEndian]
    }
  }

  /// The transfer syntaxes as a set.
  var transferSyntaxSet: TransferSyntaxSet {
    var set = TransferSyntaxSet()
    for syntax in transferSyntaxes { set.insert(syntax) }
    return set
  }

  /// Its A-ASSOCIATE-RQ (PS3.8 §9.3.2).
  public var associateRequest: [UInt8] {
    [UInt8](capacity: 2048) { $0.appendAssociateRequest(self) }
  }
}
