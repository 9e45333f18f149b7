/// A PDU that an acceptor of the Verification SOP Class may send, decoded by ``AcceptorPDUDecoder``.
public enum AcceptorPDU: Equatable, Sendable {
  /// A-ASSOCIATE-AC (PS3.8 §9.3.3).
  case associateAccept(Acceptance)
  /// A-ASSOCIATE-RJ (PS3.8 §9.3.4).
  case associateReject(result: UInt8, source: UInt8, reason: UInt8)
  /// P-DATA-TF (PS3.8 §9.3.5) with its one PDV: a command fragment.
  case data(context: UInt8, isLast: Bool, fragment: [UInt8])
  /// A-RELEASE-RP (PS3.8 §9.3.7).
  case releaseReply
  /// A-ABORT (PS3.8 §9.3.8).
  case abort(source: UInt8, reason: UInt8)

  /// The contents of an A-ASSOCIATE-AC.
  public struct Acceptance: Equatable, Sendable {
    /// Bytes 11 to 74, which repeat those of the request.
    public var repeatedFields: [UInt8] = []
    /// The presentation contexts, in order.
    public var contexts: [ContextResult] = []
    /// The announced maximum length.
    public var maximumLength: UInt32 = 0
    /// The implementation class UID.
    public var implementationClassUID = ""
    /// The implementation version name.
    public var implementationVersionName = ""
  }

  /// The answer to one presentation context.
  public struct ContextResult: Equatable, Sendable {
    /// The presentation context ID.
    public var id: UInt8
    /// The Result/Reason field.
    public var result: UInt8
    /// The UID of its one transfer syntax.
    public var transferSyntax: String
  }
}
