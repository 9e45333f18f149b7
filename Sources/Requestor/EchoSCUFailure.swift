public import UpperLayer

extension EchoSCU {
  /// Why there was no echo, or no release: what the peer has done.
  public enum Failure: Equatable, Sendable {
    /// A-ASSOCIATE-RJ (PS3.8 §9.3.4).
    case rejected(AssociateReject)
    /// A-ABORT (PS3.8 §9.3.8).
    case aborted(Abort)
    /// The first bytes of another protocol.
    case foreign(ForeignProtocol, [UInt8])
    /// An answer that is not the one that was due.
    case wrong(Objection)
    /// A-RELEASE-RQ where the answer to the C-ECHO-RQ was due; it was answered (AR-2, AR-4).
    case releaseRequested
    /// The peer has closed the connection; ``EchoSCU/incomplete`` tells whether an answer had begun.
    case closed
  }
}
