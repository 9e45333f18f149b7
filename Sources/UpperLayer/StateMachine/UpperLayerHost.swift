/// What surrounds the protocol machine: it hears what happens, in the machine's own terms, and
/// knows how many associations there may be. It has no say in the protocol.
///
/// There is no default implementation of anything, so that a new event is missed nowhere.
public protocol UpperLayerHost {
  /// Whether one more association may be established; if so it counts from now on.
  mutating func admitAssociation() -> Bool

  /// A well-formed A-ASSOCIATE-RQ arrived.
  mutating func associationRequested(_ request: borrowing AssociateRequest)
  /// An A-ASSOCIATE-AC goes out for `request`, with this outcome; `accept` is the whole PDU.
  mutating func associationAccepted(
    _ request: borrowing AssociateRequest, _ outcome: NegotiationOutcome, accept: Span<UInt8>)
  /// These are the bytes that the next rejection or abort is about.
  mutating func refuses(_ bytes: Span<UInt8>, _ kind: RefusedBytes)
  /// The peer releases or aborts inside a message of which so many bytes have come; that is told next.
  mutating func messageLeft(_ size: Int)
  /// An A-ASSOCIATE-RJ goes out.
  mutating func associationRejected(_ rejection: Rejection)
  /// A-RELEASE-RQ arrived and A-RELEASE-RP goes out; `notes` is what was tolerated all along.
  mutating func associationReleased(_ notes: Notes)
  /// The peer's A-ABORT arrived in `state`, inside a message or not; `nil` when it was not of the four
  /// bytes it should be.
  mutating func abortReceived(_ abort: Abort?, in state: AcceptorState, isInsideMessage: Bool)
  /// An A-ABORT goes out because of `fault`, found in `state`.
  mutating func aborting(_ fault: AbortReason, _ abort: Abort, in state: AcceptorState)
  /// The transport connection ended in `state`.
  mutating func transportClosed(in state: AcceptorState)
  /// The ARTIM timer expired in `state`: the transport connection is closed without a PDU.
  mutating func artimExpired(in state: AcceptorState)
}

extension UpperLayerHost {
  /// The next rejection or abort is about this whole A-ASSOCIATE-RQ.
  public mutating func refuses(_ request: borrowing AssociateRequest) {
    refuses(request.body, .request)
  }
}

/// How the presentation contexts of a request fared.
public struct NegotiationOutcome: Equatable, Sendable {
  /// How many were accepted.
  public internal(set) var accepted = 0
  /// How many were refused for their abstract syntax (result 3).
  public internal(set) var abstractSyntaxNotSupported = 0
  /// How many were refused for their transfer syntaxes (result 4).
  public internal(set) var transferSyntaxesNotSupported = 0
  /// The transfer syntaxes proposed for those, as far as they are known here.
  public internal(set) var refusedSyntaxes = TransferSyntaxSet()
  /// The transfer syntax of the first one accepted.
  public internal(set) var transferSyntax: TransferSyntax?

  init() {}
}

/// What bytes are that are refused.
public enum RefusedBytes: Equatable, Sendable {
  /// What follows the header of an A-ASSOCIATE-RQ that is well-formed.
  case request
  /// What has come behind the header of an A-ASSOCIATE-RQ that is malformed or not complete, which has so
  /// many bytes there by its header.
  case brokenRequest(length: UInt32)
  /// A command set (PS3.7 §6.3.1).
  case command
  /// The first bytes of what is not DICOM, or of what is too short to be told, and whose they are.
  case foreign(ForeignProtocol)
}
