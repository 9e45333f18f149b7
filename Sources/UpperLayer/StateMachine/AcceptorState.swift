/// The states in which an acceptor of the Verification SOP Class can be at rest (PS3.8 §9.2.1).
///
/// It answers in the same breath, so Sta3 and Sta8 begin and end inside one call; it never asks for
/// a release, so Sta7 and Sta9 to Sta12 cannot occur; Sta4 and Sta5 are a requestor's.
public enum AcceptorState: UInt8, Sendable, CaseIterable {
  /// Sta1, Idle.
  case idle = 1
  /// Sta2, Transport connection open, awaiting A-ASSOCIATE-RQ.
  case awaitingRequest = 2
  /// Sta6, Association established and ready for data transfer.
  case established = 6
  /// Sta13, Awaiting transport connection close indication.
  case awaitingClose = 13
}
