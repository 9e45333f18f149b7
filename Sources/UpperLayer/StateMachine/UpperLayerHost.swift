/// The host of the protocol machine: receives its events and limits the number of associations.
///
/// It has no other influence on the protocol. There are no default implementations, so that no host misses
/// a new event.
public protocol UpperLayerHost {
  /// Returns whether another association may be established, and counts it if so.
  mutating func admitAssociation() -> Bool

  /// A well-formed A-ASSOCIATE-RQ arrived.
  mutating func associationRequested(_ request: borrowing AssociateRequest)
  /// An A-ASSOCIATE-AC answers `request` with this outcome; `accept` is the whole PDU.
  mutating func associationAccepted(
    _ request: borrowing AssociateRequest, _ outcome: NegotiationOutcome, accept: Span<UInt8>)
  /// The next rejection or abort concerns these bytes.
  mutating func refuses(_ bytes: Span<UInt8>, _ kind: RefusedBytes)
  /// The peer releases or aborts, as reported next, inside a message of which `size` bytes have arrived.
  mutating func messageLeft(_ size: Int)
  /// An A-ASSOCIATE-RJ is sent.
  mutating func associationRejected(_ rejection: Rejection)
  /// An A-RELEASE-RQ arrived and is answered with an A-RELEASE-RP; `notes` holds all deviations tolerated.
  mutating func associationReleased(_ notes: Notes)
  /// The peer's A-ABORT arrived in `state`, inside a message or not; `abort` is `nil` if it has the wrong
  /// length or is incomplete.
  mutating func abortReceived(_ abort: Abort?, in state: AcceptorState, isInsideMessage: Bool)
  /// An A-ABORT is sent because of `reason`, found in `state`.
  mutating func aborting(_ reason: AbortReason, _ abort: Abort, in state: AcceptorState)
  /// The transport connection ended in `state`.
  mutating func transportClosed(in state: AcceptorState)
  /// The ARTIM timer expired in `state`: the transport connection is closed without a PDU.
  mutating func artimExpired(in state: AcceptorState)
}

extension UpperLayerHost {
  /// The next rejection or abort concerns this whole A-ASSOCIATE-RQ.
  public mutating func refuses(_ request: borrowing AssociateRequest) {
    refuses(request.body, .request)
  }
}

/// The results of negotiating the presentation contexts of a request.
public struct NegotiationOutcome: Equatable, Sendable {
  /// The number of contexts accepted.
  public internal(set) var accepted = 0
  /// The number of contexts refused for their abstract syntax (result 3).
  public internal(set) var abstractSyntaxNotSupported = 0
  /// The number of contexts refused for their transfer syntaxes (result 4).
  public internal(set) var transferSyntaxesNotSupported = 0
  /// The transfer syntaxes proposed for the contexts refused with result 4, as far as they are known here.
  public internal(set) var refusedSyntaxes = TransferSyntaxSet()
  /// The transfer syntax of the first context accepted.
  public internal(set) var transferSyntax: TransferSyntax?

  init() {}
}

/// The kind of bytes that are refused.
public enum RefusedBytes: Equatable, Sendable {
  /// The body of a well-formed A-ASSOCIATE-RQ, without its header.
  case request
  /// The body, as far as it has arrived, of an A-ASSOCIATE-RQ that is malformed or incomplete; `length` is
  /// the PDU-length in its header.
  case brokenRequest(length: UInt32)
  /// A command set (PS3.7 §6.3.1).
  case command
  /// The first bytes of data that is not DICOM, or is too short to be recognized, and their protocol.
  case foreign(ForeignProtocol)
}
