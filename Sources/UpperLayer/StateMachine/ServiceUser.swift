/// The user of the Upper Layer service: what an application entity decides (PS3.8 §7).
///
/// The upper layer asks it for its A-ASSOCIATE response and hands it the messages that arrive.
public protocol ServiceUser: ~Copyable {
  /// Where the events of the association go.
  associatedtype Host: UpperLayerHost

  /// The maximum length to announce: the largest PDU-length of a P-DATA-TF received, in bytes; 0 is
  /// no limit (PS3.8 annex D.1).
  var maximumLength: UInt32 { get }
  /// How its software calls itself.
  var implementation: ImplementationItems { get }

  /// The user's own rejection of `request`; `nil` when it accepts (PS3.8 §7.1.1.7). What it has
  /// to know of the transport connection, it asks the `host`.
  func rejection(of request: borrowing AssociateRequest, host: inout Host) -> Rejection?

  /// What the user would have `request` noted for, though it accepts.
  func notes(on request: borrowing AssociateRequest) -> Notes

  /// The result for one proposed presentation context (PS3.8 §9.3.3.2): `abstractSyntax` is `nil`
  /// when it is none of the standard's, `transferSyntaxes` are those proposed that are known here.
  func result(abstractSyntax: StandardUID?, transferSyntaxes: TransferSyntaxSet) -> ContextResult

  /// Takes the command set of a message that came complete on `contextID`, and answers by
  /// ``Association/send(_:on:reply:)``.
  ///
  /// - Returns: why the association must be aborted, or `nil`. The user tells the `host` of its
  ///   own reasons, and returns ``AbortReason/refusedByServiceUser``.
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
