import ByteCoding
public import UpperLayer
import Verification

/// A requestor's proposal: the Verification SOP Class on one presentation context, and both AE titles
/// (PS3.8 §7.1.1, PS3.4 annex A).
public struct EchoProposal: Sendable {
  /// The presentation context of Verification.
  public static let contextID: UInt8 = 1
  /// The size of a C-ECHO-RQ in its P-DATA-TF, in bytes.
  public static let echoSize = 80
  /// The PDU-length of a C-ECHO-RQ in its P-DATA-TF.
  public static let echoLength = UInt32(echoSize - PDUType.headerSize)
  /// The smallest maximum length of an SCP with room for a fragment, which must be even (PS3.8 annex E.2).
  public static let leastMaximumLength = PDV.leastMaximumLength
  /// The offset of the Message ID of a C-ECHO-RQ in its P-DATA-TF.
  public static let messageIDOffset = 68

  /// The called AE title.
  public let called: AETitle
  /// The calling AE title.
  public let calling: AETitle
  /// The transfer syntaxes, in the order in which they are proposed.
  public let transferSyntaxes: [TransferSyntax]
  /// The largest PDU-length of a P-DATA-TF accepted, in bytes; 0 means no limit.
  public let maximumLength: UInt32
  /// The sub-items that identify the requestor's software.
  public let implementation: ImplementationItems

  /// A proposal with these values.
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

  /// Returns the transfer syntaxes to propose with this preference, or with none.
  public static func transferSyntaxes(by preference: TransferSyntaxPreference) -> [TransferSyntax] {
    switch preference {
    case .none: [.implicitVRLittleEndian, .explicitVRLittleEndian]
    case .uncompressed:
      [.explicitVRLittleEndian, .explicitVRBigEndian, .implicitVRLittleEndian]
    case .little: [.explicitVRLittleEndian]
    case .big: [.explicitVRBigEndian]
    case .implicit: [.implicitVRLittleEndian]
    }
  }

  /// The A-ASSOCIATE-RQ of the proposal (PS3.8 §9.3.2).
  public var associateRequest: [UInt8] {
    [UInt8](capacity: 2048) { $0.appendAssociateRequest(self) }
  }
}

/// The PDUs of a requestor, appended to an output (PS3.8 §9.3). Reserved bytes are zero.
extension OutputSpan where Element == UInt8 {
  /// Appends the A-ASSOCIATE-RQ of `proposal` (PS3.8 §9.3.2).
  @_lifetime(self: copy self)
  mutating func appendAssociateRequest(_ proposal: EchoProposal) {
    appendHeader(.associateRequest, length: 0)
    let start = count
    append(bigEndian: 1 as UInt16)  // protocol version
    append(bigEndian: 0 as UInt16)
    append(copying: proposal.called.bytes.span)
    append(copying: proposal.calling.bytes.span)
    for _ in 0..<4 { append(bigEndian: 0 as UInt64) }
    appendItem(.applicationContext, .applicationContext)
    let context = beginItem(.presentationContextProposed)
    append(EchoProposal.contextID)
    for _ in 0..<3 { append(0) }
    appendItem(.abstractSyntax, EchoRequest.verification)
    for syntax in proposal.transferSyntaxes { appendItem(.transferSyntax, syntax.uid) }
    endItem(context)
    let user = beginItem(.userInformation)
    let length = beginItem(.maximumLength)
    append(bigEndian: proposal.maximumLength)
    endItem(length)
    append(copying: proposal.implementation.bytes.span)
    endItem(user)
    patch(bigEndian: UInt32(count - start), at: start - 4)
  }

  /// Appends a C-ECHO-RQ in as many P-DATA-TFs as the SCP's maximum length requires, or in one if it is 0,
  /// no limit (PS3.7 §9.3.5.1, PS3.8 annexes D.1 and E.2).
  ///
  /// - Precondition: `maximumLength` is 0, or at least ``EchoProposal/leastMaximumLength``.
  @_lifetime(self: copy self)
  public mutating func appendEchoRequest(messageID: UInt16, maximumLength: UInt32 = 0) {
    let commandSet = UsualEchoRequest.commandSet(messageID: messageID)
    appendFragments(
      of: commandSet.span, on: EchoProposal.contextID, maximumLength: maximumLength)
  }

  /// Appends an A-RELEASE-RQ (PS3.8 §9.3.6).
  @_lifetime(self: copy self)
  public mutating func appendReleaseRequest() {
    appendHeader(.releaseRequest, length: PDUType.fixedLength)
    append(bigEndian: 0 as UInt32)
  }
}
