/// The user of the Upper Layer service, which makes the decisions of an application entity (PS3.8 §7).
///
/// The upper layer asks it for its A-ASSOCIATE response and passes it the messages that arrive.
public protocol ServiceUser: ~Copyable {
  /// The type that receives the events of the association.
  associatedtype Host: UpperLayerHost

  /// The maximum length to announce: the largest PDU-length of a P-DATA-TF accepted, in bytes; 0 means no
  /// limit (PS3.8 annex D.1).
  var maximumLength: UInt32 { get }
  /// The sub-items that identify the user's software.
  var implementation: ImplementationItems { get }

  /// Returns the user's rejection of `request`, or `nil` if it accepts (PS3.8 §7.1.1.7).
  ///
  /// The user asks the `host` for what it must know of the transport connection.
  func rejection(of request: borrowing AssociateRequest, host: inout Host) -> Rejection?

  /// Returns the user's notes on a `request` that it accepts.
  func notes(on request: borrowing AssociateRequest) -> Notes

  /// Returns the result for one proposed presentation context (PS3.8 §9.3.3.2).
  ///
  /// - Parameters:
  ///   - abstractSyntax: The abstract syntax, or `nil` if it is not one of the standard's.
  ///   - transferSyntaxes: The proposed transfer syntaxes that are known here.
  func result(abstractSyntax: StandardUID?, transferSyntaxes: TransferSyntaxSet) -> ContextResult

  /// Takes the command set of a complete message on `contextID`, and answers with
  /// ``Association/send(_:on:reply:)``.
  ///
  /// - Returns: The reason to abort the association, or `nil`. The user reports its own reasons to the
  ///   `host`, and returns ``AbortReason/refusedByServiceUser``.
  func deliver(
    _ commandSet: Span<UInt8>, on contextID: UInt8, of association: inout Association,
    host: inout Host, reply: inout OutputSpan<UInt8>
  ) -> AbortReason?
}

/// The acceptor's decision about one presentation context (PS3.8 Table 9-18).
public enum ContextResult: Equatable, Sendable {
  /// 0: accepted, with this transfer syntax.
  case acceptance(TransferSyntax)
  /// 3: the abstract syntax is not supported.
  case abstractSyntaxNotSupported
  /// 4: none of the transfer syntaxes is supported.
  case transferSyntaxesNotSupported

  /// The Result/Reason field.
  var code: UInt8 {
    switch self {
    case .acceptance: 0
    case .abstractSyntaxNotSupported: 3
    case .transferSyntaxesNotSupported: 4
    }
  }
}
